"""The rulebook that cities share."""
