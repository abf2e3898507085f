"""`python -m demo.departments.gates`: the gates of the swimming pools, which tell about everyone's passes every minute.

They do not know whose copies the portal keeps: they send all, and the portal passes over the others.
"""

import argparse
import random
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx2

from demo.client import Department, Told
from demo.departments.sports import customers

DATASET = "sports-passes"
_EVERY_SECONDS = 60.0
_SOLD = date(2026, 9, 1)
_KEPT = timedelta(days=2)


def passes(*, at: datetime) -> Iterator[Told]:
    """Every customer's passes as they are now: one of ten visits, of which one is used up every other day."""
    for who in customers():
        dice = random.Random(f"pass {who.slug}")
        first = datetime.combine(_SOLD + timedelta(days=dice.randint(0, 60)), time(dice.randint(6, 18), 15), UTC)
        used = min(max((at - first) // _KEPT, 0), 10)
        last = first + used * _KEPT
        record = {
            "product": "Uimahalli, kymmenen käyntiä",
            "visits_left": 10 - used,
            "valid_until": (first + timedelta(days=365)).date().isoformat(),
        }
        if used:
            record["last_used_at"] = last.isoformat()
        yield Told(who.identity_code, f"pass-{who.slug}", last if used else first, record)


def main() -> None:
    """Until told to stop; when the portal does not answer, the next minute is another."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--portal", required=True)
    arguments.add_argument("--key", type=Path, required=True)
    given = arguments.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    gates = Department(given.portal, given.key)
    while not stop.wait(0):
        try:
            gates.push(DATASET, lambda: passes(at=datetime.now(UTC)))
        except httpx2.HTTPError as fault:
            print(f"The passes could not be sent: {type(fault).__name__}.", flush=True)
        stop.wait(_EVERY_SECONDS)


if __name__ == "__main__":
    main()
