"""Benches: `python -m tests.bench NAME [--json]`, or all without a name. One file each, with `rows(portal)`."""
