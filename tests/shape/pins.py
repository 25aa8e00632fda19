"""The pinned versions: `python tests/shape/pins.py` moves every one to the newest that fits.

They stand twice, because two tools read them: requirements.lock for pip, and `constraint-dependencies` in
pyproject.toml for uv, so that a fresh clone resolves to the same versions. Neither holds an address.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
_BLOCK = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
_EXPORT = (
    "uv export --quiet --no-hashes --no-emit-project --no-annotate --no-header --all-extras --all-groups"
)


def locked() -> list[str]:
    """The lines of requirements.lock."""
    return [line for line in LOCK.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def constrained() -> list[str]:
    """The constraints of pyproject.toml."""
    pins: list[str] = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["uv"]["constraint-dependencies"]
    return pins


def _write(pins: list[str]) -> None:
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    block = f"constraint-dependencies = [\n{lines}]\n"
    PROJECT.write_text(_BLOCK.sub(lambda _: block, PROJECT.read_text("utf-8")), "utf-8")


def main() -> None:
    """Lift the constraints, resolve anew, and write both lists."""
    _write([])
    subprocess.run(["uv", "lock", "--quiet", "--upgrade"], cwd=ROOT, check=True)
    pins = subprocess.run(_EXPORT.split(), cwd=ROOT, check=True, capture_output=True, text=True).stdout
    LOCK.write_text(pins, "utf-8")
    _write(locked())
    subprocess.run(["uv", "lock", "--quiet"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
