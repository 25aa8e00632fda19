"""The air: one column of it over one place at one time, wherever the numbers came from."""
