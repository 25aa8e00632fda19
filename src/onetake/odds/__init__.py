"""Odds: the Monte Carlo of a shot."""
