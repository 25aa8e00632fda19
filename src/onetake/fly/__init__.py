"""A take: two bodies flown from the door to the ground."""
