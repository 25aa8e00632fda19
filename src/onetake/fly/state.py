"""What stands where in the arrays the flight kernel works on. Names only; no code depends on their order.

State: `state[batch, S.field + lane]`, one flat array of 16 lanes per batch. The operator (A) is absolute: a fine
part plus a coarse part in whole 16 m, so that single precision does not drift; the subject (B) is relative to
the operator, so 3 ft keeps its precision at 7 km. Times are seconds since the first exit, lengths local ENU
metres above the drop zone, turn rates in body axes.
"""

from __future__ import annotations

from types import ModuleType


def _layout(name: str, places: dict[str, int]) -> ModuleType:
    """Names as attributes of a module, which compiled code reads as constants at no cost."""
    module = ModuleType(name)
    module.__dict__.update(places)
    return module


LANES = 16
# per body: head, torso, rig, camera, elbow to elbow, knee to knee, both shanks, both arms below the elbow
CAPSULES = 10
SOLID = 8  # all but the last two; the arms are hands, whose touches are counted apart
CLEARANCE_TICKS = (
    5  # pairs of capsules are measured this often; between, clearance shrinks by the closing speed
)

# what changes in flight, per body
_MOVING = (
    "qw qx qy qz wx wy wz "  # q_enu_from_body and turn rate
    "fall fore side turn fall_c fore_c side_c turn_c "  # posture now, posture wanted
    "n0 n1 n2 n3 "  # motor noise
    "rho we wn mean_e mean_n air_x air_y air_z flow_x flow_y flow_z drag "  # the air there; flow is past the body
    "ge gn gu de dn du high split waits "  # within a tick: speed gained, way made, height; where an event cuts it
    "phase cds felt_g felt_max racking wake "
    "t_exit t_pull t_open t_land h_pull h_open land_x land_y tumbling aad "
)
# what is drawn once a take, per body
_DRAWN = (
    "exit_s w0x w0y w0z q0w q0x q0y q0z v0x v0y v0z x0 y0 z0 "
    "cda delay bandwidth gain lead reflex motor trim_fore trim_side range_bias range_noise aim_noise "
    "break_m pull_m extract_s snivel_s fill_s snivel_area land_err_x land_err_y "
)
_SHARED = (
    "time take_low take_high done ending abort t_abort broke t_break step_s "
    "px py pz cx cy cz vx vy vz rx ry rz ux uy uz "  # operator fine, coarse, velocity; subject less operator
    "yaw pitch focus step_i rack_t inv_from "
    "g1x g2x g1y g2y gz dx dy dz gust_sigma gust_length sound gust_x gust_y gust_z diff_x diff_y diff_z aim1 aim2 see "
    "eye_x eye_y eye_z eye_vx eye_vy eye_vz late_x late_y late_z late_vx late_vy late_vz "
    "ix iz armed arrived lost clearance hand body_gap hand_gap closest hands contact_v contact_hand "
    "gust_gain wake_growth wake_power wake_cap react_s focus_err operator_bias shelter "
)
FIELDS: tuple[str, ...] = (
    *_SHARED.split(),
    *(f"A_{name}" for name in (_MOVING + _DRAWN).split()),
    *(f"B_{name}" for name in (_MOVING + _DRAWN).split()),
)
COUNT = len(FIELDS)
S = _layout("S", {name: i * LANES for i, name in enumerate(FIELDS)})
TO_B: int = S.B_qw - S.A_qw  # add to an A_ field to reach the same of the subject

# phases of a body, in flight order
ABOARD, FREEFALL, OPENING, CANOPY, LANDED = range(5)
# how a take ended
FLYING, ALL_LANDED, CONTACT, DIVERGED, OUT_OF_TIME = range(5)
ENDINGS = ("flying", "landed", "contact", "diverged", "out of time")
ABORTS = ("", "no mark by its height", "closing too fast inside the limit", "lost sight")

# the same for every take of a shot
_PERSON = (
    "mass ix iy iz area slow fast riser_x riser_y riser_z eye_x eye_y eye_z full_area glide sink "
    "aad_m aad_m_s aad_slow_m aad_slow_m_s aad_off_m "
    "reserve_extract_s reserve_snivel_s reserve_fill_s reserve_snivel_area drogue_m2 drogue_s drogue_z fore_trim side_trim push"
)
_COMMON = (
    "pair steered "  # 1 with two bodies, 1 with pilots, noise and gusts; 0 leaves them out
    "gravity gradient gradient2 coriolis_sin coriolis_cos curve_e curve_n curve_tan wave_drag "
    "aircraft_e aircraft_n mark_m station_m "
    "no_mark_m closing_range_m closing_limit lost_s target_x target_y "
    "pivot_x pivot_y pivot_z plane_x plane_y plane_z dial shelter_s "
    "focus0 trig_range1 trig_time1 inv1 rack1 trig_range2 trig_time2 inv2 rack2 "
    "damping posture_lag_s limbs_fore limbs_side limbs_turn "  # of every body
    "motor_s apart_s aim_s eye_s "  # correlation times of the noises: motor, gust difference, aim, eye
)
COMMON: tuple[str, ...] = (
    *_COMMON.split(),
    *(f"A_{name}" for name in _PERSON.split()),
    *(f"B_{name}" for name in _PERSON.split()),
)
C = _layout("C", {name: i for i, name in enumerate(COMMON)})

# one tick as the judge and the take file see it: record[batch, tick, R.field, lane]
RECORD: tuple[str, ...] = (
    *("time", "px", "py", "pz", "cx", "cy", "cz", "vx", "vy", "vz"),
    *("A_qw", "A_qx", "A_qy", "A_qz", "A_wx", "A_wy", "A_wz"),
    *("rx", "ry", "rz", "ux", "uy", "uz"),
    *("B_qw", "B_qx", "B_qy", "B_qz", "B_wx", "B_wy", "B_wz"),
    *("yaw", "pitch", "focus", "clearance", "hand", "A_phase", "B_phase", "abort", "broke", "ending"),
    *("A_felt_g", "B_felt_g", "A_fall", "B_fall"),
)
R = _layout("R", {name: i for i, name in enumerate(RECORD)})
RECORD_FROM: tuple[int, ...] = tuple(getattr(S, name) for name in RECORD)

TICK_S = 0.04  # pilot, draws and record; the dynamics take two steps a tick
STEPS = 2
CANOPY_TICKS = 4  # a canopy leg steps this many ticks at once
RING_TICKS = 32  # the longest delay that can be remembered, 1.28 s
