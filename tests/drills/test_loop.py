"""The whole loop through the command line, on the plain sport jump: every command's JSON has the keys that others rely on.

The keys are those of the commands' contract; more may be added, none may go or change its name or its kind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onetake.cli.app import main
from onetake.take import read_take

ROOT = Path(__file__).resolve().parents[2]
NUMBER, TEXT, YES, TIME = (int, float), str, bool, str
MAYBE_NUMBER, MAYBE_TEXT = (int, float, type(None)), (str, type(None))

PLAN: dict[str, Any] = {
    "schema": TEXT, "status": TEXT, "stops": [{"item": TEXT, "why": TEXT}],
    "asks": [{"item": TEXT, "owner": TEXT, "rule": TEXT}],
    "exit": {"lat_deg": NUMBER, "lon_deg": NUMBER, "utc": TIME, "altitude_msl_m": NUMBER, "pressure_altitude_m": NUMBER},
    "jump_run": {"heading_deg": NUMBER}, "separation": [{"time_s": NUMBER, "distance_m": NUMBER}], "freefall_s": NUMBER,
    "beats": [{"name": TEXT, "from_s": NUMBER, "to_s": NUMBER, "fits": YES}],
    "opening": [{"name": TEXT, "height_agl_m": NUMBER, "time_s": NUMBER}],
    "landing": {"lat_deg": NUMBER, "lon_deg": NUMBER},
    "light": {"first_exit_utc": MAYBE_TEXT, "last_exit_utc": MAYBE_TEXT, "at_landing": TEXT},
    "focus": {"distance_m": NUMBER, "limits": [{"criterion": TEXT, "near_m": NUMBER, "far_m": MAYBE_NUMBER}]},
    "oxygen": {"prebreathe_s": NUMBER}, "weights": [{"name": TEXT, "exit_kg": NUMBER, "limit_kg": MAYBE_NUMBER}],
    "contingency": [{"case": TEXT, "action": TEXT, "altitude_m": MAYBE_NUMBER, "caller": TEXT}],
}  # fmt: skip
VERDICT: dict[str, Any] = {
    "schema": TEXT, "verdict": TEXT,
    "beats": [{"name": TEXT, "verdict": TEXT, "margin": MAYBE_NUMBER, "unit": TEXT, "cause": MAYBE_TEXT,
               "held_s": NUMBER, "hold_s": NUMBER, "at_s": MAYBE_NUMBER}],
    "closest_m": MAYBE_NUMBER, "in_focus_s": NUMBER, "aborted": MAYBE_TEXT, "take_file": MAYBE_TEXT,
}  # fmt: skip
ODDS: dict[str, Any] = {
    "schema": TEXT, "takes": int, "seed": int, "engine": TEXT, "p_shot": NUMBER, "ci95": [NUMBER], "p_abort": NUMBER,
    "beats": [{"name": TEXT, "p": NUMBER, "ci95": [NUMBER]}],
    "causes": [{"cause": TEXT, "share": NUMBER, "only_share": NUMBER}],
    "p_contact": NUMBER, "p_contact_ci95": [NUMBER], "landing": {"p50_m": MAYBE_NUMBER, "p95_m": MAYBE_NUMBER},
    "wall_s": NUMBER, "takes_per_s": NUMBER,
}  # fmt: skip
WEATHER: dict[str, Any] = {
    "schema": TEXT, "kind": TEXT, "format": TEXT, "station": TEXT, "valid_utc": MAYBE_TEXT, "levels": int,
    "top_msl_m": NUMBER, "max_wind_m_s": NUMBER, "max_wind_msl_m": NUMBER, "problems": [{"slug": TEXT, "text": TEXT}],
    "profile": [{"altitude_msl_m": NUMBER, "pressure_pa": MAYBE_NUMBER, "temperature_k": MAYBE_NUMBER,
                 "wind_east_m_s": MAYBE_NUMBER, "wind_north_m_s": MAYBE_NUMBER}],
}  # fmt: skip


def check(found: Any, wanted: Any, where: str = "") -> None:
    """That every key of the contract is there and is what it should be."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict), where
        for key, inner in wanted.items():
            assert key in found, f"{where}.{key}"
            check(found[key], inner, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(found, list), where
        for i, item in enumerate(found):
            check(item, wanted[0], f"{where}[{i}]")
    else:
        kinds = wanted if isinstance(wanted, tuple) else (wanted,)
        assert isinstance(found, kinds), f"{where} is {found!r}"
        assert isinstance(found, bool) <= (bool in kinds), f"{where} is {found!r}"


def forbidden(constant: str) -> None:
    pytest.fail(f"{constant} is no JSON")


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    """One command with --json: its object. Nothing else is on stdout, and its first key is its schema."""

    def answer(*args: object) -> dict[str, Any]:
        assert main([*map(str, args), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=forbidden)
        assert next(iter(found)) == "schema"
        assert found["schema"] == f"onetake.{args[0]}/1"
        return found

    return answer


def test_from_an_example_to_the_odds(ask: Any, tmp_path: Path) -> None:
    """new → plan → fly → judge → odds → run → inspect, each from what the one before it wrote."""
    shot = Path(ask("new", tmp_path / "jump", "--example", "two-way")["shot_file"])
    assert shot.is_file()
    plan = ask("plan", shot)
    check(plan, PLAN, "plan")
    assert plan["status"] in ("stop", "ask", "no_stop_found")
    take = tmp_path / "one.take"
    flown = ask("fly", shot, "--seed", 3, "--take", 2, "--out", take)
    check(flown, VERDICT, "fly")
    assert flown["take_file"] == str(take)
    assert read_take(take).slate.take == 2
    judged = ask("judge", shot, take)
    check(judged, VERDICT, "judge")
    # what was judged in the air and what is judged from the file is the same to the bit
    assert {**judged, "schema": ""} == {**flown, "schema": ""}
    odds = ask("odds", shot, "--takes", 32, "--seed", 3, "--engine", "here")
    check(odds, ODDS, "odds")
    assert sum(cause["share"] for cause in odds["causes"]) == pytest.approx(1.0) or not odds["causes"]
    whole = ask("run", shot, "--takes", 32, "--seed", 3, "--engine", "here", "--out", tmp_path / "out")
    for name, wanted in (("plan", PLAN), ("take", VERDICT), ("odds", ODDS)):
        check(whole[name], wanted, f"run.{name}")
    timed = ("engine", "wall_s", "takes_per_s")
    assert {k: v for k, v in whole["odds"].items() if k not in timed} == {
        k: v for k, v in odds.items() if k not in timed
    }
    assert all(Path(path).is_file() for path in whole["files"].values())
    seen = ask("inspect", whole["files"]["take"])
    assert (seen["kind"], seen["problems"]) == ("take", [])
    (profile,) = shot.parent.glob("weather/*.csv")
    check(ask("inspect", profile), WEATHER, "weather")
