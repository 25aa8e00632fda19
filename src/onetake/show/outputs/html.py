"""One HTML file that carries everything in it: opens from a disk, asks nothing of a network, prints."""

from __future__ import annotations

from pathlib import Path

from onetake.files import write_text
from onetake.show.material import Material
from onetake.show.page import page

DOC = "one self-contained HTML page, to look at and to print"


def write(path: Path, material: Material) -> Path:
    """Write the page. A crash never leaves half a file under the final name."""
    return write_text(path, page(material))
