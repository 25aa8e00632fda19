"""The child process: one question as JSON on stdin, one answer on stdout. Run by `decode.ask`, never imported."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from onetake.errors import ReadError
from onetake.weather.decode.bufr import bufr_soundings
from onetake.weather.decode.child import Answer, LibraryMissingError
from onetake.weather.decode.grib import grib_point
from onetake.weather.decode.netcdf import netcdf_list, netcdf_point

MEMORY_BYTES = 6 << 30
QUESTIONS: dict[str, Callable[[Answer], Answer]] = {
    "grib_point": grib_point,
    "bufr_soundings": bufr_soundings,
    "netcdf_list": netcdf_list,
    "netcdf_point": netcdf_point,
}


def main() -> None:
    """Answer one question; a library's own complaint becomes the text of a refusal."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever the libraries print must not mix with the answer
    _limit_memory()
    request: Answer = json.load(sys.stdin)
    try:
        answer = {"kind": "answer", **QUESTIONS[request["question"]](request)}
    except ReadError as error:
        answer = {"kind": "read", "text": str(error)}
    except LibraryMissingError:
        answer = {"kind": "missing"}
    except Exception as error:
        # the libraries raise anything; the file is refused in their words
        answer = {"kind": "read", "text": f"its decoder says: {str(error) or type(error).__name__}"}
    with os.fdopen(out, "w") as stream:
        json.dump(answer, stream)


def _limit_memory() -> None:
    """A damaged size must not take the machine down with it."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main()
