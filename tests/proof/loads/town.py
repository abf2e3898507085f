"""The portal under load: a city's worth of people, residents with long logs, department systems, the sequencer."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.models import Consent
from demo.client import Department
from demo.people import everyone
from demo.processes import start, stop
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.doors import RESIDENT, cookie_name
from portal.walls import Role, scope
from tests.bench.framework import ROOT, Portal, manage
from tests.bench.home import settle
from tests.bench.serving import DATASETS, PURPOSE, fill, settle_down
from tests.residents import CODES, Resident, enter
from tests.web import free_port, web_server

READERS, LONG_LOGS, RACERS, HELD = 8, 4, 8, 400
CLIENTS = 5
LONG_LOG = 5_000
# A tenth of what one client may call, as everything here.
CALLS_PER_SECOND = 12
_CSRF_SECRET = "c" * 32


@dataclass(frozen=True)
class Signed:
    """A resident's headers, whose form posts carry `csrf`."""

    person: UUID
    headers: dict[str, str] = field(repr=False)
    csrf: str = field(default=_CSRF_SECRET, repr=False)


@dataclass(frozen=True)
class Racer:
    """A resident who says yes and takes it back: their question, the text shown, and how a department names them."""

    signed: Signed
    consent: UUID
    text: UUID
    code: str = field(repr=False)


@dataclass(frozen=True)
class Town:
    """Everything a load needs. `clients` are of one department, `hostile` and `racing` two more of it."""

    portal: Portal
    base: str
    readers: Sequence[Signed]
    racers: Sequence[Racer]
    held: Sequence[str] = field(repr=False)
    clients: Sequence[Department]
    hostile: Department
    racing: Sequence[Department]


@contextmanager
def town(portal: Portal) -> Iterator[Town]:
    """Fill it, serve it as in production, and run the sequencer beside it."""
    people = list(islice(everyone(), READERS + RACERS + HELD))
    held = [person.identity_code for person in people[READERS + RACERS :]]
    fill(portal, held)
    entered = [(person.slug, enter(person.slug)) for person in people[: READERS + RACERS]]
    racers = [_racer(slug, each) for slug, each in entered[READERS:]]
    settle(portal, [each.person for _, each in entered[:READERS]])
    for _, each in entered[:LONG_LOGS]:
        _live_long(each.person)
    readers = [_signed(each) for _, each in entered[:READERS]]
    with _served(portal) as base:
        known = _clients(portal, base, CLIENTS + 1 + RACERS)
        mine, hostile, racing = known[:CLIENTS], known[CLIENTS], known[CLIENTS + 1 :]
        yield Town(portal, base, readers, racers, held, mine, hostile, racing)


def asked_about(code: str) -> dict[str, object]:
    """The body of a check about one person."""
    return {"purpose": PURPOSE, "datasets": DATASETS, "subjects": [{"identity_code": code}]}


def _live_long(person: UUID) -> None:
    """A department asked about them again and again, for years."""
    now, by = timezone.now(), Actor(ActorKind.CLIENT, "sports", Right.CLIENT, unit="sports")
    with scope(Role.WORKER):
        for number in range(LONG_LOG):
            record(
                ConsentEntry.CHECKED,
                by=by,
                at=now - timedelta(hours=number),
                about=person,
                department="sports",
                purpose=PURPOSE,
                datasets=DATASETS,
            )
    with scope(Role.WORKER):
        while sequence(at=now + timedelta(seconds=1)):
            pass


def _signed(each: Resident) -> Signed:
    name = cookie_name(RESIDENT, settings.CSRF_COOKIE_NAME)
    cookies = each.browser.cookies.output(header="", sep=";").strip()
    return Signed(each.person, {"Cookie": f"{cookies}; {name}={_CSRF_SECRET}"})


def _racer(slug: str, each: Resident) -> Racer:
    with scope(Role.RESIDENT, persons=[each.person]):
        consent = Consent.objects.get(person_id=each.person, purpose__slug=PURPOSE)
    return Racer(_signed(each), consent.pk, consent.text_id, CODES[slug])


def _clients(portal: Portal, base: str, count: int) -> list[Department]:
    keys = [portal.folder / f"sports-{number}.json" for number in range(count)]
    for key in keys:
        manage("make_client", "sports", "--out", str(key), url=portal.environment["DATABASE_URL"])
    return [Department(base, key) for key in keys]


@contextmanager
def _served(portal: Portal) -> Iterator[str]:
    settle_down(portal)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    more = {"STATIC_FROM_SOURCE": "true", "PUBLIC_URL": base, "API_CALLS_PER_SECOND": str(CALLS_PER_SECOND)}
    with (portal.folder / "web.log").open("wb") as output, (portal.folder / "sequencer.log").open("wb") as told:
        argv = [sys.executable, "manage.py", "sequencer"]
        sequencer = start(argv, environment=portal.environment, folder=ROOT, output=told)
        try:
            with web_server(port, {**portal.environment, **more}, output):
                yield base
        finally:
            stop(sequencer)
