"""A city in which two systems erase when they are asked: the library's, and one of the sports department."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from datasources.actions.merging import Merge
from datasources.enums import Basis, ConnectorKind
from datasources.models import Dataset, Register, Sheet, Source
from datasources.protocol import holding
from portal.keys.indexes import normal_identity_code
from portal.ledger.actor import resident, system
from portal.requests.enums import PartState
from portal.requests.erasing.actions import choose, erase
from portal.requests.erasing.models import Plan
from portal.requests.erasing.running import run_erasure
from portal.requests.models import Part, Request
from portal.walls import Role, scope
from tests.datasources.misbehaving import Desk, DeskServer, served
from tests.datasources.misbehaving import Request as Call
from tests.residents import CODES

BY = system("tests")
LIBRARY, BOATS, COURSES = "library-customers", "boat-places", "sports-customers"
DATASETS = {"library": ["library-card", "library-loans", "library-holds", "library-fees"], "sports": ["boat-places"]}
UNPAID = {"fi": "Lasku on maksamatta", "sv": "En faktura är obetald", "en": "An invoice is unpaid"}


class Department(DeskServer):
    """Erases by POST; a second time it knows nobody. `refuses`: with reasons. `effects`: how often it erased."""

    def __init__(self) -> None:
        super().__init__()
        self.held = {normal_identity_code(code) for code in CODES.values()}
        self.refuses = self.silent = False
        self.effects = 0

    def answer(self, desk: Desk, request: Call) -> None:
        code = json.loads(request.body)["code"]
        if self.silent:
            desk.say(503, {})
        elif self.refuses:
            desk.say(409, {"errors": [{"code": "UNPAID", "message": UNPAID}]})
        elif code not in self.held:
            desk.say(404, {"rows": 0})
        elif request.path == "/erasure":
            self.held.discard(code)
            self.effects += 1
            self.erased()
            desk.say(200, {"rows": 3})
        else:
            desk.say(200, {"rows": 3})

    def erased(self) -> None:
        """What happens between the erasure and the answer."""


@contextmanager
def departments() -> Iterator[dict[str, Department]]:
    """{"library", "sports"}: running, and connected; what they hold rests on a contract."""
    with served(Department()) as library, served(Department()) as sports:
        running = {"library": library, "sports": sports}
        connect(running)
        yield running


def connect(running: dict[str, Department]) -> None:
    """The only sources of the described city."""
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.update(switched_on=False)
        Register.objects.filter(slug__in=[LIBRARY, BOATS]).update(basis=Basis.CONTRACT)
        for slug, desk in running.items():
            told = {"url": f"http://127.0.0.1:{desk.port}", "auth": "none"}
            told |= {"erase_path": "erasure", "rehearse_path": "rehearsal"}
            Source.objects.filter(slug=slug).update(
                kind=ConnectorKind.REST, settings=told, switched_on=True, mapping=dict.fromkeys(DATASETS[slug], PART)
            )


PART = {"listing": "all", "key": "code", "columns": {"title": "title"}}


def copied(person: UUID, *datasets: str, at: datetime | None = None) -> None:
    """A source told of these, as a reading does."""
    when = at or timezone.now()
    with scope(Role.WORKER):
        for dataset in Dataset.objects.filter(slug__in=datasets).select_related("register__department"):
            source = Source.objects.select_related("department").get(slug=dataset.register.department.slug)
            merge = Merge(source, dataset, by=BY, at=when, reference="r", only=person)
            merge.take(person, holding("x", ["title"], [("Salaisuus",)]))
            merge.finish()


def copies(person: UUID) -> set[str]:
    with scope(Role.WORKER):
        return set(Sheet.objects.filter(person_id=person).values_list("dataset__slug", flat=True))


def planned(person: UUID, *registers: str) -> Plan:
    with scope(Role.RESIDENT, persons=[person]):
        return choose(person, registers=registers or None, by=resident(person), at=timezone.now())


def asked(person: UUID, *registers: str) -> Request:
    """Chosen and asked for; no worker has begun."""
    plan = planned(person, *registers)
    with scope(Role.RESIDENT, persons=[person]):
        return erase(plan.pk, person=person, language="fi", by=resident(person), at=timezone.now())


def run(request: Request, *, after: timedelta = timedelta(0)) -> Request:
    """A worker comes by, so much later; the request as it stands then."""
    run_erasure(request.pk, by=BY, at=timezone.now() + after)
    with scope(Role.WORKER):
        return Request.objects.get(pk=request.pk)


def erased(person: UUID) -> Request:
    """All of theirs, done, with its receipt."""
    return run(asked(person))


def parts(request: Request) -> dict[str, str]:
    with scope(Role.WORKER):
        return {part.source: PartState(part.state).value for part in Part.objects.filter(request=request)}
