"""Requests of the sports department in tests: asked on the page, and staff who answer."""

import html
from collections.abc import Callable
from uuid import UUID

from django.test import Client

from demo.people import staff as workers
from portal.ledger.models import Entry
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.residents import Resident

Enter = Callable[[str], Resident]
OWN = {worker.slug: worker.identity_code for worker in workers()}
QUEUE = "/admin/requests/request/"


def asks(one: Resident, said: str = "Kuka näkee varaukseni?", whom: str = "sports") -> Request:
    """A question to a person, in Finnish."""
    answer = one.browser.post("/fi/rights/ask/", {"whom": whom, "said": said})
    assert answer.status_code == 302
    with scope(Role.WORKER):
        return Request.objects.get(pk=answer.headers["Location"].split("/")[3])


def now(request: Request) -> Request:
    """As it stands."""
    with scope(Role.WORKER):
        return Request.objects.get(pk=request.pk)


def page(browser: Client, request: Request) -> str:
    return html.unescape(browser.get(f"{QUEUE}{request.pk}/change/").content.decode())


def press(browser: Client, request: Request, do: str, **told: str) -> int:
    return browser.post(f"{QUEUE}{request.pk}/change/", {"do": do, **told}).status_code


def kinds(person: UUID) -> list[str]:
    """What the log tells of requests, in its order."""
    with scope(Role.WORKER):
        rows = Entry.objects.filter(subject=person, kind__startswith="requests.")
        return [entry.kind.removeprefix("requests.") for entry in rows.order_by("at", "id")]
