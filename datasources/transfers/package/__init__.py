"""The package that a mover carries: its shape, how it is written, how it is verified. Nothing here knows a table."""
