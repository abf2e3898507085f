"""`python -m demo.uses`: half a year of made-up uses of data, told by the departments' own programs, once a demo.

Six guardians of five-year-olds sign in, so that they are known to the portal; then sports and early education tell of
their looks by the API that any department has, some of them made by the two algorithms of the register. The portal
counts them within five minutes: see the effect of the use cases. Last, one resident brings two runs of his watch
(`demo.runner`). It begins when the portal has been open for a while.
"""

import argparse
import json
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from demo.check import MainJob, NotOk
from demo.client import Department
from demo.departments.families import families
from demo.runner import bring_runs

_BORN = 2021
_BEGINS_SECONDS, _TRIES = 30.0, 5
_MONTH = timedelta(days=30)
_FRIDAY = 5
# The day after the pilot of the proposal began, as the register has it.
_PROPOSED_SINCE = date(2026, 10, 2)
_OUTCOME_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Looks:
    """Looks of one department for one purpose. `counts`: in a month, the newest first. `outcome`: of an algorithm."""

    department: str
    unit: str
    role: str
    purpose: str
    dataset: str
    counts: tuple[int, ...]
    outcome: Mapping[str, Any] = field(default_factory=dict)
    since: date = date.min

    def told(self, codes: list[str], month: int, now: datetime) -> Iterator[dict[str, Any]]:
        """Spread over the month, from yesterday backwards, none of them before `since`."""
        count = self.counts[month]
        for number, code in enumerate(islice(cycle(codes), count)):
            at = _at_work(now - month * _MONTH - (number + 1) * _MONTH / (count + 1), number)
            if at.date() < self.since:
                return
            use = {
                "subject": {"identity_code": code},
                "at": at.isoformat(),
                "unit": self.unit,
                "role": self.role,
                "purpose": self.purpose,
                "datasets": [self.dataset],
            }
            decided = {"decided_by": "person", "at": (at + _OUTCOME_AFTER).isoformat()}
            yield use | ({**self.outcome, "outcome": self.outcome["outcome"] | decided} if self.outcome else {})


def _at_work(at: datetime, number: int) -> datetime:
    """On the day before, or on the Friday before that, while an office is open."""
    day = at - timedelta(days=1)
    day -= timedelta(days=max(0, day.isoweekday() - _FRIDAY))
    return day.replace(hour=7 + number % 7, minute=number * 13 % 60)


def _outcome(algorithm: str, result: Mapping[str, str], *reasons: Mapping[str, str]) -> dict[str, Any]:
    return {"algorithm": algorithm, "outcome": {"result": result, "reasons": reasons}}


_PLACE = _outcome(
    "preschool-place-proposal",
    {
        "fi": "Ehdotus: Esimerkkimetsän päiväkodin esiopetusryhmä.",
        "sv": "Förslag: förskolegruppen i daghemmet Esimerkkimetsän päiväkoti.",
        "en": "Proposed: the pre-primary group of the day-care centre Esimerkkimetsän päiväkoti.",
    },
    {
        "fi": "Se on esiopetuksen paikoista lähinnä kotianne.",
        "sv": "Den är närmast ert hem av alla platser i förskoleundervisningen.",
        "en": "Of all pre-primary places it is the nearest to your home.",
    },
    {
        "fi": "Siellä opetetaan kielellä, jonka olette valinneet.",
        "sv": "Undervisningen där ges på det språk som ni har valt.",
        "en": "Teaching there is in the language that you have chosen.",
    },
)
_GROUP = _outcome(
    "exercise-group-suggestion",
    {"fi": "Ehdotus: vesijumppa.", "sv": "Förslag: vattengympa.", "en": "Suggested: water gymnastics."},
    {
        "fi": "Olet käynyt uimahallissa joka viikko.",
        "sv": "Du har besökt simhallen varje vecka.",
        "en": "You have been to the swimming pool every week.",
    },
)
# More reminders in autumn, when courses begin. The proposal has been tried for two months; the suggestion was paused.
_LOOKS = (
    Looks("sports", "Uimahallit", "asiakaspalvelu", "swimming-reminders", "sports-courses", (90, 140, 110, 60, 24, 30)),
    Looks(
        *("sports", "Liikuntaneuvonta", "liikuntaneuvoja", "exercise-group-suggestion", "sports-courses"),
        (0, 6, 6),
        _GROUP,
    ),
    Looks(
        *("early-education", "Palveluohjaus", "palveluohjaaja", "preschool-place", "early-education-applications"),
        (12, 6),
        _PLACE,
        _PROPOSED_SINCE,
    ),
    Looks(
        *("early-education", "Palveluohjaus", "palveluohjaaja", "preschool-place", "early-education-applications"),
        (6, 6),
        since=_PROPOSED_SINCE,
    ),
)


def guardians() -> list[str]:
    """Slugs of made-up grown-ups without a story of their own who have a five-year-old, the same every time."""
    found = [family.guardians[0] for family in families() if any(each.born.year == _BORN for each in family.children)]
    return sorted(person.slug for person in found if person.story is None)


def batches(now: datetime, codes: list[str]) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """(department, key by which it is taken once, uses), all of them before `now`."""
    for looks in _LOOKS:
        for month in range(len(looks.counts)):
            if uses := list(looks.told(codes, month, now)):
                yield looks.department, str(uuid4()), uses


def _tell(base: str, keys: Mapping[str, Path], stop: threading.Event) -> str:
    """Tries again while the portal does not answer; what was taken is not taken twice. Returns what to say."""
    place = keys["sports"].parent.parent
    jobs = [MainJob(base, "fi", slug, place=place) for slug in guardians()]
    told = list(batches(datetime.now(UTC) - timedelta(minutes=1), [job.code for job in jobs]))
    departments = {name: Department(base, key) for name, key in keys.items()}
    for _ in range(_TRIES):
        try:
            for job in jobs:
                job.sign_in()
            for department, key, uses in told:
                departments[department].act("POST", "uses/", {"uses": uses}, key=key)
            bring_runs(base, place)
        except (httpx2.HTTPError, NotOk, OSError) as fault:
            failed = type(fault).__name__
            if stop.wait(_BEGINS_SECONDS):
                break
        else:
            return ""
    return failed


def main() -> None:
    """Until told to stop; what was told once is not told again after a new start."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--portal", required=True)
    arguments.add_argument("--keys", type=json.loads, required=True, help="{department: key file}")
    arguments.add_argument("--told", type=Path, required=True, help="a file that is made when all was told")
    given = arguments.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keys = {department: Path(key) for department, key in given.keys.items()}
    # Whoever has just opened the portal comes first.
    if not given.told.exists() and not stop.wait(_BEGINS_SECONDS):
        if failed := _tell(given.portal, keys, stop):
            print(f"The uses could not be told: {failed}.", flush=True)
        else:
            given.told.touch()
            print("Half a year of made-up uses was told; they are counted within five minutes.", flush=True)
            print("Mikael has brought two runs of his watch, and keeps their routes for himself.", flush=True)
    stop.wait()


if __name__ == "__main__":
    main()
