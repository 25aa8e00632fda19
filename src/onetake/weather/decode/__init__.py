"""Asks a process of its own to decode binary weather files.

The C libraries under GRIB, BUFR and NetCDF end the whole process when a damaged file breaks one of their
assumptions. Here such an end is a ReadError; what they print goes nowhere. The child (`__main__.py`) answers one
question in JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from onetake.errors import MissingExtraError, ReadError

PATIENCE_S = 120.0


def ask(question: str, path: Path, *, needs: str, **details: object) -> dict[str, Any]:
    """What the child answers to a question about a file.

    Raises MissingExtraError when the library `needs` is not installed, ReadError when the file cannot be decoded,
    ends the decoder or takes longer than two minutes.
    """
    if find_spec(needs) is None:
        raise missing(needs)
    request = json.dumps({"question": question, "path": str(path.resolve()), **details})
    try:
        child = subprocess.run(
            [sys.executable, "-m", "onetake.weather.decode"],
            input=request.encode(),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"its decoder did not finish within {PATIENCE_S:.0f} s: the file is damaged"
        ) from error
    if child.returncode != 0:
        raise ReadError("its decoder broke down on it: the file is damaged")
    answer: dict[str, Any] = json.loads(child.stdout)
    match answer.pop("kind"):
        case "answer":
            return answer
        case "missing":
            raise missing(needs)
        case _:
            raise ReadError(answer["text"])


def missing(library: str) -> MissingExtraError:
    """The error that says how to get the optional part."""
    return MissingExtraError(
        f'this file needs {library}, which is not installed; run: pip install "onetake[grib]"'
    )
