"""Passive separation: how far two bodies that do nothing come apart after the exit."""

from __future__ import annotations

import numpy as np

from onetake.jump import Separation
from onetake.plan.fall import Fall

AFTER_S = (0.0, 2.0, 5.0, 10.0, 20.0)


def passive_separation(passive: Fall) -> tuple[Separation, ...]:
    """Distance of the two centres of mass 0, 2, 5, 10 and 20 s after the second exit, while both are in freefall.

    By the compiled flight itself: both hold their belly to the airflow at their neutral fall rate and steer nothing.
    Depends on step-off and attitude at the ramp, so take ±20 %.
    """
    relative = passive.take.relative
    if relative is None:
        return ()
    second_s = max(person.exit_s for person in passive.people)
    distance_m = np.linalg.norm(relative.position_enu_m, axis=1)
    until_s = min((p.pull_s for p in passive.people if p.pull_s is not None), default=relative.time_s[-1])
    return tuple(
        Separation(
            time_s=after_s, distance_m=float(np.interp(second_s + after_s, relative.time_s, distance_m))
        )
        for after_s in AFTER_S
        if second_s + after_s <= until_s
    )
