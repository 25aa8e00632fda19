"""The bodies: mass and shape, posture, canopy, burble, physiology."""
