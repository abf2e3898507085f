"""Data given for the common good: its parts, its consent form, and what came of it."""
