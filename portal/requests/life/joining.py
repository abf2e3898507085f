"""Two accounts that are one person: one stays, and nothing that was held back under the other is used."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from consents.actions.joining import join_answers
from consents.usecases.actions.joining import join_words
from datasources.models import NotCopied
from datasources.transfers.arriving.joining import join_arrived
from datasources.wearables.actions.joining import join_brought
from portal.keys.indexes import blind_indexes
from portal.keys.seals import place
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind, Way
from portal.notices.models import Letter, LetterChoice, Notice
from portal.people.codes import hold_code
from portal.people.joining import join_log_ins, join_rows
from portal.people.models import Person
from portal.requests.enums import OPEN_STATES
from portal.requests.erasing.copies import remove_copies
from portal.requests.erasing.models import LegalHold, Plan
from portal.requests.erasing.queries import Outlook, outlook_of
from portal.requests.joining import join_requests, join_sealed
from portal.requests.life.closing import end_log_in, end_own_work, remove_all_copies
from portal.requests.life.errors import AlreadyClosed, ErasureRuns, NotTwo
from portal.requests.life.kinds import LifeEntry
from portal.walls import Role, outside, scope

PLAN = {column: partial(place, "erasing_plan", column) for column in ("sealed_told", "sealed_receipt")}


@transaction.atomic
def join_accounts(stays: UUID, code: str, *, reference: str, by: Actor, at: datetime) -> UUID:
    """Whoever is known by `code` and `stays` are one person: from now on `stays`, found by `code`. Which account ended.

    What moves: requests, notices, pseudonyms, rights to act, what was brought, from a watch and from another city, and
    words about use cases. What holds on: every no, restriction, objection, erasure and legal hold. What ends: sessions,
    permissions, copies. What stays where it was, and is read by the person alone: the log, permissions with their
    events, receipts. NotTwo, AlreadyClosed, ErasureRuns: then nothing is done. Opens its own scopes.
    """
    with scope(Role.WORKER):
        # In turn with a first sign-in by the code.
        hold_code(code)
        goes = Person.objects.filter(blind_index__in=blind_indexes(code)).values_list("pk", flat=True).first()
    if goes is None or goes == stays:
        raise NotTwo
    with scope(Role.WORKER, persons=[goes, stays]):
        rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[goes, stays]).order_by("pk")}
        _refuse_what_cannot_be_joined(rows[goes], rows[stays])
        record(LifeEntry.JOINED, by=by, about=stays, at=at, reference=reference)
        record(LifeEntry.CONTINUED, by=by, about=goes, at=at, reference=reference)
        with outside():
            for person in (goes, stays):
                end_log_in(person, for_good=False)
        _join_letters(goes, stays, at=at)
        end_own_work(goes, by=by, at=at)
        join_answers(goes, stays, by=by, at=at)
        join_brought(goes, stays, at=at)
        join_arrived(goes, stays)
        join_words(goes, stays)
        join_holds(goes, stays)
        hold_erasures(goes, stays, by=by, at=at)
        remove_all_copies(goes, by=by, at=at)
        join_rows(rows[goes], rows[stays], code, at=at)
        join_requests(goes, stays)
        join_sealed(Plan, PLAN, goes, stays)
        Plan.objects.filter(person_id=stays, chosen_by=str(goes)).update(chosen_by=str(stays))
        Notice.objects.filter(person_id=goes).update(person_id=stays)
        tell(stays, NoticeKind.JOINED, by=by, at=at, asked_for=True)
        with outside():
            join_log_ins(goes, stays, code)
    return goes


def _refuse_what_cannot_be_joined(goes: Person, stays: Person) -> None:
    if goes.closed_at or stays.closed_at:
        raise AlreadyClosed
    refuse_running_erasures(goes.pk, stays.pk)


def refuse_running_erasures(*people: UUID) -> None:
    """ErasureRuns where one of theirs has begun. Within the worker's scope of all."""
    begun = Plan.objects.filter(person_id__in=people, begun_at__isnull=False)
    if begun.filter(request__state__in=OPEN_STATES).exists():
        raise ErasureRuns


def _join_letters(goes: UUID, stays: UUID, *, at: datetime) -> None:
    """The choice of who stays stands; where they made none, that of the other. What is under way is not sent."""
    if LetterChoice.objects.filter(person_id=stays).exists():
        LetterChoice.objects.filter(person_id=goes).update(way=Way.NOTHING)
    else:
        LetterChoice.objects.filter(person_id=goes).update(person_id=stays)
    Letter.objects.filter(person_id=goes, sent_at=None, given_up_at=None).update(given_up_at=at)


def join_holds(goes: UUID, stays: UUID) -> None:
    """What the law holds of either it holds of both: copies of the one that goes stay, too, until it is over. Opens its
    own scope."""
    with scope(Role.STAFF, persons=[goes, stays]):
        for row in LegalHold.objects.filter(person_id=goes, ended_at=None):
            row.pk, row.person_id = uuid4(), stays
            row.save(force_insert=True)


def hold_erasures(goes: UUID, stays: UUID, *, by: Actor, at: datetime) -> None:
    """What they had erased under the one account is not copied under the other either; one press brings it back.
    Worker's scope of both."""
    marks = NotCopied.objects.filter(person_id=goes, until_sign_in=False)
    marked: set[str | None] = set(marks.values_list("dataset__slug", flat=True))
    if not marked:
        return
    outlook = [_of_these(each, marked) for each in outlook_of(stays, registers=None, at=at)]
    goes_too = [each for each in outlook if each.datasets]
    # Not everything: what they brought themselves is no copy.
    remove_copies(stays, goes_too, everything=False, until_sign_in=False, by=by, at=at)


def _of_these(each: Outlook, marked: set[str | None]) -> Outlook:
    """A mark that names no dataset is of all."""
    return each if None in marked else replace(each, datasets=tuple(slug for slug in each.datasets if slug in marked))
