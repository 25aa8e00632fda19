"""A small shot, still air, and what is planned from them; everything is made here, nothing read from the examples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from onetake.plan.make import Prepared, prepare
from onetake.shot import parse_shot
from onetake.shot.file import Shot
from onetake.weather.atmosphere import isa
from onetake.weather.column import Column

SHOT = """
schema = "onetake.shot/1"
[slate]
title = "Test jump"
scene = "1"
picture_rate = "24000/1001"
[place]
drop_zone = { lat_deg = 24.2, lon_deg = 54.6, elevation = "0 ft" }
time_zone = "Asia/Dubai"
date = 2011-10-11
exit_time = "12:00:00"
[weather]
sources = ["air.csv"]
gusts = "none"
[aircraft]
type = "C-17"
exit_altitude = "25,000 ft MSL"
airspeed = "140 KIAS"
run = "auto"
[oxygen]
aboard = true
prebreathe = "45 min"
start = "8,000 ft MSL"
longest_break = "0 s"
[[cast]]
name = "operator"
role = "operator"
mass = "80 kg"
equipment = "22 kg"
reserve_limit = "136 kg"
licence = "D"
jumps = 8000
rig_jumps = 300
camera_jumps = 60
oxygen_jumps = 40
last_jump = 2011-10-10
reserve_packed = 2011-08-01
light = "3 mi"
fall_rate = { min = "112 mph", neutral = "120 mph", max = "140 mph", reference = "SL" }
exit = { facing = "nose", at = "0 s", step = "1 m/s" }
skill = "expert"
[[cast]]
name = "actor"
role = "subject"
mass = "77 kg"
equipment = "28 kg"
reserve_limit = "136 kg"
licence = "D"
jumps = 600
oxygen_jumps = 40
last_jump = 2011-10-10
reserve_packed = 2011-08-01
light = "3 mi"
fall_rate = { min = "112 mph", neutral = "120 mph", max = "150 mph", reference = "SL" }
exit = { facing = "nose", at = "0.4 s", step = "1 m/s" }
skill = "good"
[camera]
body = "DXL 8K VV"
lens = { focal = "35 mm", f_number = 2.8, t_stop = 3.0, minimum_focus = "3 ft", datum = "image_plane", pupil_offset = "90 mm" }
exposure = { ei = 1600, shutter_deg = 180, nd_stops = 1, within_stops = 1 }
focus = [ { to = "hyperfocal", from = "exit" }, { to = "hard stop", cue = { range = "5 ft" }, rack = "0.8 s" } ]
mount = { on = "helmet", mass = "20 lb", image_plane = ["10 cm", "0 cm", "12 cm"], cg = ["5 cm", "0 cm", "12 cm"] }
[[beat]]
name = "out"
window = ["0 s", "8 s"]
hold = "1.5 s"
must = { in_frame = "body" }
[[beat]]
name = "mark"
after = "out"
within = "80 s"
hold = "3 s"
must = { focus = "sharp", altitude = "> 7,000 ft AGL" }
[opening]
break_off = "6,500 ft AGL"
pull = { operator = "5,000 ft AGL", actor = "4,000 ft AGL" }
aad = { operator = "cypres_expert", actor = "cypres_expert" }
canopy = { operator = "230 ft2", actor = "230 ft2" }
landing = { within = "300 m" }
[clearance]
checked = []
"""

Edit = tuple[str, str]


def edited(*edits: Edit) -> Shot:
    """The shot with pieces of its text replaced; each piece must be there."""
    text = SHOT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return parse_shot(text)


def standard_air(east_m_s: float = 0.0, north_m_s: float = 0.0, utc: datetime | None = None) -> Column:
    """The standard atmosphere to 12 km with one wind at every height."""
    levels = np.linspace(0.0, 12000.0, 61)
    air = isa(levels)
    return Column(
        format="own_csv",
        station="still",
        valid_utc=utc or datetime(2011, 10, 11, 8, tzinfo=UTC),
        base_utc=None,
        lat_deg=24.2,
        lon_deg=54.6,
        altitude_msl_m=levels,
        pressure_pa=air.pressure_pa,
        temperature_k=air.temperature_k,
        wind_east_m_s=np.full(61, east_m_s),
        wind_north_m_s=np.full(61, north_m_s),
    )


@pytest.fixture(scope="session")
def shot() -> Callable[..., Shot]:
    """Make the shot with edits: `shot(("old", "new"), …)`."""
    return edited


@pytest.fixture(scope="session")
def air() -> Callable[..., Column]:
    """Make standard air with one wind: `air(east_m_s, north_m_s, utc)`."""
    return standard_air


@pytest.fixture(scope="session")
def plain() -> Prepared:
    """The shot as it stands, planned in still air."""
    return prepare(edited(), column=standard_air())
