"""The command line: what goes where, and which exit status says what."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jumps
import pytest
import typer

from onetake.cli import app as faces
from onetake.cli.app import main
from onetake.errors import InputError, MissingExtraError, Problem, ShotError

ROOT = Path(__file__).resolve().parents[3]
SOUNDING = ROOT / "examples" / "halo" / "weather" / "gulf_2011-10-11T00.csv"


_ONETAKE = (sys.executable, "-c", "import sys; from onetake.cli import main; sys.exit(main())")


def _shell(*args: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_ONETAKE, *args],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | env,
    )


def test_help_shows_an_example_and_what_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert "Example: onetake run examples/halo/shot.toml" in out
    assert "never instead of one" in out
    assert not err


def test_json_is_one_object_whose_first_key_is_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(SOUNDING), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out, parse_constant=pytest.fail)
    assert next(iter(found.items())) == ("schema", "onetake.inspect/1")
    assert found["kind"] == "weather"
    assert not err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["inspekt"], "Did you mean 'inspect'"),
        (["inspect"], "FILE"),
        (["inspect", "--jsn", "x"], "--json"),
        (["inspect", "a", "b"], "extra argument"),
        (["inspect", "no such file", "--json"], "no such file: no such file"),
        (["inspect", str(ROOT), "--json"], "is a folder"),
        (["inspect", str(SOUNDING), "--time", "noon", "--json"], "noon"),
        (["inspect", str(SOUNDING), "--time", "2011-10-11T06:00Z", "--json"], "2011-10-11"),
        (["inspect", str(SOUNDING), "--lat", "north", "--json"], "--lat"),
        (["inspect", str(SOUNDING), "--lat", "95", "--lon", "0", "--json"], "95"),
        (["new", str(ROOT), "--json"], "not empty"),
        (["new", "x", "--example", "hallo"], "did you mean 'halo'"),
        ([], "Usage"),
    ],
)
def test_bad_input_gets_one_message_and_two(
    capsys: pytest.CaptureFixture[str], args: list[str], says: str
) -> None:
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert "Traceback" not in err
    assert not out


def _raise(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `inspect` fail in this way."""

    def command() -> str:
        raise error

    verb = type(faces.inspect)("broken")
    verb.command, verb.EXAMPLE = command, "onetake inspect"  # type: ignore[attr-defined]
    monkeypatch.setitem(faces._VERBS, "inspect", verb)


def test_every_problem_of_a_shot_file_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raise(ShotError([Problem("a.toml", 1, "x", "y"), Problem("a.toml", 9, "x", "y")]), monkeypatch)
    assert main(["inspect"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "a.toml:1: found x; expected y",
        "a.toml:9: found x; expected y",
    ]


@pytest.mark.parametrize(
    "error", [InputError("no"), MissingExtraError("no"), PermissionError(13, "denied", "a")]
)
def test_what_is_not_our_fault_is_two(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    _raise(error, monkeypatch)
    assert main(["inspect"]) == 2


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("float division by zero"),
        KeyError("x"),
        MemoryError(),
        RecursionError("too deep"),
        FileNotFoundError(2, "No such file", str(ROOT / "src" / "onetake" / "lens" / "data" / "gone.toml")),
        OSError("no name"),
    ],
)
def test_what_is_our_fault_is_one_and_says_how_to_report_it(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONETAKE_TRACEBACK", raising=False)
    _raise(error, monkeypatch)
    assert main(["inspect"]) == 1
    out, err = capsys.readouterr()
    assert "our fault" in err
    assert "ONETAKE_TRACEBACK=1" in err
    assert type(error).__name__ in err
    assert "Traceback (most" not in err
    assert not out


def test_a_traceback_is_shown_to_who_asks_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONETAKE_TRACEBACK", "1")
    _raise(ZeroDivisionError("float division by zero"), monkeypatch)
    assert main(["inspect"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_an_interruption_is_130_and_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _raise(KeyboardInterrupt(), monkeypatch)
    assert main(["inspect"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_an_answer_with_nan_never_reaches_stdout(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verb = type(faces.inspect)("nan")
    verb.command, verb.EXAMPLE = lambda: {"schema": "x", "a": float("nan")}, "onetake inspect"  # type: ignore[attr-defined]
    monkeypatch.setitem(faces._VERBS, "inspect", verb)
    assert main(["inspect"]) == 1
    assert not capsys.readouterr().out


def test_a_command_can_end_with_its_own_status(monkeypatch: pytest.MonkeyPatch) -> None:
    _raise(typer.Exit(0), monkeypatch)
    assert main(["inspect"]) == 0


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("onetake 0.")


def test_a_terminal_without_the_degree_sign_still_shows_the_rest(tmp_path: Path) -> None:
    run = _shell("new", str(tmp_path / "dämmerung"), PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert run.returncode == 0
    assert "wrote" in run.stdout


@pytest.mark.skipif(os.name == "nt", reason="no such pipes on Windows")
@pytest.mark.parametrize(
    "args", [["--help"], ["inspect", str(SOUNDING)], ["inspect", str(SOUNDING), "--json"]]
)
def test_a_reader_that_goes_away_is_no_fault(args: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "import sys; from onetake.cli import main; sys.exit(main())", *args]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    assert run.returncode == 0
    assert not run.stderr


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT between processes on Windows")
def test_ctrl_c_says_how_far_it_came() -> None:
    script = (
        "import sys, time\n"
        "from onetake.cli.progress import Bar\n"
        "def command():\n"
        "    with Bar() as tell:\n"
        "        tell('flying takes', 812, 2000)\n"
        "        print('ready', file=sys.stderr, flush=True)\n"
        "        time.sleep(30)\n"
        "from onetake.cli.app import _VERBS, main\n"
        "_VERBS['inspect'].command = command\n"
        "sys.exit(main(['inspect']))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        assert run.stderr.readline() == "ready\n"
        run.send_signal(signal.SIGINT)
        rest = run.stderr.read()
    assert run.returncode == 130
    assert rest == "interrupted at: flying takes, 812 of 2,000 done\n"


def test_an_answer_that_does_not_fit_is_no_fault_of_ours() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    for more in ((), ("--json",)):
        with Path("/dev/full").open("w") as full:
            command = [*_ONETAKE, "inspect", str(SOUNDING), *more]
            run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert run.returncode == 2
        assert (
            run.stderr
            == "the answer cannot be written (the disk is full: make room on it, or name another place)\n"
        )


def test_a_name_out_of_a_file_moves_no_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = jumps.flysight1(jumps.jump(1.0)).replace(b"velN", "\x1b[2J\x9b\u202e".encode(), 1)
    (tmp_path / "log").write_bytes(log)
    assert main(["inspect", str(tmp_path / "log")]) == 0
    said = capsys.readouterr().out
    assert "columns are named time lat lon hMSL \N{REPLACEMENT CHARACTER}[2J" in said
    assert not {"\x1b", "\x9b", "\u202e"} & set(said)


@pytest.mark.parametrize(
    "command",
    [("inspect",), ("judge", str(ROOT / "examples/two-way/shot.toml")), ("log", "add")],
    ids=["inspect", "judge", "log add"],
)
def test_a_pipe_is_not_waited_for(command: tuple[str, ...], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    run = _shell(*command, str(tmp_path / "pipe"), ONETAKE_LEDGER=str(tmp_path / "ledger"))
    assert run.returncode == 2
    assert "no ordinary file" in run.stderr
