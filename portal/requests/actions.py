"""Asking, opening and answering. Each is an entry in the log of the person whose request it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.timezone import localdate

from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.ledger.models import Entry
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.people.models import User
from portal.people.opened import note_opened
from portal.requests.enums import BY_TWO, OPEN_STATES, PACKED_KINDS, Law, Outcome, RequestKind, RequestState
from portal.requests.errors import AlreadyAnswered, AlreadyBegun, NeedsTwo, ProposalWaits, TooManyOpen
from portal.requests.held import held_by_staff, sealed_words
from portal.requests.kinds import RequestEntry
from portal.requests.models import PORTAL, Request
from portal.requests.nearness import refuse_the_near
from portal.requests.parts import end_parts
from portal.requests.queries import may_take_back, open_like, open_questions, questions_about, requests_of
from portal.requests.rules import LOG_QUESTION_DAYS, MOST_OPEN_QUESTIONS, month_after, number_text, working_days_after
from portal.requests.workdays import is_free
from portal.walls import Role, scope, sent

_NEXT = """
INSERT INTO requests_numbering AS held (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = held.last + 1 RETURNING last
"""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: `said` in their words, the rest slugs of what it is about.

    Of an `algorithm` what is held back by the request tells (consents.models.Restriction).
    """

    kind: RequestKind
    said: str = ""
    department: str = ""
    register: str = ""
    dataset: str = ""
    aim: str = ""
    algorithm: str = ""


def make_request(
    asked: Asked, *, person: UUID, language: str, by: Actor, at: datetime, state: RequestState = RequestState.RECEIVED
) -> tuple[Request, bool]:
    """(The request, whether it is new), within the person's scope; due one month after its receipt (GDPR 12(3)).

    Asked again while the same is open, it is the same request: a double press has one effect. TooManyOpen.
    """
    if before := open_like(person, asked, by=by):
        return before, False
    number = _next_number(at)
    # Whoever asked the same meanwhile held the count until it was done.
    if before := open_like(person, asked, by=by):
        return before, False
    if asked.kind == RequestKind.ASK and open_questions(person, asked.kind) >= MOST_OPEN_QUESTIONS:
        raise TooManyOpen
    request = Request(
        id=uuid4(),
        person_id=person,
        kind=asked.kind,
        state=state,
        law=Law.GDPR,
        number=number,
        received_at=at,
        due_on=month_after(localdate(at), is_free),
        department=asked.department,
        register=asked.register,
        dataset=asked.dataset,
        aim=asked.aim,
        language=language,
        asked_by=by.id,
        asked_right=by.right.value,
    )
    request.sealed_said = sealed_words(request, "said", asked.said) if asked.said else None
    request.save(force_insert=True)
    leave(RequestEntry.MADE, request, by=by, at=at)
    return request, True


def withdraw_request(request: UUID, *, person: UUID, by: Actor, at: datetime) -> None:
    """Take it back while it may be, within the person's scope. AlreadyAnswered, AlreadyBegun."""
    row = requests_of(person).select_for_update().get(pk=request)
    if not may_take_back(row):
        raise AlreadyAnswered
    erasure = getattr(row, "erasure", None)
    if erasure is not None and erasure.begun_at:
        raise AlreadyBegun
    row.state, row.outcome, row.closed_at, row.answered_by = RequestState.WITHDRAWN, "", at, ""
    row.save(update_fields=["state", "outcome", "closed_at", "answered_by"])
    end_parts(request, at=at)
    leave(RequestEntry.WITHDRAWN, row, by=by, at=at)
    after_commit("requests.follow_up", due_at=at, request_id=row.pk)
    if row.kind in PACKED_KINDS:
        after_commit("requests.remove_packages", due_at=at, request_id=row.pk)


def close_request(request: Request, outcome: Outcome, *, by: Actor, at: datetime) -> bool:
    """The portal itself did what was asked, or as much as could be done; once. Worker's scope."""
    row = Request.objects.select_for_update().get(pk=request.pk)
    if row.state not in OPEN_STATES:
        return False
    _answered_by_portal(row, outcome, by=by, at=at)
    after_commit("requests.follow_up", due_at=at, request_id=row.pk)
    tell(row.person_id, NoticeKind.REQUEST_ANSWERED, by=by, at=at, asked_for=True)
    return True


def answer_at_once(request: Request, *, by: Actor, at: datetime) -> None:
    """What was asked is done with the asking, within the person's scope: the next page tells it, and no letter.

    `by`: the portal itself, as nobody else answers.
    """
    if request.state in OPEN_STATES:
        _answered_by_portal(request, Outcome.DONE, by=by, at=at)


def _answered_by_portal(row: Request, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    row.state, row.outcome, row.closed_at, row.answered_by = RequestState.ANSWERED, outcome, at, PORTAL
    row.save(update_fields=["state", "outcome", "closed_at", "answered_by"])
    leave(RequestEntry.ANSWERED, row, by=by, at=at)


def question_use(entry: Entry, *, person: UUID, said: str, language: str, by: Actor, at: datetime) -> Request:
    """Ask about one row of the person's log, within their scope; asked again it is the same request.

    Due in five working days. `said` may be empty: nobody has to say why they ask (GDPR 12, 15; C-579/21). TooManyOpen.
    """
    if before := questions_about(person, [entry.id]).get(entry.id):
        return before
    number = _next_number(at)
    # Whoever asked the same meanwhile held the count until it was done.
    if before := questions_about(person, [entry.id]).get(entry.id):
        return before
    if open_questions(person, RequestKind.LOG) >= MOST_OPEN_QUESTIONS:
        raise TooManyOpen
    request = Request(
        id=uuid4(),
        person_id=person,
        kind=RequestKind.LOG,
        number=number,
        received_at=at,
        due_on=working_days_after(localdate(at), LOG_QUESTION_DAYS, is_free),
        department=entry.department or entry.unit,
        entry_id=entry.id,
        language=language,
        asked_by=by.id,
        asked_right=by.right.value,
    )
    request.sealed_said = sealed_words(request, "said", said) if said else None
    request.save(force_insert=True)
    leave(RequestEntry.MADE, request, by=by, at=at)
    return request


def open_request(request: Request, *, staff: User, by: Actor, at: datetime) -> None:
    """Staff begin to read what was said. TooNear, which leaves an entry as well. Opens its own scopes."""
    counts: dict[str, Json] = {"kind": request.kind}
    open_person(request.person_id, request.number, request.department, counts, staff=staff, by=by, at=at)


def open_person(
    person: UUID, number: str, department: str, counts: dict[str, Json], *, staff: User, by: Actor, at: datetime
) -> None:
    """Staff open somebody for the request of this number. TooNear, which leaves an entry as well. Its own scopes."""
    refuse_the_near(person, staff=staff, reference=number, by=by, at=at)
    with scope(Role.STAFF, persons=[person], departments=staff.departments):
        of = department or by.unit
        kind = RequestEntry.OPENED
        entry = record(kind, by=by, about=person, at=at, department=of, reference=number, counts=counts)
        note_opened(person, entry, by=by, at=at)


def answer_request(
    request: UUID, *, outcome: Outcome, answer: str, staff: Sequence[str], by: Actor, at: datetime
) -> None:
    """Answer it once, and let the person know that something waits. AlreadyAnswered. Opens its own scopes.

    NeedsTwo for what is not given in full: see portal.requests.deciding.
    """
    if outcome in BY_TWO:
        raise NeedsTwo
    with held_by_staff(request, staff) as row:
        give_answer(row, outcome, answer, by=by, at=at)


def give_answer(row: Request, outcome: Outcome, answer: str, *, by: Actor, at: datetime, ground: str = "") -> None:
    """The answer of a request that `held_by_staff` holds. ProposalWaits where two decide about another."""
    if row.proposals.filter(decided_at=None).exists():
        raise ProposalWaits
    row.state, row.outcome, row.closed_at, row.answered_by = RequestState.ANSWERED, outcome, at, by.id
    row.ground, row.sealed_answer = ground, sealed_words(row, "answer", answer)
    row.save(update_fields=["state", "outcome", "closed_at", "answered_by", "ground", "sealed_answer"])
    leave(RequestEntry.ANSWERED, row, by=by, at=at)
    after_commit("requests.follow_up", due_at=at, request_id=row.pk)
    # They asked here, not at a desk: a letter goes as they chose.
    tell(row.person_id, NoticeKind.REQUEST_ANSWERED, by=by, at=at, asked_for=True)


def note_taken(person: UUID, *, rows: int, by: Actor, at: datetime) -> None:
    """The log was taken along as a file; within the person's scope."""
    record(RequestEntry.LOG_TAKEN, by=by, about=person, at=at, counts={"rows": rows})


def _next_number(at: datetime) -> str:
    year = localdate(at).year
    [(count,)] = sent(_NEXT, [year])()
    return number_text(year, count)


def leave(kind: RequestEntry, request: Request, *, by: Actor, at: datetime) -> UUID:
    """An entry in the log of the person whose request it is; its id."""
    counts = {"kind": request.kind} | ({"outcome": str(request.outcome)} if request.outcome else {})
    told = {"department": request.department or by.unit, "reference": request.number, "counts": counts}
    return record(kind, by=by, about=request.person_id, at=at, **told)  # type: ignore[arg-type]
