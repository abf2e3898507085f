"""Fitbit: the JSON files of a Google Takeout."""
