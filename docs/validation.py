"""Writes docs/validation.md and its plots from the comparisons that the tests assert: `python docs/validation.py`.

The reference data is found as the tests find it: beside the checkout, or through ONETAKE_SHARED.
"""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests" / "tables"))

from against import page  # noqa: E402  # found through the line above
from against.published import data_folder  # noqa: E402


def main() -> None:
    """Compute every row, draw every plot, write the page."""
    data = data_folder()
    if data is None:
        sys.exit("reference data was not found beside the checkout; set ONETAKE_SHARED to its data folder")
    page.write(DOCS, data)


if __name__ == "__main__":
    main()
