"""Writes docs/validation.md and its plots from the comparisons that the tests assert: `python docs/validation.py`.

The reference data is found as the tests find it: beside the checkout, or through ONETAKE_SHARED.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests" / "tables"))

from against import page  # noqa: E402  # found through the line above


def main() -> None:
    """Compute every row, draw every plot, write the page."""
    data = Path(os.environ.get("ONETAKE_SHARED", DOCS.parents[1] / "shared" / "data"))
    data = data / "data" if (data / "data").is_dir() else data
    if not data.is_dir():
        sys.exit(f"reference data not found at {data}; set ONETAKE_SHARED to its data folder")
    page.write(DOCS, data)


if __name__ == "__main__":
    main()
