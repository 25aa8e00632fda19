"""The glass: cameras, lenses, focus, framing, exposure."""
