"""One account that held two people: it is shut when it is told, and when it is confirmed each has an account again.

Nothing of one is shown to the other: the shared account is opened by nobody any more, and its log stays in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.actions.parting import part_answers, pause_all_of, resume_all
from consents.usecases.actions.joining import hand_interest, hand_words
from datasources.models import NotCopied
from datasources.transfers.arriving.joining import join_arrived
from datasources.wearables.actions.joining import join_brought
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind, Way
from portal.notices.models import Letter, LetterChoice
from portal.people.models import Person, User
from portal.people.parting import begin_accounts, end_shared_log_in, part_rows
from portal.requests.erasing.models import Plan
from portal.requests.joining import hand_requests, join_sealed
from portal.requests.life.closing import end_log_in, end_own_work, remove_all_copies
from portal.requests.life.enums import Goes
from portal.requests.life.errors import AlreadyClosed
from portal.requests.life.joining import PLAN, hold_erasures, join_holds, refuse_running_erasures
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.things import EARLIER, PACKAGE, REQUEST, WATCH, WORD, ids_of, things_of, whose
from portal.requests.unknown import close_unknown
from portal.walls import Role, outside, scope


@dataclass(frozen=True)
class Codes:
    """By which the shared account is found, and of the other person; `repr` tells neither."""

    first: str
    second: str

    def __repr__(self) -> str:
        return "Codes(...)"


def shut_account(person: UUID, *, reference: str, by: Actor, at: datetime) -> list[UUID]:
    """Until it is clear whose it is: sessions end, nobody signs in, and what was allowed is on hold. Which that was.

    AlreadyClosed. Opens its own scopes.
    """
    with scope(Role.WORKER, persons=[person]):
        row = Person.objects.select_for_update().get(pk=person)
        if row.closed_at:
            raise AlreadyClosed
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        record(LifeEntry.SHUT, by=by, about=person, at=at, reference=reference)
        with outside():
            end_log_in(person, for_good=True)
        return pause_all_of(person, by=by, at=at)


def open_again(person: UUID, paused: list[UUID], *, reference: str, by: Actor, at: datetime) -> None:
    """It was told in error: as before. Opens its own scope."""
    with scope(Role.WORKER, persons=[person]):
        _let_in(person)
        record(LifeEntry.OPENED, by=by, about=person, at=at, reference=reference)
        resume_all(paused, by=by, at=at)


def open_unconfirmed(person: UUID, *, reference: str, by: Actor, at: datetime) -> None:
    """Nobody confirmed it in time, and nobody said that it was an error. Opens its own scope.

    The word of one officer keeps nobody out for longer; but it may be true, so that nothing is used that was allowed
    there before whoever signs in allows it anew.
    """
    with scope(Role.WORKER, persons=[person]):
        _let_in(person)
        record(LifeEntry.LAPSED, by=by, about=person, at=at, reference=reference)
        tell(person, NoticeKind.OPEN_AGAIN, by=by, at=at)


def _let_in(person: UUID) -> None:
    Person.objects.filter(pk=person).update(closed_at=None)
    with outside():
        User.objects.filter(person_id=person).update(is_active=True)


@transaction.atomic
def split_account(
    shared: UUID, codes: Codes, said: Mapping[str, str], *, reference: str, by: Actor, at: datetime
) -> tuple[UUID, UUID]:
    """The accounts of the two, in the order of `codes`; `said`: {key of a thing: whose} (`things.Thing`).

    What goes to one of them: requests, words, what was brought. What holds for both: every no, restriction, erasure and
    legal hold. What ends: sessions, permissions, copies; registers are read anew by each code. What stays where no page
    shows it: log, permissions with their events, receipts, notices. ErasureRuns, AlreadyClosed. Opens its own scopes.
    """
    goes = whose(things_of(shared), said)
    first, second = begin_accounts(shared, (codes.first, codes.second), by=by, at=at)
    with scope(Role.WORKER, persons=[shared, first.pk, second.pk]):
        row = Person.objects.select_for_update().get(pk=shared)
        if second.closed_at:
            raise AlreadyClosed
        refuse_running_erasures(shared, second.pk)
        asked = ids_of(REQUEST, Goes.SECOND, goes)
        counts = {"permissions": part_answers(shared, first.pk, second.pk, of_second=asked, by=by, at=at)}
        end_own_work(shared, by=by, at=at)
        unknown = close_unknown(shared, ids_of(REQUEST, Goes.NEITHER, goes), by=by, at=at)
        hand_interest(shared, first.pk)
        for person, whose_things in ((first, Goes.FIRST), (second, Goes.SECOND)):
            _hand(shared, person.pk, whose_things, goes, at=at)
            join_holds(shared, person.pk)
            hold_erasures(shared, person.pk, by=by, at=at)
            _keep_uncopied(shared, person.pk)
        _end(shared, by=by, at=at)
        part_rows(row, {codes.first: first, codes.second: second})
        record(LifeEntry.SPLIT, by=by, about=shared, at=at, reference=reference, counts=counts)
        for person in (first, second):
            record(LifeEntry.BEGUN, by=by, about=person.pk, at=at, reference=reference)
            if unknown:
                # Neither what was asked, when, nor how often: it may be the other's.
                record(LifeEntry.UNKNOWN_ASKER, by=by, about=person.pk, at=at, reference=reference)
            tell(person.pk, NoticeKind.SPLIT, by=by, at=at, asked_for=True)
        with outside():
            end_shared_log_in(shared)
    return first.pk, second.pk


def _hand(shared: UUID, person: UUID, whose_things: Goes, goes: Mapping[str, Goes], *, at: datetime) -> None:
    requests = ids_of(REQUEST, whose_things, goes)
    hand_requests(shared, person, requests)
    join_sealed(Plan, PLAN, shared, person, only={"request_id": requests})
    Plan.objects.filter(person_id=person, chosen_by=str(shared)).update(chosen_by=str(person))
    hand_words(shared, person, only=ids_of(WORD, whose_things, goes))
    join_arrived(shared, person, only=ids_of(PACKAGE, whose_things, goes))
    if goes.get(f"{WATCH}:") is whose_things:
        join_brought(shared, person, at=at)
    Person.objects.filter(pk__in=ids_of(EARLIER, whose_things, goes), continues_as=shared).update(continues_as=person)


def _keep_uncopied(shared: UUID, person: UUID) -> None:
    """What either had erased is not fetched anew for either; one press brings it back."""
    known = set(NotCopied.objects.filter(person_id=person).values_list("dataset_id", flat=True))
    marks = NotCopied.objects.filter(person_id=shared, until_sign_in=False).exclude(dataset_id__in=known - {None})
    for mark in marks:
        if None not in known:
            NotCopied.objects.create(person_id=person, dataset_id=mark.dataset_id, since_at=mark.since_at)


def _end(shared: UUID, *, by: Actor, at: datetime) -> None:
    """No letter goes out from there, and nothing is kept that was given to neither."""
    LetterChoice.objects.filter(person_id=shared).update(way=Way.NOTHING)
    Letter.objects.filter(person_id=shared, sent_at=None, given_up_at=None).update(given_up_at=at)
    Plan.objects.filter(person_id=shared, request=None).delete()
    remove_all_copies(shared, by=by, at=at)
