"""Horizon: roll of the horizon in the picture."""

from onetake.units import DEG_RAD

SIGNALS = ("horizon_rad",)
UNIT = "deg"
SCALE = DEG_RAD
TOLERANCE = DEG_RAD
TELLS = "the camera's gyro"
SAID = "horizon"
