"""Skill levels: each file is a row of gains and limits for the one control law. All are assumptions until rehearsed."""
