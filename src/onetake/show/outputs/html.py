"""One HTML file that carries everything in it: opens from a disk, asks nothing of a network, prints."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from onetake.show.material import Material
from onetake.show.page import page

DOC = "one self-contained HTML page, to look at and to print"


def write(path: Path, material: Material) -> Path:
    """Write the page. A crash never leaves half a file under the final name."""
    text = page(material)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
