"""Steady: how fast the camera turns."""

from onetake.units import DEG_RAD

SIGNALS = ("steady_rad_s",)
UNIT = "deg/s"
SCALE = DEG_RAD
TOLERANCE = DEG_RAD
TELLS = "the camera's gyro"
SAID = "steady"
