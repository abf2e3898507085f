"""A system that sends its records itself."""
