"""The numbers the wind spread rests on, each with its source, and how sure we are of it.

`PRIORS` is for the report; the constants are what `spread.py` computes with, and the table quotes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from onetake.units import DEG_RAD, KT_M_S

Kind = Literal["published", "derived", "assumed"]
HOUR_S = 3600.0

# root mean square vector error m/s of a forecast, by lead (rows) and altitude (columns)
LEAD_S = np.array([6.0, 12.0, 24.0, 48.0]) * HOUR_S
ERROR_MSL_M = np.array([1000.0, 3000.0, 6000.0, 9750.0])
ERROR_M_S = np.array([[2.5, 2.8, 3.3, 4.0], [2.8, 3.2, 3.9, 4.8], [3.2, 3.7, 4.7, 5.8], [4.0, 4.8, 6.2, 8.0]])
TOP_MSL_M = 10500.0
JET_M_S = 25.0
WINTER, SUMMER = 1.15, 0.85

# root mean square vector change m/s within 12 hours, by altitude
CHANGE_MSL_M = np.array([1000.0, 3000.0, 5000.0, 7000.0, 9000.0, 10000.0, 11000.0])
CHANGE_12H_M_S = np.array([8.2, 7.5, 9.6, 13.7, 17.7, 18.8, 16.0])
CHANGE_S = 12.0 * HOUR_S
CHANGE_GROWTH, CHANGE_GROWTH_LATER = 2.0 / 3.0, 1.0 / 3.0
WEAKEST_CHANGE = 0.5
MESOSCALE_M_S, MESOSCALE_GROWTH = 2.0, 1.0 / 3.0

# vertical correlation exp(-|s1 - s2|^POWER), s the integral of dz/L: L below LOW, above HIGH, linear between
LENGTH_LOW_M, LENGTH_HIGH_M = 1800.0, 6300.0
LOW_MSL_M, HIGH_MSL_M = 3000.0, 5000.0
POWER = 1.3
SMALL_M_S, SMALL_LENGTH_M = 0.7, 300.0

ROUNDED = frozenset({"fb"})
ROUND_RAD, ROUND_M_S, ROUND_LENGTH_M = 10.0 * DEG_RAD, KT_M_S, 1000.0
NEARBY_M = 2000.0

BRACKET_GAP_S = 6.0 * HOUR_S
FRESH_S = 1.0 * HOUR_S
UNKNOWN_LEAD_S, UNKNOWN_AGE_S = 24.0 * HOUR_S, 12.0 * HOUR_S
MODELS = frozenset({"gfs_grib", "fb", "bufkit", "pecan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One number, for the report: how sure we are of it, and why it is what it is."""

    name: str
    value: str
    unit: str
    source: str
    kind: Kind
    why: str


def _row(values: np.ndarray) -> str:
    return " / ".join(f"{value:g}" for value in values.tolist())


PRIORS: tuple[Prior, ...] = (
    Prior(
        name="forecast error, 6 h lead, at 1 / 3 / 6 / 9.75 km",
        value=_row(ERROR_M_S[0]),
        unit="m/s, root mean square vector",
        source="Benjamin et al. 2016: RAP 6-h forecasts against all US radiosondes, about 4 m/s through most of the troposphere",
        kind="assumed",
        why="the published figure is for one model over the US; the fall towards the ground is assumed",
    ),
    Prior(
        name="forecast error, 24 h lead, at 1 / 3 / 6 / 9.75 km",
        value=_row(ERROR_M_S[2]),
        unit="m/s, root mean square vector",
        source="shape after the WAFC London limit of 2.85 m/s for cruise levels over a year (global mean), Met Office 2025",
        kind="assumed",
        why="no table by height and lead was found for the Gulf; taken above the global mean, which oceans flatter",
    ),
    Prior(
        name="forecast error, 48 h lead, at 1 / 3 / 6 / 9.75 km",
        value=_row(ERROR_M_S[3]),
        unit="m/s, root mean square vector",
        source="NCAR 10-member ensemble, Norman, February 2016: vector spread 2.6 to 8.3 m/s at 48 h",
        kind="assumed",
        why="ensembles spread too little, so its upper end is taken; beyond 48 h it grows on at the same rate",
    ),
    Prior(
        name="error of an observed profile",
        value="that of a forecast of lead 0 to 6 h",
        unit="",
        source="Hollingsworth & Lonnberg 1986: at short range forecast and radiosonde errors are of like size",
        kind="published",
        why="holds the drift of the balloon and what one ascent cannot represent",
    ),
    Prior(
        name="growth with wind speed",
        value=f"square root of speed / {JET_M_S:g} m/s, from that speed on",
        unit="",
        source="Schwartz et al. 2000, WAF 15, 313: errors rise with wind speed; the law is not given",
        kind="assumed",
        why="direction published, size assumed; speed averaged over about 2 km of height",
    ),
    Prior(
        name="season: winter, summer",
        value=f"{WINTER:g}, {SUMMER:g}",
        unit="times",
        source="Schwartz et al. 2000; NOAA GSD on RAP and HRRR: largest in winter, smallest in summer",
        kind="assumed",
        why="direction published, size assumed",
    ),
    Prior(
        name="change of the wind within 12 h, at 1 / 3 / 5 / 7 / 9 / 10 / 11 km",
        value=_row(CHANGE_12H_M_S),
        unit="m/s, root mean square vector",
        source="312 pairs of Vienna soundings, January to June 2015 (IGRA 2)",
        kind="derived",
        why="a mid-latitude place with weather; the hourly ensemble at Norman has the same in a jet of 57 m/s",
    ),
    Prior(
        name="growth of the change with time, below and beyond 12 h",
        value="power 2/3, 1/3",
        unit="",
        source="hourly ensemble at Norman (0.7 from 1 to 12 h, interpolation within 6 h as it implies); Vienna 12 to 48 h (0.3)",
        kind="derived",
        why="a plain power of 1/3 from 12 h would be 2.4 times the model's change within one hour",
    ),
    Prior(
        name="weakest change, in light winds",
        value=f"{WEAKEST_CHANGE:g} of the above, by the square root of speed / {JET_M_S:g} m/s",
        unit="times",
        source="none",
        kind="assumed",
        why="a calm air mass has less to change; nothing was found for the subtropics",
    ),
    Prior(
        name="change within hours that no model shows",
        value=f"{MESOSCALE_M_S:g} at 1 h, power 1/3, up to 12 h",
        unit="m/s, root mean square vector",
        source="law: Merceret 1997, J. Appl. Meteor. 36, 1567 (0.25 to 4 h over Florida)",
        kind="assumed",
        why="the law is published, the size is not in what could be read",
    ),
    Prior(
        name="vertical correlation length, below 3 km and above 5 km",
        value=f"{LENGTH_LOW_M / 1000:g}, {LENGTH_HIGH_M / 1000:g} (power {POWER:g})",
        unit="km",
        source="ensemble perturbations at Norman and 12-h changes at Vienna: 0.92 at 0.5 km, 0.80 at 1, 0.52 at 3, 0.14 at 8 km",
        kind="derived",
        why="two independent sets agree within 0.03, this law with both within 0.04; the power fits both ends, which a plain exponential does not",
    ),
    Prior(
        name="small scales",
        value=f"{SMALL_M_S:g} with length {SMALL_LENGTH_M:g} m",
        unit="m/s per component",
        source="none",
        kind="assumed",
        why="eddies below the resolution of any profile; gusts come on top, from their own model",
    ),
    Prior(
        name="rounding of FB winds",
        value="10° and 1 kt, uniform",
        unit="",
        source="NWS FB code form",
        kind="published",
        why="correlated over 1 km, as the levels lie 900 to 1,800 m apart and wind is interpolated between them",
    ),
    Prior(
        name="profiles must bracket the jump within",
        value=f"{BRACKET_GAP_S / HOUR_S:g} (or one not over {FRESH_S / HOUR_S:g} old)",
        unit="h",
        source="none",
        kind="assumed",
        why="otherwise somebody is asked for a nearer profile",
    ),
)
