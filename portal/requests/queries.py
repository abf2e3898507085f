"""Reading requests. A read starts from the person; row security holds the same line below."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import place, unseal
from portal.ledger.actor import Actor
from portal.requests.enums import OPEN_STATES, RequestKind, RequestState
from portal.requests.models import Request

_SEALED = ("sealed_said", "sealed_answer")


def said_place(request: UUID, part: str) -> bytes:
    """Where what was said (`said`, `answer`) stands sealed."""
    return place("requests_request", part, request)


def requests_of(person: UUID) -> QuerySet[Request]:
    """Everything this person asked for, newest first."""
    return Request.objects.filter(person_id=person).defer(*_SEALED).order_by("-received_at")


def open_like(person: UUID, asked: Any, *, by: Actor) -> Request | None:
    """A request of theirs for the same, still open; `asked` names kind, department, register, dataset and aim.

    A copy of everything is for whoever asked: another who acts for the person may reach less, or more.
    """
    same = {name: getattr(asked, name) for name in ("kind", "department", "register", "dataset", "aim")}
    if asked.kind == RequestKind.ALL:
        same["asked_by"] = by.id
    return requests_of(person).filter(state__in=OPEN_STATES, **same).first()


def questions_about(person: UUID, entries: Iterable[UUID], *, waiting: bool = False) -> dict[UUID, Request]:
    """{row of the log: the question about it}; with every other that waits for an answer, if asked; one statement."""
    about = Q(entry_id__in=list(entries))
    rows = requests_of(person).filter(about | Q(state=RequestState.RECEIVED) if waiting else about)
    return {row.entry_id: row for row in rows if row.entry_id}


def words_of(request: Request) -> tuple[str, str]:
    """(what was said, what was answered), opened within a scope of the person; empty where nothing is, or no key."""
    key = existing_person_keys([request.person_id], KeyScope.REQUESTS).get(request.person_id)
    if key is None:
        return "", ""
    parts = (("said", request.sealed_said), ("answer", request.sealed_answer))
    said, answer = (
        unseal(key, bytes(sealed), aad=said_place(request.pk, part)).decode() if sealed else ""
        for part, sealed in parts
    )
    return said, answer


def waiting_requests() -> QuerySet[Request]:
    """What waits in the queue of whoever looks: of their departments, or all."""
    return Request.objects.filter(state__in=OPEN_STATES).defer(*_SEALED)
