"""What stands where in the judge's arrays. Names only.

The judge reads records of a take (`record[batch, tick, J.field, lane]`), turns each into signals, and scans the
beats over them. The record is the part of the flight's record that a real take can fill too.
"""

from __future__ import annotations

from types import ModuleType

LANES = 16
TICK_S = 0.04


def _layout(name: str, places: dict[str, int]) -> ModuleType:
    """Names as attributes of a module, which compiled code reads as constants at no cost."""
    module = ModuleType(name)
    module.__dict__.update(places)
    return module


# one tick of a take, as the judge needs it, in the order of the flight's record, so that whole runs of it are copied
SEEN: tuple[str, ...] = (
    *("time", "east", "north", "up", "A_vx", "A_vy", "A_vz", "rx", "ry", "rz", "ux", "uy", "uz"),
    *("yaw", "pitch", "focus", "clearance", "broke", "ending"),
    *("A_qw", "A_qx", "A_qy", "A_qz", "A_wx", "A_wy", "A_wz", "A_phase"),
    *("B_qw", "B_qx", "B_qy", "B_qz", "B_wx", "B_wy", "B_wz", "B_phase"),
)
J = _layout("J", {name: i for i, name in enumerate(SEEN)})
# signals that a film tells by itself: a filmed take's record has their readings after the rest, and rows look there
SHOWN: tuple[str, ...] = ("blur_m", "face_room", "body_room", "size_share", "facing_rad")

# what is measured of each tick; the unit is the name's end
SIGNALS: tuple[str, ...] = (
    "range_m", "blur_m", "face_room", "body_room", "size_share", "facing_rad", "level_m", "closing_m_s",
    "separation_m", "clearance_m", "exposure_stops", "height_agl_m", "sun_low_rad", "sun_high_rad",
    "fall_rate_m_s", "steady_rad_s", "horizon_rad", "depth_m",
    # of what is not the subject, told only where a beat asks for one of them
    "aircraft_range_m", "aircraft_level_m", "aircraft_closing_m_s", "aircraft_separation_m", "aircraft_facing_rad",
    "aircraft_room", "aircraft_blur_m", "sun_facing_rad", "sun_room", "sun_hidden_room", "skyline_facing_rad",
    "skyline_room", "skyline_blur_m",
)  # fmt: skip
AROUND: tuple[str, ...] = SIGNALS[SIGNALS.index("aircraft_range_m") :]
X = _layout("X", {name: i * LANES for i, name in enumerate(SIGNALS)})
# the tick at hand stands after its signals, in one array with them, so that the loops over lanes vectorise
Y = _layout("Y", {name: (len(SIGNALS) + i) * LANES for i, name in enumerate(SEEN)})
R = _layout("R", {name: (len(SIGNALS) + len(SEEN) + i) * LANES for i, name in enumerate(SHOWN)})

# what the scan carries of one beat in one lane; `idle`, the ticks since any lane was inside, stands in the first
BEAT_FIELDS: tuple[str, ...] = (
    "start", "end", "mask", "worst", "count", "run", "best_run", "held", "held_end", "best_end", "breaker",
    "armed", "spoiled", "seen", "lost", "was", "trend_ok", "tail", "inside", "on", "idle", "now_mask", "old_mask", "x", "bad",
)  # fmt: skip
MOST_ROWS = 12  # criteria rows of one beat
B = _layout("B", {name: i * LANES for i, name in enumerate(BEAT_FIELDS)})
ROOM = len(BEAT_FIELDS) * LANES
# per row of a beat: violations in the window if this row did not matter, whether that was ever a hold, violations
WITHOUT, HELD_WITHOUT, VIOLATED = (part * MOST_ROWS * LANES for part in range(3))
TALLY = 3 * MOST_ROWS * LANES
NEVER = -1e9  # the tick at which a trend that has not begun began; ticks aboard are negative too
OUTSIDE = float(1 << 20)  # the mask of a tick outside the beat's window: above every row's bit

# what it carries of the whole take in one lane
TAKE_FIELDS: tuple[str, ...] = (
    "closest", "in_focus", "forward_x", "forward_y", "forward_z", "last_time", "exits", "live",
    "m00", "m01", "m02", "m10", "m11", "m12", "m20", "m21", "m22", "o0", "o1", "o2", "image",
)  # fmt: skip
_BEFORE = len(SIGNALS) + len(SEEN) + len(SHOWN)
T = _layout("T", {name: (_BEFORE + i) * LANES for i, name in enumerate(TAKE_FIELDS)})
SIZE = (_BEFORE + len(TAKE_FIELDS)) * LANES  # signals, record, what a film showed, and take of one batch

# columns of the table of criteria rows and of the table of beats
ROW_BEAT, ROW_SIGNAL, ROW_LOW, ROW_HIGH, ROW_INVERSE, ROW_TREND, ROW_TREND_FROM, ROW_TREND_TO = range(8)
(
    BEAT_FIRST, BEAT_LAST, BEAT_START, BEAT_END, BEAT_AFTER, BEAT_WITHIN, BEAT_HOLD, BEAT_ALLOW, BEAT_ALWAYS,
    BEAT_FROM, BEAT_TO,
) = range(11)  # fmt: skip
EVENTS = ("first exit", "last exit", "break-off", "first pull", "opening", "landing")
OPTICS: tuple[str, ...] = (
    "focal", "f_number", "pupil_offset", "datum_to_pupil", "breathing", "half_width", "half_height", "circle",
    "pivot_x", "pivot_y", "pivot_z", "plane_x", "plane_y", "plane_z", "eye_x", "eye_y", "eye_z",
    "head_x", "head_y", "head_z", "head_height", "border", "to_landing",
    "sun0", "sun_t", "sun_tt", "lifted_middle", "lifted_half",
    "stops0", "stops1", "stops2", "stops3", "stops4", "stops5",
)  # fmt: skip
G = _layout("G", {name: i for i, name in enumerate(OPTICS)})  # the glass and the light
# what is about the two bodies: the aircraft's exit at t = 0 and its velocity, the sun's bearing and how fast it turns
SCENE: tuple[str, ...] = (
    "exit_east", "exit_north", "exit_up", "speed_east", "speed_north", "sun_east", "sun_east_t", "sun_north",
    "sun_north_t",
)  # fmt: skip
E = _layout("E", {name: i for i, name in enumerate(SCENE)})
