"""Size: head height over picture height."""

SIGNALS = ("size_share",)
UNIT = "of the picture"
SCALE = 1.0
TOLERANCE = 0.01
TELLS = "the picture"
SAID = "size"
