"""Noticing, choosing, writing letters and sending them."""
