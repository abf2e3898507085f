"""Polar: an export of Polar Flow, or what AccessLink answers."""
