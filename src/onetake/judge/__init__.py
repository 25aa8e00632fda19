"""Judge: scores any take, flown or logged, by the same compiled scan."""
