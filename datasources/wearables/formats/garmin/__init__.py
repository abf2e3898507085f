"""Garmin Connect: the JSON files of an account's export; its FIT files are read as such."""
