"""Arriving with data: a package is checked, each item is taken in or not, and what was taken in may be handed over."""
