"""`python -m demo.uses`: half a year of made-up uses, told to a running demo by the sports department's own system.

Eight people sign in, so that they are known there; then the system tells of its looks at their courses, month by month,
by the API that any department has. The portal counts them within five minutes: see the effect of the use cases.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from demo.check import MainJob
from demo.client import Department
from demo.machine import folder

_PEOPLE = [f"p{number:04}" for number in range(201, 209)]
# So many in a month, the newest first: more in autumn, when courses begin.
_LOOKS = (90, 140, 110, 60, 24, 30)
_MONTH = timedelta(days=30)


def _uses(codes: list[str], count: int, at: datetime) -> Iterator[dict[str, object]]:
    for number, code in enumerate(islice(cycle(codes), count)):
        yield {
            "subject": {"identity_code": code},
            "at": (at - timedelta(minutes=number)).isoformat(),
            "unit": "Uimahallit",
            "role": "asiakaspalvelu",
            "purpose": "swimming-reminders",
            "datasets": ["sports-courses"],
        }


def main() -> int:
    """0 when all was told."""
    base = f"http://127.0.0.1:{os.environ.get('DEMO_PORT', '8000')}"
    jobs = [MainJob(base, "fi", slug) for slug in _PEOPLE]
    for job in jobs:
        job.sign_in()
    sports = Department(base, folder() / "clients" / "sports.json")
    now = datetime.now(UTC) - timedelta(minutes=1)
    for month, count in enumerate(_LOOKS):
        told = list(_uses([job.code for job in jobs], count, now - month * _MONTH))
        sports.act("POST", "uses/", {"uses": told})
    print(f"Told of {sum(_LOOKS)} made-up uses: {base}/fi/use-cases/effect/ shows them within five minutes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
