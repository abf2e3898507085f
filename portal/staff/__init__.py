"""Manners of the admin."""
