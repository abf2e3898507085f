"""A system with a webhook, a receiver that really listens, and the city's side."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from consents.actions.announcing import number_announcements
from consents.models import Delivery, Webhook
from consents.webhooks import keeping
from consents.webhooks.sending import send_batch
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.ledger.models import Entry
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.datasources.misbehaving import Desk, DeskServer, Request, served
from tests.residents import arrived

WORKER = system("tests")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class Hook(DeskServer):
    """Answers each message with `status`, and keeps what came."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 204
        self.more: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def answer(self, desk: Desk, request: Request) -> None:
        desk.say(self.status, **self.more)


@contextmanager
def hook() -> Iterator[Hook]:
    with served(Hook()) as server:
        yield server


def system_of(
    department: str = "sports", scopes: Sequence[str] = ("webhooks", "changes:read"), *, name: str = ""
) -> Actor:
    with scope(Role.STAFF, departments=["*"]):
        client = Client.objects.create(name=name or f"{department} system", department=department, scopes=list(scopes))
    return Actor(ActorKind.CLIENT, str(client.pk), Right.CLIENT, unit=department)


def made(url: str, by: Actor, **wishes: Any) -> keeping.WithSecret:
    told: dict[str, Any] = {"kinds": [], "contact_email": "courses@example.org"} | wishes
    with scope(Role.API, departments=[by.unit]):
        return keeping.make_webhook(url, by=by, at=NOW, **told)


def numbered(at: Any = NOW) -> None:
    with scope(Role.WORKER):
        number_announcements(at=at)


def sent(webhook: Webhook, *, at: Any = NOW) -> bool:
    """One batch."""
    return send_batch(webhook.pk, by=WORKER, at=at)


def fresh(webhook: Webhook) -> Webhook:
    with scope(Role.WORKER):
        return Webhook.objects.get(pk=webhook.pk)


def deliveries(webhook: Webhook) -> list[Delivery]:
    with scope(Role.WORKER):
        return list(Delivery.objects.filter(webhook=webhook).order_by("id"))


def client_id(by: Actor) -> UUID:
    return UUID(by.id)


def jobs(name: str = "consents.deliver") -> list[datetime]:
    """When each is due."""
    with scope(Role.WORKER):
        return list(Job.objects.filter(name=name).order_by("due_at").values_list("due_at", flat=True))


def entries(kind: str) -> list[dict[str, object]]:
    """What the log tells of it."""
    with scope(Role.WORKER):
        return [json.loads(bytes(entry.body)) for entry in Entry.objects.filter(kind=f"consents.{kind}")]


# Fixtures: whoever imports them names them in __all__.
@pytest.fixture
def asked(city: None) -> Asked:
    return Asked(person=arrived())


@pytest.fixture
def ear() -> Iterator[Hook]:
    with hook() as server:
        yield server


@pytest.fixture
def sports(city: None) -> Actor:
    return system_of()
