"""Tuning: what is found is real, what is chance is not printed, and a shot that touches more often is not written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from onetake.api import candidates
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.api.tune import heading, tune_record, tune_shot
from onetake.cli.words import tune_words
from onetake.errors import InputError, WriteError
from onetake.odds.variants import Outcomes
from onetake.plan.limits import refusals
from onetake.shot.edit import with_changes
from onetake.shot.file import Shot, parse_shot, read_shot

Chances = Callable[[Shot], tuple[float, float]]  # a shot -> P(shot), P(contact)


@pytest.fixture
def pretend(halo: Stage, monkeypatch: pytest.MonkeyPatch) -> Callable[[Chances], None]:
    """Replace flying by coins of known chances, tossed on common random numbers, and planning by the plan as it stands."""

    def as_it_stands(shot: Shot, tell: Progress = silent) -> Stage:
        return replace(halo, shot=shot, prepared=replace(halo.prepared, shot=shot))

    def use(chances: Chances) -> None:
        def tossed(variants: list[object], *, first_take: int, takes: int, **_: object) -> list[Outcomes]:
            (variant,) = variants
            work = variant.work  # type: ignore[attr-defined]
            random = np.random.default_rng(work.seed)
            shared, own = random.random((2, takes)), random.random(takes)
            p_shot, p_contact = chances(work.scenario.shot)
            # one number in three differs from candidate to candidate, as flown takes do
            turn = np.random.default_rng(work.seed + crc32(work.scenario.shot.source.encode())).random(takes)
            luck = np.where(own < 1 / 3, turn, shared[0])
            zeros = np.zeros(takes, np.float32)
            return [
                Outcomes(
                    shot=luck < p_shot,
                    contact=shared[1] < p_contact,
                    in_focus_s=zeros,
                    clearance_m=zeros,
                    opening_g=zeros,
                )
            ]

        def stage_of(self: Stage, seed: int) -> object:
            work = WORK(self, seed)
            return replace(work, scenario=replace(work.scenario, shot=self.shot))

        monkeypatch.setattr(Stage, "work", stage_of)
        monkeypatch.setattr(candidates, "fly_variants", tossed)
        monkeypatch.setattr(candidates, "set_stage", as_it_stands)

    return use


WORK = Stage.work


def test_where_no_dial_matters_nothing_is_found(
    pretend: Callable[[Chances], None], halo: Stage, tmp_path: Path
) -> None:
    """The best of forty coins looks ten points better than it is; on takes that chose nothing it does not."""
    pretend(lambda shot: (0.3, 0.01))
    out = tmp_path / "tuned.toml"
    for seed in (1, 2):
        found = tune_shot(halo.shot, takes=1000, seed=seed, budget=5000, out=out)
        assert found.turned == ()
        assert found.tuned is None
        assert found.gain.by == 0.0
        assert found.after == found.before
    assert not out.exists()
    assert "no dial raises P(shot)" in tune_words(found)
    assert tune_record(found)["shot_file"] is None


def stop_helps(shot: Shot) -> tuple[float, float]:
    """Up to twenty points by the stop, ten by the interval, nothing by anything else."""
    stop = min(np.log2(shot.camera.lens.f_number / 2.8) * 1.5, 1.0)
    later = min(max(shot.subject().exit.at_s - 0.4, 0.0), 1.0)
    return 0.3 + 0.2 * stop + 0.1 * later, 0.01


def test_what_helps_is_found_and_said_with_its_worth(
    pretend: Callable[[Chances], None], halo: Stage, tmp_path: Path
) -> None:
    pretend(stop_helps)
    found = tune_shot(halo.shot, takes=4000, seed=1, budget=25_000, out=tmp_path / "new" / "tuned.toml")
    by_name = {one.dial: one for one in found.turned}
    assert {"stop", "actor: exit interval"} <= set(by_name)
    assert len(by_name) <= 3  # of ten; one idle dial may pass a 95 % test
    assert found.tuned is not None
    truth = stop_helps(found.tuned)[0] - 0.3
    assert truth > 0.1
    assert found.gain.low <= truth <= found.gain.high
    stop = truth - 0.1 * min(found.tuned.subject().exit.at_s - 0.4, 1.0)
    assert by_name["stop"].worth.low <= stop <= by_name["stop"].worth.high
    written = read_text(found.file)
    assert written.startswith("# Tuned by onetake from shot.toml: P(shot) ")
    assert "#   stop: f/2.8 -> " in written
    assert "# One take at dusk from 25,000 ft" in written  # the file's own comments
    again = parse_shot(written, found.file or "")
    assert again.camera.lens.f_number == found.tuned.camera.lens.f_number
    record = json.loads(json.dumps(tune_record(found), default=str, allow_nan=False))
    assert record["schema"] == "onetake.tune/1"
    assert next(iter(record)) == "schema"
    assert record["changes"][0]["worth"] == max(one["worth"] for one in record["changes"])
    assert f"written to {found.file}" in tune_words(found)


def read_text(path: Path | None) -> str:
    assert path is not None
    return path.read_text("utf-8")


def test_odds_that_cost_contacts_are_not_taken(pretend: Callable[[Chances], None], halo: Stage) -> None:
    """The stop helps and the interval helps, but a later exit touches more: the interval stays."""

    def risky(shot: Shot) -> tuple[float, float]:
        later = max(shot.subject().exit.at_s - 0.4, 0.0)
        return stop_helps(shot)[0] + 0.3 * later, 0.01 + 0.05 * later

    pretend(risky)
    found = tune_shot(halo.shot, takes=2000, seed=1, budget=12_000)
    assert found.contact_after.high <= found.contact_before.high
    assert found.tuned is not None
    assert found.tuned.subject().exit.at_s <= 0.4
    assert found.tuned.camera.lens.f_number > 2.8


def test_the_same_seed_gives_the_same_tuning(pretend: Callable[[Chances], None], halo: Stage) -> None:
    pretend(lambda shot: (stop_helps(shot)[0], 0.0))
    one, other = (tune_shot(halo.shot, takes=500, seed=4, budget=2000) for _ in range(2))
    assert tune_record(one) == tune_record(other)


def test_answers_of_the_old_shot_are_to_be_asked_again(
    pretend: Callable[[Chances], None], halo: Stage
) -> None:
    pretend(stop_helps)
    found = tune_shot(halo.shot, takes=1000, seed=1, budget=3000)
    assert "checked" not in " ".join(heading(found))
    signed = with_changes(halo.shot, {})
    checked = parse_shot(
        signed.source.replace(
            "checked = []", 'checked = [{ rule = "plan.landing", by = "A. Jumpmaster", date = 2011-10-10 }]'
        ),
        signed.path,
    )
    assert "have it checked again" in heading(replace(found, shot=checked))[-1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"takes": 99}, "100 takes"),
        ({"budget": 255}, "budget of 256"),
        ({"seed": 2**63 - 1}, "seed"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_asked_for(halo: Stage, given: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        tune_shot(halo.shot, **given)  # type: ignore[arg-type]


def test_it_never_writes_over_the_shot_itself(tmp_path: Path, two_way: Stage) -> None:
    here = tmp_path / "shot.toml"
    here.write_text(two_way.shot.source, "utf-8")
    shot = replace(two_way.shot, path=here)
    with pytest.raises(InputError, match="the shot file itself"):
        tune_shot(shot, takes=100, budget=256, out=here)


def test_what_cannot_be_written_is_said_before_anything_is_flown(
    tmp_path: Path, two_way: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onetake.api.tune.narrowed", lambda *_: pytest.fail("searched"))
    with pytest.raises(WriteError, match="is a folder"):
        tune_shot(two_way.shot, takes=100, budget=256, out=tmp_path)


@pytest.mark.slow
def test_the_example_is_tuned_within_its_limits(halo: Stage, tmp_path: Path) -> None:
    """Really planned and flown: the stop only, so that few candidates do."""
    held = 'lead = {}\nexit_interval = ["0.4 s", "0.4 s"]\nexit_altitude = ["25,000 ft MSL", "25,000 ft MSL"]\nraise = "0 ft"\n'
    text = f'{halo.shot.source}\n[tune]\n{held}exit_time = false\nfocus = ["3 ft", "3 ft"]\nf_number = [2.8, 4.5]\n'
    shot = parse_shot(text, halo.shot.path)
    found = tune_shot(shot, takes=100, seed=1, budget=1800, out=tmp_path / "tuned.toml")
    assert found.dials == ("stop",)
    assert found.turned
    assert found.gain.low > 0.0
    assert found.contact_after.high <= found.contact_before.high
    tuned = read_shot(found.file or "")
    assert 2.8 <= tuned.camera.lens.f_number <= 4.5
    planned = set_stage(tuned)
    assert refusals(halo.prepared, planned.prepared) == ()
