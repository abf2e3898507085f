"""The loads that the portal must hold, each at a tenth of its full rate, cut to fit, on the real portal over HTTP.

L1 pages, L2 checks, L3 withdrawals raced by checks, L5 the log, B13 that the time of an answer tells nothing; before
320,000 people, with PostgreSQL as durable as in production. L4 push and nightly pulls, L6 large files, L7 telling
departments of many withdrawals, L8 a day's soak, and L5's proofs and re-verification come with what they load.
"""

import asyncio
import importlib
import time

from tests.bench.framework import portal
from tests.proof.loads.arrivals import HEADER

_LOADS = ("pages", "checks", "withdrawing", "appending", "alike")


def prove() -> str:
    """One load after the other; AssertionError at the first that is not held."""
    with portal() as running, importlib.import_module("tests.proof.loads.town").town(running) as town:
        print(HEADER, flush=True)
        print(f"{time.strftime('%H:%M:%S')}  the town stands", flush=True)
        seen = [asyncio.run(importlib.import_module(f"tests.proof.loads.{name}").held(town)) for name in _LOADS]
    return "; ".join(seen)
