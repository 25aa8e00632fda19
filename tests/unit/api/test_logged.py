"""A real jump is judged as a flown one is: whose log is whose, three verdicts, and which instrument said so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake import judge_take
from onetake.api.judge import Judged, judged
from onetake.api.logged import gather, named_logs
from onetake.cli import main
from onetake.errors import ChoiceError, InputError, OnetakeError
from onetake.take import read_take
from onetake.verdict import Verdict

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "two-way" / "shot.toml"
BEATS = """
[[beat]]
name = "approach"
window = ["10 s", "60 s"]
hold = "5 s"
must = { range = ["0 m", "50 m"] }

[[beat]]
name = "far apart"
window = ["20 s", "55 s"]
hold = "3 s"
must = { separation = ["200 m", "400 m"] }

[[beat]]
name = "hold"
window = ["20 s", "55 s"]
hold = "3 s"
must = { range = ["34 in", "38 in"] }

[[beat]]
name = "picture"
window = ["20 s", "55 s"]
hold = "3 s"
must = { in_frame = "face", range = ["0 m", "50 m"] }

"""


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two-way example with beats that a receiver can tell, and some that it cannot."""
    text = EXAMPLE.read_text("utf-8")
    head, rest = text.split("[[beat]]", 1)
    always = rest[rest.index("[[always]]") :]
    whole = (head + BEATS.lstrip() + always).replace("weather/", f"{EXAMPLE.parent}/weather/")
    path = tmp_path_factory.mktemp("shot") / "shot.toml"
    path.write_text(whole, "utf-8")
    return path


def _formation(shared: Path, *numbers: int) -> list[Path]:
    return [shared / "logs" / "formation_tempo_1" / f"jumper_{number}.txt.gz" for number in numbers]


@pytest.fixture(scope="module")
def formation(shot: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("judged")
    operator, subject = _formation(shared, 1, 3)
    return judged(
        shot,
        logs={"camera flyer": operator, "flyer": subject},
        out=folder / "a.take",
        report=folder / "a.html",
    )


def _calls(verdict: Verdict) -> dict[str, str]:
    return {beat.name: beat.verdict for beat in verdict.beats}


def test_a_real_formation_is_judged_by_what_receivers_can_tell(formation: Judged) -> None:
    """Two of eleven who hold grips, 5 m from each other or less: near for sure, three feet not to be told."""
    assert _calls(formation.verdict) == {
        "approach": "got it", "far apart": "missed", "hold": "cannot tell", "picture": "cannot tell",
        "no contact": "cannot tell",
    }  # fmt: skip
    by_name = {beat.name: beat for beat in formation.verdict.beats}
    assert by_name["approach"].decided_by == "difference of GNSS and IMU (tempo)"
    assert by_name["far apart"].decided_by == "difference of GNSS and IMU (tempo)"
    assert "range instrument" in by_name["hold"].would_tell
    assert by_name["picture"].would_tell == "the picture"
    assert by_name["hold"].decided_by == ""


def test_its_take_and_its_report_are_written(formation: Judged, tmp_path: Path) -> None:
    from onetake.show.report import render

    assert formation.logs is not None
    page = render(shot=formation.stage.shot, take=formation.take, verdict=formation.verdict)
    assert "cannot tell" in page
    assert {event.name for event in formation.take.events} == {"exit", "break-off", "pull", "open", "landing"}
    # what the logs do not tell is not drawn either
    assert np.isnan(formation.signals["blur_m"]).all()
    assert np.isfinite(formation.signals["range_sigma_m"]).all()


@pytest.mark.parametrize(
    ("names", "told"),
    [((), False), (("operator", "subject"), False), (("jumper 1", "jumper 3"), True)],
)
def test_logs_are_the_casts_by_name_by_role_or_by_order(
    shot: Path, shared: Path, names: tuple[str, ...], told: bool
) -> None:
    paths = _formation(shared, 1, 3)
    made = gather(shot, dict(zip(names, paths, strict=True)) if names else paths)
    assert [trace.name for trace in made.take.bodies] == ["camera flyer", "flyer"]
    assert ("names-not-in-shot" in {finding.slug for finding in made.findings}) is told


def test_one_wrong_name_among_right_ones_is_a_slip(shot: Path) -> None:
    with pytest.raises(ChoiceError, match=r"nobody called 'flier'.*did you mean 'flyer'"):
        gather(shot, {"operator": Path("a"), "flier": Path("b")})
    with pytest.raises(InputError, match="no log of flyer"):
        gather(shot, {"operator": Path("a")})
    with pytest.raises(InputError, match="two logs are of one person"):
        gather(shot, {"operator": Path("a"), "camera flyer": Path("b")})


def test_what_is_typed_is_a_name_and_a_file(tmp_path: Path) -> None:
    assert named_logs(["a=x.csv", "b=y=z.csv"]) == {"a": Path("x.csv"), "b": Path("y=z.csv")}
    (tmp_path / "a=b.csv").touch()
    assert named_logs([str(tmp_path / "a=b.csv")]) == [tmp_path / "a=b.csv"]
    with pytest.raises(InputError, match="only FILE"):
        named_logs(["a=x.csv", "y.csv"])
    with pytest.raises(InputError, match="before two logs"):
        named_logs(["a=x.csv", "a=y.csv"])


@pytest.mark.parametrize("logs", [None, ["a", "b"]])
def test_a_take_or_logs_but_not_both(shot: Path, logs: list[str] | None) -> None:
    with pytest.raises(InputError, match="either one take file or the logs"):
        judge_take(shot, "a.take" if logs else None, logs=logs)


def test_the_command_prints_one_object_with_clocks_and_distances(
    shot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two who fall 12 m apart; one leaves 0.6 s later."""
    made = jumps.jump()
    (tmp_path / "a").write_bytes(jumps.flysight1(made))
    late = replace(made, place_m=made.place_m + np.array([12.0, 0.0, 0.0]), time_s=made.time_s + 0.6)
    (tmp_path / "b").write_bytes(jumps.flysight2_track(late))
    said = [f"--log={name}={tmp_path / file}" for name, file in (("operator", "a"), ("flyer", "b"))]
    out = tmp_path / "a.take"
    assert main(["judge", str(shot), *said, f"--out={out}", f"--report={tmp_path / 'a.html'}", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert next(iter(found)) == "schema"
    assert found["schema"] == "onetake.judge/1"
    assert found["take_file"] == str(out)
    assert {beat["name"]: beat["verdict"] for beat in found["beats"]}["approach"] == "got it"
    logs = found["logs"]
    assert logs["clocks"][0]["names"] == ["camera flyer", "flyer"]
    row = logs["apart"][40]
    assert row["range_low_m"] <= row["range_m"] <= row["range_high_m"]
    assert row["level_sigma_m"] > 0
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert read_take(out).bodies[1].name == "flyer"
    # and the take is judged again, by its file, to the same
    assert _calls(judge_take(shot, out)) == {beat["name"]: beat["verdict"] for beat in found["beats"]}


def test_every_log_there_is_is_judged_or_refused_in_words(shot: Path, shared: Path) -> None:
    """Each beside one of its load or of another, and beside itself."""
    other = shared / "logs" / "sameload_A" / "jumper_02.CSV.gz"
    made, refused = [], []
    for path in sorted((shared / "logs").rglob("*")):
        if not path.is_file() or path.name == "README.md":
            continue
        beside = path.parent / "jumper_2.txt.gz" if "formation" in str(path.parent) else other
        for second in (beside, path):
            try:
                made.append(gather(shot, [path, second]))
            except OnetakeError as error:
                refused.append(str(error))
    assert len(made) == 7  # five more of the load, two more of the formation
    assert all(len(text) > 30 for text in refused)
    assert {finding.slug for one in made for finding in one.findings} >= {"elsewhere"}
