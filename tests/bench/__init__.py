"""Benches: `python -m tests.bench NAME [--json]`, or all without a name. One file each, with `rows(portal)`."""

import pkgutil

_NOT_BENCHES = {"__main__", "bare", "exporting", "exports", "framework", "load", "served", "serving", "wrk"}
NAMES = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _NOT_BENCHES)
