"""Draws the picture of the floors from the import contract: `python tests/shape/picture.py` redraws ARCHITECTURE.md.

The contract's own lines are the only source: which rooms there are, in which order they stand, and the word in
the comment behind each layer.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "ARCHITECTURE.md"
_LAYER = re.compile(r'^ {4}"(?P<rooms>[^"]+)",\s*# (?P<word>[^:\n]+)(?:: (?P<what>.*))?$', re.MULTILINE)
_FENCE = re.compile(r"(?<=```floors\n).*?(?=```)", re.DOTALL)


def layers() -> list[tuple[list[str], str, str]]:
    """Rooms, floor and remark of each layer of the contract, from the top down."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text[text.index("\nlayers = [") : text.index('\nid = "no-circles"')]
    return [
        ([room.strip(" ()") for room in found["rooms"].split("|")], found["word"], found["what"] or "")
        for found in _LAYER.finditer(block)
    ]


def draw() -> str:
    """The picture: one line for each floor, the ground floor's files from left to right."""
    rows = layers()
    above = [row for row in rows if row[1] != "ground"]
    ground = " ▸ ".join(" ".join(rooms) for rooms, word, _ in rows if word == "ground")
    width = max(len(word) for _, word, _ in rows)
    lines = []
    for number, (rooms, word, what) in zip(range(len(above), 0, -1), above, strict=True):
        text = f"floor {number}  {word:<{width}}  {' | '.join(rooms)}"
        lines.append(f"{text:<62}  {what}".rstrip())
    lines.append(f"floor 0  {'ground':<{width}}  {ground}")
    return "\n".join(lines) + "\n"


def drawn() -> str:
    """The picture as it stands in ARCHITECTURE.md."""
    found = _FENCE.search(PAGE.read_text("utf-8"))
    return found[0] if found else ""


if __name__ == "__main__":
    PAGE.write_text(_FENCE.sub(lambda _: draw(), PAGE.read_text("utf-8")), "utf-8")
