"""Writes docs/crews.md from flown takes: `python docs/crews.py`."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests" / "tables"))

from against.crews import FROM_S, TO_S, halo, hands_off, hold, of_skill  # noqa: E402  # as above

from onetake.odds.monte import Ask, run_odds  # noqa: E402

SPREAD_TAKES, TAKES = 256, 4000
CREWS = (
    ("last week", "expert", "expert"),
    ("", "expert", "good"),
    ("", "good", "good"),
    ("first week", "good", "novice"),
    ("", "novice", "novice"),
)

HEAD = """# Crews

`python docs/crews.py` writes this page anew from flown takes of `examples/halo`.

No record of the distance between two people in free fall has been published, so nothing here is compared with one: skill
levels are assumptions until rehearsals are loaded, and what is called plausible below is a guess made before any of this was
flown.

## Somebody must close the loop

"""

SPREADS = """
## How still they hold

Spread of the range, image plane to eyes, in each take that arrived, from {start:.0f} to {end:.0f} s after the exit: the
median over takes. Plausible, by the survey of other sports and of tunnel flying: about 0.3 ft for an expert pair to 1.2 ft
for a good one. Nothing was tuned to it.

| operator | subject | arrived | median range | spread, 1σ |
|---|---|---|---|---|
"""

FILM = """
## The film's own record

Of the jump behind the example it is known that 106 jumps were made in all, that the first seven takes were lost to focus,
and that three were kept. That is a line to be sane by, not one to fit: nobody wrote down the crew's skill, the wind, or what
else was wrong with a take.

| crew | operator | subject | P(shot) | missed for focus | seven in a row lost | expected of 106 |
|---|---|---|---|---|---|---|
"""

WHY = """
P(shot) is within the window that the example gives: the mark must come within 30 s of the approach, above 7,000 ft, and hold
for 3 s. Why a first week is lost and a last one is not: the band in which a face is sharp is inches wide at three feet, and
whoever is less steady than that passes through it without staying. What moves it most is motor noise, which is also the
least known number: see [motor noise](motor-noise.md).
"""


def main() -> None:
    """Fly everything and write the page."""
    work = halo().work(1)
    alone = hold(hands_off(work), SPREAD_TAKES)
    text = HEAD + (
        f"With nobody at the controls, no approach, no rate feedback, no noise, {100 * alone.arrived:.0f} % of "
        f"{SPREAD_TAKES} pairs ever arrive at their station. That people who have not learnt it cannot hold a body in the "
        "air stream, let alone a distance, has been shown (arXiv 2201.08162); a model in which a naive pair held would be "
        "wrong.\n"
    )
    text += SPREADS.format(start=FROM_S, end=TO_S)
    film = FILM
    for label, operator, subject in CREWS:
        crew = of_skill(work, operator, subject)
        one = hold(crew, SPREAD_TAKES)
        text += f"| {operator} | {subject} | {100 * one.arrived:.0f} % | {one.range_ft:.2f} ft | {one.typical_ft:.2f} ft |\n"
        odds = run_odds(crew, Ask(takes=TAKES))
        p, focus = odds.p_shot, sum(cause.share for cause in odds.causes if cause.cause == "focus")
        film += (
            f"| {label} | {operator} | {subject} | {100 * p.p:.1f} % ({100 * p.low:.1f} to {100 * p.high:.1f}) | "
            f"{100 * focus:.0f} % | {100 * (1 - p.p) ** 7:.0f} % | {106 * p.p:.0f} |\n"
        )
    (DOCS / "crews.md").write_text(text + film + WHY, "utf-8")


if __name__ == "__main__":
    main()
