"""Reading requests. A read starts from the person; row security holds the same line below."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from consents.models import Restriction
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import place, unseal
from portal.ledger.actor import Actor
from portal.requests.enums import OPEN_STATES, PACKED_KINDS, Outcome, RequestKind, RequestState
from portal.requests.models import PORTAL, Proposal, Request

_SEALED = ("sealed_said", "sealed_answer", "sealed_note")


def said_place(request: UUID, part: str) -> bytes:
    """Where what was said (`said`, `answer`) stands sealed."""
    return place("requests_request", part, request)


def requests_of(person: UUID) -> QuerySet[Request]:
    """Everything this person asked for, newest first."""
    return Request.objects.filter(person_id=person).defer(*_SEALED).order_by("-received_at")


def open_like(person: UUID, asked: Any, *, by: Actor) -> Request | None:
    """A request of theirs for the same, still open; `asked` is an `Asked` (portal.requests.actions).

    Other words are another request: no second question is lost because the first one waits. A copy is for
    whoever asked: another who acts for the person may reach less, or more.
    """
    same = {name: getattr(asked, name) for name in ("kind", "department", "register", "dataset", "aim")}
    if asked.kind in PACKED_KINDS:
        same["asked_by"] = by.id
    alike = Request.objects.filter(person_id=person, state__in=OPEN_STATES, **same).order_by("-received_at")
    if asked.kind == RequestKind.MOVE:
        # What was handed over to another city answers a question of that city's, and no other.
        alike = alike.filter(hand_over=None)
    if asked.algorithm:
        against = Restriction.objects.filter(person_id=person, algorithm=asked.algorithm)
        alike = alike.filter(pk__in=against.values("request"))
    if not asked.said:
        return alike.first()
    return next((row for row in alike if words_of(row)[0] == asked.said), None)


def may_take_back(row: Request) -> bool:
    """While it is open; an objection that the portal met by itself at any time, which ends it."""
    met = row.kind == RequestKind.OBJECT and row.answered_by == PORTAL and row.outcome == Outcome.DONE
    return row.state in OPEN_STATES or met


def open_questions(person: UUID, kind: RequestKind) -> int:
    """How many of their questions of this kind, to a person or about a row of the log, wait for an answer."""
    return Request.objects.filter(person_id=person, state__in=OPEN_STATES, kind=kind).count()


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


def note_of(request: Request) -> str:
    """What a colleague noted when handing it over, opened within a scope of the person."""
    key = existing_person_keys([request.person_id], KeyScope.REQUESTS).get(request.person_id)
    if key is None or not request.sealed_note:
        return ""
    return unseal(key, bytes(request.sealed_note), aad=said_place(request.pk, "note")).decode()


def proposed_for(request: Request) -> tuple[Proposal, str] | None:
    """The proposal that waits for a second person, and its words; within a scope of staff and the person."""
    proposal = request.proposals.filter(decided_at=None).first()
    if proposal is None:
        return None
    key = existing_person_keys([request.person_id], KeyScope.REQUESTS).get(request.person_id)
    if key is None:
        return proposal, ""
    return proposal, unseal(key, bytes(proposal.sealed_answer), aad=proposed_place(proposal.pk)).decode()


def proposed_place(proposal: UUID) -> bytes:
    """Where the words of a proposal stand sealed."""
    return place("requests_proposal", "sealed_answer", proposal)


def found_place(file: UUID) -> bytes:
    """Where a file found by hand stands sealed."""
    return place("requests_partfile", "sealed_body", file)


def waiting_requests() -> QuerySet[Request]:
    """What waits in the queue of whoever looks: of their departments, or all."""
    return Request.objects.filter(state__in=OPEN_STATES).defer(*_SEALED)
