"""`onetake odds`: what cannot be flown is said at once; what was flown is never lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from onetake.api.odds import odds_record
from onetake.api.stage import Stage
from onetake.cli.app import main
from onetake.cli.words import odds_words
from onetake.odds.monte import Ask, run_against, run_odds
from onetake.odds.summary import Cause

SHOT = Path(__file__).resolve().parents[3] / "examples" / "two-way" / "shot.toml"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--takes", "0"], "greater than or equal to 1"),
        (["--takes", "-5"], "greater than or equal to 1"),
        (["--takes", "1000000001"], "less than or equal to 1000000000"),
        (["--takes", "9" * 100], "--takes"),
        (["--takes", "1e6"], "--takes"),
        (["--seed", "-1"], "--seed"),
        (["--until", "1"], "write it like"),
        (["--until", "±0.0001 %"], "ask for ±0.0031 % or more"),
        (["--engine", "thread"], "did you mean 'threads'"),
        (["--engine", "threads:0"], "number of threads"),
        (["--engine", "threads:two"], "number of threads"),
        (["--engine", "here:2"], "leave out '2'"),
        (["--engine", "dask:"], "names nothing behind its colon"),
        (["--engine", "threads: "], "names nothing behind its colon"),
        (["--engine", "dask:nowhere"], "is not the address of a dask scheduler"),
        (["--against", "no-such.toml"], "no-such.toml"),
        (["--rare", "rain"], "rare event"),
    ],
)
def test_bad_input_gets_one_message_before_anything_is_planned(
    args: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onetake.api.odds.set_stage", lambda *_: pytest.fail("planned"))
    assert main(["odds", str(SHOT), *args, "--json"]) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert "Traceback" not in err
    assert not out


def test_a_probability_is_told_with_its_window(two_way: Stage) -> None:
    odds = run_odds(two_way.work(1), Ask(takes=64))
    assert odds.window == "between 0 and 72 s after the first exit"  # 12 s, then 40 s more, then 20 s
    text = odds_words(odds)
    assert "between 0 and 72 s after the first exit, of 64 takes" in text
    assert "within 40 s of exit" in text
    assert "from last exit to break-off" in text
    record = odds_record(odds)
    assert record["window_s"] == [0.0, 72.0]
    assert record["interval"] == "Wilson score, 95 %"
    beats = {beat["name"]: beat for beat in json.loads(json.dumps(record))["beats"]}
    assert beats["exit"]["window_s"] == [0.0, 12.0]
    assert (beats["together"]["after"], beats["together"]["within_s"]) == ("exit", 40.0)
    assert beats["no contact"]["between"] == ["last exit", "break-off"]
    # no probability without its beat's window
    assert all({"window_s", "after", "between"} & beat.keys() for beat in beats.values())


def test_nearly_all_is_not_all_and_few_are_not_none(two_way: Stage) -> None:
    causes = (
        Cause(cause="in_frame", share=0.9976, only_share=0.9),
        Cause(cause="contact", share=0.0024, only_share=0.0),
    )
    text = odds_words(replace(run_odds(two_way.work(1), Ask(takes=64)), causes=causes))
    assert "missed for: in frame 99.76 %, contact 0.24 %" in text


def test_a_width_says_what_it_took(two_way: Stage) -> None:
    odds = run_odds(two_way.work(1), Ask(until="±4 %"))
    record = json.loads(json.dumps(odds_record(odds)))
    until = record["until"]
    assert until["asked"] == 0.04
    assert until["reached"] <= 0.04
    assert until["takes_in_all"] == record["takes"] + until["trial_takes"]
    outright = odds_record(run_odds(two_way.work(1), Ask(takes=record["takes"], engine="here")))
    assert outright["until"] is None
    assert [record[key] for key in ("p_shot", "ci95", "causes", "spreads")] == [
        json.loads(json.dumps(outright[key])) for key in ("p_shot", "ci95", "causes", "spreads")
    ]
    assert f"{odds.takes:,} takes counted, 512 more flown" in odds_words(odds)


def test_a_difference_is_told_in_points(two_way: Stage) -> None:
    odds = run_against(two_way.work(1), two_way.work(1), Ask(takes=64))
    text = odds_words(odds)
    assert "this less the other: P(shot) +0.0 (-5.7 to +5.7) points" in text
    assert "0 takes came off in this one only, 0 in the other only" in text


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_ctrl_c_leaves_nothing_behind_and_tells_what_was_counted(two_way: Stage, tmp_path: Path) -> None:
    """With a cluster of this machine, which has most to leave behind."""
    pytest.importorskip("distributed")
    path = tmp_path / "two-way.run"
    args = ["odds", str(SHOT), "--takes", "1000000", "--engine", "dask", "--resume", str(path), "--json"]
    script = (
        "import sys\n"
        "from onetake.odds import runfile\n"
        "from onetake.cli import main\n"
        "runfile.EVERY_S = 0.1\n"
        "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        ends = time.monotonic() + 120
        while time.monotonic() < ends and (
            not path.exists() or json.loads(path.read_text())["body"]["result"] is None
        ):
            assert run.poll() is None, run.stderr and run.stderr.read()
            time.sleep(0.1)
        family = _family(run.pid)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    found = json.loads(out, parse_constant=pytest.fail)
    assert (found["complete"], found["takes_asked"]) == (False, 1_000_000)
    assert 0 < found["takes"] < 1_000_000
    assert f"{found['takes']:,} of 1,000,000 takes are counted; kept in {path}" in err
    assert "Traceback" not in err
    assert len(family) > 1, "no worker was started"
    gone_by = time.monotonic() + 10  # a worker ends itself when the command has
    while (left := [pid for pid in family if Path(f"/proc/{pid}").is_dir()]) and time.monotonic() < gone_by:
        time.sleep(0.1)
    assert not left
    # what was printed is the odds of so many takes, and what was kept goes on from them
    more = found["takes"] + 40
    whole = odds_record(run_odds(two_way.work(1), Ask(takes=more)))
    again = odds_record(run_odds(two_way.work(1), Ask(takes=more, run_file=path)))
    but = ("engine", "wall_s", "takes_per_s")
    assert {key: whole[key] for key in whole if key not in but} == {
        key: again[key] for key in again if key not in but
    }
    part = json.loads(json.dumps(odds_record(run_odds(two_way.work(1), Ask(takes=found["takes"])))))
    but = (*but, "takes_asked", "complete")
    assert {key: part[key] for key in part if key not in but} == {
        key: found[key] for key in found if key not in but
    }


def _family(pid: int) -> list[int]:
    """A process and all that came from it, as Linux knows them."""
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and os.path.exists(entry / "stat") and _parent(entry) == pid
    ]
    return [pid, *(one for child in children for one in _family(child))]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
