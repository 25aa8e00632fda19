"""To see it: the report. Floats come in SI; feet, knots, pounds and local time are spoken here."""
