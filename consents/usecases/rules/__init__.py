"""Rules of use cases: pure."""
