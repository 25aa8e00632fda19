"""Reading the tables of reference data: columns as arrays, comment lines left out."""

from __future__ import annotations

import csv
import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def data_folder() -> Path | None:
    """The folder of reference data, beside the checkout or named by ONETAKE_SHARED; None where there is none."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("ONETAKE_SHARED", beside))
    folder = folder / "data" if (folder / "data").is_dir() else folder
    return folder if folder.is_dir() else None


def columns(path: Path) -> dict[str, Array]:
    """The numeric columns of a table; what is no number is left out."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    found: dict[str, Array] = {}
    for name in rows[0]:
        try:
            found[name] = np.array([float(row[name]) for row in rows])
        except ValueError:
            continue
    return found


def printed_digits(path: Path, name: str) -> Array:
    """Half a unit of the last printed digit of every value of a column."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return np.array([0.5 * 10.0 ** -len(row[name].partition(".")[2]) for row in csv.DictReader(lines)])


def table(path: Path) -> dict[str, Any]:
    """A TOML table."""
    return tomllib.loads(path.read_text("utf-8"))
