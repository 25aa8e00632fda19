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
# per body: head, camera, elbow to elbow, torso, rig, knee to knee, both shanks, both arms below the elbow
CAPSULES = 10
SOLID = 8  # all but the last two; the arms are hands, whose touches are counted apart
CLEARANCE_TICKS = (
    5  # pairs of capsules are measured this often; between, clearance shrinks by the closing speed
)

# what is recorded of a tick stands first, so that it is copied in three pieces: of both, of each body
_TOLD_OF_BOTH = (
    "time px py pz vx vy vz rx ry rz ux uy uz "  # operator: place (fine part) and velocity; subject less operator
    "yaw pitch focus clearance broke ending cx cy cz hand abort "  # c: the coarse part of the operator's place
)
_TOLD = "qw qx qy qz wx wy wz phase felt_g fall "  # q_enu_from_body, turn rate, what is felt, posture

# what changes in flight, per body
_MOVING = (
    "fore side turn fall_c fore_c side_c turn_c "  # posture now, posture wanted
    "n0 n1 n2 n3 "  # motor noise
    "layer known part rho_0 rho_d we_0 we_d wn_0 wn_d mean_e_0 mean_e_d mean_n_0 mean_n_d "  # air: at its lower edge, upper less lower
    "rho we wn mean_e mean_n air_x air_y air_z flow_x flow_y flow_z drag "  # the air there; flow is past the body
    "ge gn gu de dn du high split waits "  # within a tick: speed gained, way made, height; where an event cuts it
    "cds felt_max racking wake "
    "t_exit t_pull t_open t_land h_pull h_open land_x land_y tumbling aad "
)
# what is drawn once a take, per body
_DRAWN = (
    "exit_s w0x w0y w0z q0w q0x q0y q0z v0x v0y v0z x0 y0 z0 "
    "cda delay bandwidth gain lead reflex motor trim_fore trim_side range_bias range_noise aim_noise "
    "break_m pull_m extract_s snivel_s fill_s snivel_area land_err_x land_err_y "
)
_SHARED = (
    "take_low take_high done t_abort t_break step_s step_i rack_t inv_from "
    "sigma_0 sigma_d size_0 size_d sound_0 sound_d "  # of gusts and sound, as of the air
    "g1x g2x g1y g2y gz dx dy dz gust_sigma gust_length sound gust_x gust_y gust_z diff_x diff_y diff_z aim1 aim2 see "
    "eye_x eye_y eye_z eye_vx eye_vy eye_vz late_x late_y late_z late_vx late_vy late_vz "
    "ix iz armed arrived lost body_gap hand_gap closest hands contact_v contact_hand "
    "gust_gain wake_growth wake_power wake_cap react_s focus_err operator_bias shelter "
)
FIELDS: tuple[str, ...] = (
    *(_TOLD_OF_BOTH + _SHARED).split(),
    *(f"A_{name}" for name in (_TOLD + _MOVING + _DRAWN).split()),
    *(f"B_{name}" for name in (_TOLD + _MOVING + _DRAWN).split()),
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
    "fall_ticks "  # ticks of a step in the fall: 1, or up to COARSE_TICKS where nobody steers
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
    *_TOLD_OF_BOTH.split(),
    *(f"A_{name}" for name in _TOLD.split()),
    *(f"B_{name}" for name in _TOLD.split()),
)
R = _layout("R", {name: i for i, name in enumerate(RECORD)})
OF_BOTH, OF_ONE = (len(told.split()) * LANES for told in (_TOLD_OF_BOTH, _TOLD))

TICK_S = 0.04  # pilot, draws and record; the dynamics take two steps a tick
STEPS = 2
COARSE_TICKS = 4  # under canopy, and in a fall that nobody steers, this many ticks are stepped at once,
LONGEST_TICKS = 8  # and this many under canopy where the other and the ground are far
RING_TICKS = 32  # the longest delay that can be remembered, 1.28 s
