"""Plan: where and when to leave the aircraft, what fits into the fall, and what forbids the jump or must be asked."""
