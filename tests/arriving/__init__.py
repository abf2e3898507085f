"""Data that arrives from another city."""
