"""Real pictures: the dailies of a camera, measured frame by frame. Needs the optional part `footage`."""
