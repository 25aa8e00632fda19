"""`import onetake` costs nothing, and its names are a promise."""

from __future__ import annotations

import subprocess
import sys

import onetake

HEAVY = {
    "numba", "numpy", "pandas", "polars", "scipy", "pydantic", "rich", "typer", "matplotlib", "plotly", "dask",
    "eccodes", "netCDF4", "astral", "tomlkit", "sqlalchemy", "alembic", "pg8000",
}  # fmt: skip


def _loaded(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return set(run.stdout.split())


def test_importing_the_package_pulls_in_nothing_heavy() -> None:
    assert not _loaded("import onetake") & HEAVY


def test_building_the_command_line_pulls_in_nothing_heavy_but_typer() -> None:
    assert _loaded("import onetake.cli; onetake.cli.main(['--version'])") & HEAVY <= {"typer"}


def test_the_public_names_are_these() -> None:
    assert sorted(onetake.__all__) == [
        "Shot", "Take", "Verdict", "add_logs", "calibrate_lens", "calibrate_person", "export_jumps", "fly_take", "inspect_file", "judge_take",
        "list_jumps", "new_example", "odds_of", "plan_jump", "read_shot", "read_take", "run_shot", "show_jump", "tune_shot",
    ]  # fmt: skip


def test_every_public_name_is_there() -> None:
    for name in onetake.__all__:
        assert getattr(onetake, name).__doc__
    assert dir(onetake) == sorted(onetake.__all__)


def test_no_public_name_hides_a_folder() -> None:
    assert not set(onetake.__all__) & {
        "run",
        "plan",
        "fly",
        "odds",
        "judge",
        "inspect",
        "new",
        "show",
        "shot",
    }
