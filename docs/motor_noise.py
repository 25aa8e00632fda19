"""Writes docs/motor-noise.md from the real logs and from flown takes: `python docs/motor_noise.py`.

The reference data is found as the tests find it: beside the checkout, or through ONETAKE_SHARED.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests" / "tables"))

from against.logged import EXAMPLES, Flown, all_flown, lying_on_the_ground, response  # noqa: E402  # as above

from onetake.api.stage import set_stage  # noqa: E402
from onetake.fly.pilot import pilot_of  # noqa: E402
from onetake.odds.monte import Ask, run_odds  # noqa: E402
from onetake.rehearse.motor import USED, Unsteadiness  # noqa: E402
from onetake.rehearse.steadiness import BANDS_HZ  # noqa: E402

TAKES, SEED = 2000, 1
SKILLS = ("expert", "good", "novice")

HEAD = """# Motor noise

`python docs/motor_noise.py` writes this page anew from real logs and from flown takes. The logs are not ours to ship; their
README says where each is from.

The hold at three feet is decided by motor noise: how unsteady a posture is, as a share of its full range, correlated over
0.8 s. It was chosen by hand. This is what real people bound it to.

Spectra of acceleration, from 14 s after exit until 1 s before the opening, less a parabola (shear, thinning air): from
Doppler velocities at 5 Hz, or from an inertial unit turned level by its own attitude. Each is set against the same spectrum
of the simulated body, flown in calm air by `onetake` itself. What a motor noise of 0.05 adds there, in m²/s³:

"""

READ = """
**Motor noise** below is what would shake the simulated body as much as the real one shook, with all of the real power
counted, but for a receiver's white noise: also what was flown on purpose, gusts, an arm that moves a logger. So it is an
**upper bound**, with its 95 % interval, from 0.1 to 0.8 Hz and the two level axes. Who flies by himself is set against the
operator, who keeps still; who flies in a formation against the subject, who works at his place. *Quietest* is the least of
his 15 s windows, *usual* their median. *Hidden*: what a white noise as strong as the top of the spectrum (1.6 to 2.4 Hz)
would be taken for; less than that cannot be seen in that log.

"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def said(one: Unsteadiness) -> str:
    """A motor noise with its interval."""
    return f"{one.motor_noise:.2f} ({one.low:.2f} to {one.high:.2f})"


def responses() -> str:
    """What motor noise does."""
    head = ("whose", *(f"{low:g} to {high:g} Hz" for low, high in BANDS_HZ))
    rows = []
    for role in ("operator", "subject"):
        found = response(role)
        for axis, unit, still in (
            ("level", found.level, found.still_level),
            ("vertical", found.vertical, found.still_vertical),
        ):
            rows.append(
                (
                    f"{role}, {axis}",
                    *(f"{0.05**2 * a:.3g} (without: {b:.2g})" for a, b in zip(unit, still, strict=True)),
                )
            )
    return table(head, rows)


def people(flown: Sequence[Flown]) -> str:
    """Everybody's spectrum and what it bounds."""
    spectra = table(
        ("log", "from", "axis", *(f"{low:g} to {high:g} Hz" for low, high in BANDS_HZ)),
        (
            (
                f"`{one.file}`",
                one.source,
                axis,
                *(f"{p:.2g} ({a:.2g} to {b:.2g})" for p, a, b in zip(*rows, strict=True)),
            )
            for one in flown
            for axis, rows in (
                ("level", (one.spectrum.level, one.spectrum.level_low, one.spectrum.level_high)),
                ("vertical", (one.spectrum.vertical, one.spectrum.vertical_low, one.spectrum.vertical_high)),
            )
        ),
    )
    bounds = table(
        ("log", "of", "against the", "whole fall", "quietest", "usual", "hidden", "from the vertical axis"),
        (
            (f"`{one.file}`", one.kind, one.role, said(one.whole_level), f"{one.windows.min():.3f}",
             f"{np.median(one.windows):.2f}", f"{one.hidden:.3f}", said(one.whole_vertical))
            for one in flown
        ),
    )  # fmt: skip
    return f"Measured, m²/s³ with 95 % intervals:\n\n{spectra}{READ}{bounds}"


def priors(flown: Sequence[Flown]) -> dict[str, tuple[float, float]]:
    """The interval that follows for each skill level, from those who flew on their bellies.

    Expert: from what the best instrument at hand hides to the quietest 15 s of anybody. Good: from there to the median
    over people of their quietest 15 s. Novice: from there to the largest whole fall.
    """
    flown = [one for one in flown if one.kind.startswith("belly")]
    quietest = [float(one.windows.min()) for one in flown]
    edges = (
        min(one.hidden for one in flown),
        min(quietest),
        float(np.median(quietest)),
        max(one.whole_level.motor_noise for one in flown),
    )
    return {skill: (edges[i], edges[i + 1]) for i, skill in enumerate(SKILLS)}


def octaves(flown: Sequence[Flown]) -> float:
    """How far apart the motor noises are that the octaves of one person ask for, largest over smallest, median."""
    asked = [np.sqrt(one.spectrum.level[USED] / response(one.role).level[USED]) for one in flown]
    return float(np.median([noise.max() / noise.min() for noise in asked]))


def chances(found: dict[str, tuple[float, float]]) -> str:
    """P(shot) of the examples across the priors: both people at one motor noise, all else their own skill's."""
    lows_and_highs = sorted(
        {round(end, 3) for ends in found.values() for end in ends} | {pilot_of(s).motor_noise for s in SKILLS}
    )
    columns = {}
    for example in ("two-way", "halo"):
        stage = set_stage(EXAMPLES / example / "shot.toml")
        work = stage.work(SEED)
        for noise in lows_and_highs:
            jumpers = tuple(
                replace(one, pilot=replace(one.pilot, motor_noise=noise)) for one in work.scenario.jumpers
            )
            scenario = replace(work.scenario, jumpers=jumpers)
            odds = run_odds(replace(work, scenario=scenario), Ask(takes=TAKES, engine="threads"))
            p = odds.p_shot
            columns[example, noise] = f"{p.p:.3f} ({p.low:.3f} to {p.high:.3f})"
    return table(
        ("motor noise of both", "`examples/two-way`", "`examples/halo`"),
        ((f"{noise:g}", columns["two-way", noise], columns["halo", noise]) for noise in lows_and_highs),
    )


def main() -> None:
    """Compute everything and write the page."""
    data = Path(os.environ.get("ONETAKE_SHARED", DOCS.parents[1] / "shared" / "data"))
    data = data / "data" if (data / "data").is_dir() else data
    if not data.is_dir():
        sys.exit(f"reference data not found at {data}; set ONETAKE_SHARED to its data folder")
    flown = all_flown(data / "logs")
    found = priors(flown)
    ground = lying_on_the_ground(data / "logs")
    text = HEAD + responses() + "\n" + people(flown)
    text += (
        f"\nA FlySight that lies on the ground while it warms up is taken for {ground.motor_noise:.3f} ({ground.low:.3f} to "
        f"{ground.high:.3f}).\n\n## What follows\n\n"
    )
    text += table(
        ("skill", "prior", "middle", "flown now", "from", "to"),
        (
            (skill, f"{found[skill][0]:.3f} to {found[skill][1]:.3f}", f"{np.sqrt(found[skill][0] * found[skill][1]):.3f}",
             f"{pilot_of(skill).motor_noise:g}", *why)
            for skill, why in zip(SKILLS, (
                ("what the best instrument at hand hides", "the quietest 15 s of anybody"),
                ("the quietest 15 s of anybody", "the median of everybody's quietest 15 s"),
                ("the median of everybody's quietest 15 s", "the least steady whole fall"),
            ), strict=True)
        ),
    )  # fmt: skip
    text += WARNING.format(apart=octaves(flown), takes=TAKES, seed=SEED) + chances(found)
    (DOCS / "motor-noise.md").write_text(text, "utf-8")


WARNING = """
Only those on their bellies count here; who tracks shows how much the posture matters, and the simulated body does not
track. Nobody wrote down how skilled these people were, none of them was asked to keep still, and no log of a hold at three
feet exists. So the ends are bounds, not estimates: the true motor noise of a level may lie below its interval, but
hardly above. The three octaves of one person ask for motor noises a factor of {apart:.1f} apart (median), so the shape of
the model, noise correlated over 0.8 s through a lag of 0.25 s, is not far off. The vertical axis asks for more than the
level ones: fall rate is less steady than the model has it, or it is flown on purpose.

How P(shot) moves with it (both people alike, everything else as their own skill has it; {takes:,} takes, seed {seed}, 95 %):

"""


if __name__ == "__main__":
    main()
