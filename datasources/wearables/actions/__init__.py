"""Bringing, reading, choosing, removing. Each leaves an entry in the person's log."""
