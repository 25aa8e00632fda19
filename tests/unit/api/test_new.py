"""The example that `onetake new` gives: the one of the repository, also where the package was installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from onetake import new_example, read_shot
from onetake.api.new import example_names
from onetake.errors import ChoiceError, InputError

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_examples_are_those_of_the_repository() -> None:
    assert example_names() == ("halo", "two-way")


@pytest.mark.parametrize("name", ["halo", "two-way"])
def test_an_example_is_copied_whole_and_can_be_read(name: str, tmp_path: Path) -> None:
    shot = new_example(tmp_path / "my shot", name)
    assert _files(shot.parent) == _files(EXAMPLES / name)
    assert read_shot(shot).beats


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert new_example(tmp_path).is_file()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        new_example(tmp_path)
    with pytest.raises(InputError, match="is a file"):
        new_example(tmp_path / "mine.txt")
    assert _files(tmp_path) == {"mine.txt": b"mine"}


def test_a_wrong_name_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match=r"did you mean 'halo'.*two-way"):
        new_example(tmp_path / "a", "halow")
    assert not (tmp_path / "a").exists()


def test_the_wheel_carries_the_examples_and_every_data_file(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"onetake/examples/{name}" for name in _files(EXAMPLES)}
    source = ROOT / "src"
    wanted |= {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and path.suffix in (".py", ".toml", ".csv", ".html", ".typed")
    }
    assert wanted <= shipped
