"""Real jumps: reads loggers, mends or drops what is damaged and says so, and makes takes of them."""
