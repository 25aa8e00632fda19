"""Timeline: the whole fall on one time axis, the mark on a finer one, and one cursor through both.

Seconds since the first exit run right. Parachute flight is left out: it is minutes in which nothing is filmed.
"""

from __future__ import annotations

import numpy as np

from onetake.show import panels, words
from onetake.show.closeup import close_up
from onetake.show.curves import span_s
from onetake.show.lanes import LANE_PX, beat_lane, event_labels, event_lines
from onetake.show.markup import Html, figure, missing, section, tag
from onetake.show.material import Material
from onetake.show.readout import readout
from onetake.show.strips import GAP_PX, strips
from onetake.show.svg import Scale, group
from onetake.show.timeplot import LEFT, RIGHT, WIDTH, cursor, time_plot
from onetake.take import Take

_TITLE = "The take, second by second"


def timeline(m: Material) -> Html:
    """The section with the timeline, the mark close up, and the values under the cursor."""
    if m.take is None:
        return section("timeline", _TITLE, tag("p", missing("no take was flown or read for this report")))
    first, last = span_s(m.take, m.plan, m.curves)
    parts = [readout(m, first, last), figure(_fall(m, m.take, first, last), _after(m.take, last), cls="wide")]
    lead = (
        "Everything on one clock. The green band is where the lens is sharp as it stands at that moment; the range line is "
        "heavy while the face is in focus and in the picture."
    )
    if m.curves is None:
        parts.append(
            tag("p", missing("range, focus, closing and sun over time were not computed for this report"))
        )
        return section("timeline", _TITLE, *parts)
    return section("timeline", _TITLE, *parts, close_up(m, m.curves), lead=lead)


def _fall(m: Material, take: Take, first_s: float, last_s: float) -> Html:
    time = Scale(first_s, last_s, LEFT, RIGHT)
    shown = (e for e in take.events if np.isfinite(e.time_s) and first_s <= e.time_s <= last_s)
    events = sorted(shown, key=lambda e: (e.time_s, e.name, e.body))
    labels, y = event_labels(m, events, time, WIDTH)
    lanes_top = y + 10
    lanes = [beat_lane(m, beat, time, lanes_top + k * LANE_PX) for k, beat in enumerate(m.shot.beats)]
    top = lanes_top + len(lanes) * LANE_PX + GAP_PX - 6
    drawn, bottom = strips(m, take, time, top)
    parts = [
        panels.time_grid(time, top, bottom), event_lines(m, events, time, lanes_top, bottom), group(lanes), drawn, labels,
        panels.time_axis(time, bottom), cursor(time, lanes_top, bottom, m.mark_time_s()),
    ]  # fmt: skip
    said = "; ".join(f"{e.name} {e.body} at {e.time_s:.1f} s" for e in events)
    return time_plot(time, bottom + 36, parts, f"Timeline of {take.slate}: {said}")


def _after(take: Take, last_s: float) -> str:
    """How the take ended, and what happens after the figure does."""
    landings = [e for e in take.events if e.name == "landing" and e.time_s > last_s]
    said = ", ".join(f"{e.body} at {words.minutes(e.time_s)}" for e in landings)
    then = f"Under parachutes after this; landings: {said}." if said else ""
    return f"Ending of the take: {take.ending}. {then}".strip()
