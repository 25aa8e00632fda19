"""What is committed: no machine's paths, no registry's addresses, no lock file of one machine, pins that agree."""

from __future__ import annotations

import re
import tomllib

import pins
import tree

# put together from halves, so that this file does not hold what it looks for
_MACHINE = re.compile(
    "|".join("/" + "/".join(("", name, ""))[1:] for name in ("work", "tmp", "root", "home"))
)
_ADDRESS = re.compile(
    "|".join((r"pypi\." + "org", "python" + "hosted", r"registry\." + "npmjs", r"conda\." + "anaconda"))
)
_PEOPLE = re.compile("co-authored" + "-by|generated " + "with", re.IGNORECASE)
_TEXT = (".py", ".md", ".toml", ".txt", ".lock", ".csv", ".html", ".js", ".css", ".cfg", ".ini", ".yml", "")


def _lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for name in tree.committed():
        path = tree.ROOT / name
        if path.suffix not in _TEXT or path.stat().st_size > 5_000_000:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{name}: {line.strip()[:100]}" for line in text.splitlines() if pattern.search(line)]
    return found


def test_no_path_of_a_machine() -> None:
    assert not _lines(_MACHINE)


def test_no_address_of_a_registry() -> None:
    assert not _lines(_ADDRESS)


def test_nobody_else_signs() -> None:
    assert not _lines(_PEOPLE)


def test_the_lock_of_one_machine_stays_there() -> None:
    assert "uv.lock" not in tree.committed()


def test_both_lists_of_pins_agree() -> None:
    assert pins.constrained() == pins.locked()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==\S+( ; .+)?", pin) for pin in pins.locked())


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads(pins.PROJECT.read_text("utf-8"))
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    named = {re.split(r"[\[<>=;! ]", line)[0].lower() for group in groups for line in group} - {"onetake"}
    assert named <= {pin.split("==")[0].lower() for pin in pins.locked()}
