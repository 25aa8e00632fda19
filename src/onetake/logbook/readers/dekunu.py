"""Dekunu's export in FlySight's columns: its accuracies are all 1 and its descent is no measurement.

Only times, positions, heights and the horizontal velocity say anything: https://github.com/ColOfAbRiX/dekunu-flysight-fix
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onetake.logbook import fixes_table
from onetake.logbook.log import Finding, Log

DOC = "Dekunu's FlySight export"


def recognises(head: bytes) -> bool:
    """By accuracies that no receiver states."""
    return fixes_table.has_names(head) and fixes_table.claims_one_metre(head)


def read(data: bytes) -> list[Log]:
    """The one recording of the file, without what it does not measure."""
    log = fixes_table.read_table(data, "dekunu")
    unknown = np.full(len(log.fixes), np.nan)
    velocity = log.fixes.velocity_enu_m_s.copy()
    velocity[:, 2] = np.nan
    fixes = replace(
        log.fixes,
        velocity_enu_m_s=velocity,
        sigma_horizontal_m=unknown,
        sigma_up_m=unknown,
        sigma_velocity_m_s=unknown,
    )
    text = "the file's accuracies are all 1 and its descent is a placeholder: neither was taken"
    return [replace(log, fixes=fixes).found(Finding("placeholder-velocity", text))]
