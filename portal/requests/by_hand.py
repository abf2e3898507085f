"""A register without a connector: a person looks there, says what came of it, and adds what was found, sealed."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import QuerySet

from portal.jobs.outbox import after_commit
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import seal
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.people.models import User
from portal.requests.actions import open_person
from portal.requests.enums import PartState
from portal.requests.errors import NotAKnownFile, NotByHand
from portal.requests.kinds import RequestEntry
from portal.requests.models import Part, PartFile
from portal.requests.parts import finish
from portal.requests.queries import found_place
from portal.walls import Role, scope

MOST_BYTES = 10 * 1024 * 1024
_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def kind_of(body: bytes) -> str:
    """`pdf`, `png`, `jpg`, `json`, `csv` or `txt`, by what is in it and not by its name. NotAKnownFile."""
    if not body or len(body) > MOST_BYTES:
        raise NotAKnownFile
    for beginning, kind in _BEGINNINGS.items():
        if body.startswith(beginning):
            return kind
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAKnownFile from None
    if any((letter < " " and letter not in "\t\n\r") or letter == "\x7f" for letter in text):
        raise NotAKnownFile
    return _kind_of_text(text)


def _kind_of_text(text: str) -> str:
    try:
        json.loads(text)
    except ValueError:
        first = text.partition("\n")[0]
        return "csv" if any(mark in first for mark in ",;\t") and "\n" in text else "txt"
    except RecursionError:
        raise NotAKnownFile from None
    return "json"


def parts_by_hand() -> QuerySet[Part]:
    """What somebody of the reader's departments looks for, the most urgent first; within a staff scope."""
    return Part.objects.filter(state=PartState.BY_HAND).order_by("deadline_at")


def open_part(part: Part, *, staff: User, by: Actor, at: datetime) -> None:
    """Staff begin to look for somebody's data in one register. TooNear. Opens its own scopes."""
    counts: dict[str, Json] = {"source": part.source}
    open_person(part.person_id, part.number, part.department, counts, staff=staff, by=by, at=at)


def answer_part(
    part: UUID, state: PartState, *, files: Sequence[bytes], staff: Sequence[str], by: Actor, at: datetime
) -> None:
    """DONE with what was found, NOTHING or REFUSED. NotByHand, NotAKnownFile. Opens its own scopes."""
    with scope(Role.STAFF, departments=staff):
        person = Part.objects.values_list("person_id", flat=True).get(pk=part)
    with scope(Role.STAFF, persons=[person], departments=staff):
        row = Part.objects.select_for_update().get(pk=part)
        if row.state != PartState.BY_HAND:
            raise NotByHand
        for body in files:
            _keep(row, body, by=by, at=at)
        finish(row.pk, state, at=at, told={"files": len(files)})
        counts: dict[str, Json] = {"source": row.source, "state": state.value}
        whose, number = row.department, row.number
        record(
            RequestEntry.PART_DONE, by=by, about=row.person_id, at=at, department=whose, reference=number, counts=counts
        )
        # Where everything was asked for, the package is made anew with what was found; others pass it over.
        after_commit("pages.make_package", due_at=at, request_id=row.request_id)


def _keep(part: Part, body: bytes, *, by: Actor, at: datetime) -> None:
    file = PartFile(
        id=uuid4(),
        part=part,
        person_id=part.person_id,
        department=part.department,
        kind=kind_of(body),
        size=len(body),
        added_by=by.id,
        added_at=at,
    )
    file.sealed_body = seal(person_key(part.person_id, KeyScope.REQUESTS), body, aad=found_place(file.pk))
    file.save(force_insert=True)
