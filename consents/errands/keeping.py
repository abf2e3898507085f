"""Return addresses proposed, confirmed and ended; errands begun, joined and told the end of."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from consents.actions.requesting import published, request_consent
from consents.enums import ConsentState, ErrandResult
from consents.errands.links import Link, confirmed_of
from consents.errors import (
    AskedTooSoon,
    ErrandOver,
    LinkUsed,
    NoSuchErrand,
    NoSuchReturnAddress,
    NotAReturnAddress,
    NotAsked,
    OtherPerson,
    OwnReturnAddress,
    QuestionUnknown,
    ReturnUnknown,
    TooManyReturnAddresses,
)
from consents.kinds import ConsentEntry
from consents.models import Consent, Errand, Purpose, ReturnAddress
from consents.rules.deciding import CONSENT_BASIS
from consents.rules.returning import is_at_or_below, is_return_address
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.subjects import is_subject_of
from portal.rest.clients import name_of

MOST = 20
_LONGEST = 300
# Time to sign in, read and answer.
LASTS = timedelta(hours=1)
_ON = (ConsentState.GIVEN, ConsentState.PENDING)


def propose_address(client: UUID, department: str, address: str, *, by: Actor, at: datetime) -> ReturnAddress:
    """Have this address looked at by a second person; proposed twice it stands once.

    Within the staff's or the API's scope. NotAReturnAddress, TooManyReturnAddresses.
    """
    if len(address) > _LONGEST or not is_return_address(address, plain_http=settings.PLAIN_HTTP):
        raise NotAReturnAddress
    standing = ReturnAddress.objects.filter(client=client, ended_at=None)
    if (there := standing.filter(address=address).first()) is not None:
        return there
    if standing.count() >= MOST:
        raise TooManyReturnAddresses
    row = ReturnAddress.objects.create(
        client=client,
        system=name_of(client),
        department=department,
        address=address,
        proposed_by=by.id,
        proposed_at=at,
    )
    _tell(ConsentEntry.RETURN_PROPOSED, row, by=by, at=at)
    return row


@transaction.atomic
def confirm_address(pk: UUID, *, by: Actor, at: datetime) -> ReturnAddress:
    """By another than who proposed it; from now on people are led back there. NoSuchReturnAddress, OwnReturnAddress."""
    row = _standing(pk)
    if row.confirmed_at is None:
        if row.proposed_by == by.id:
            raise OwnReturnAddress
        row.confirmed_by, row.confirmed_at = by.id, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        _tell(ConsentEntry.RETURN_CONFIRMED, row, by=by, at=at)
    return row


@transaction.atomic
def end_address(pk: UUID, *, by: Actor, at: datetime, client: UUID | None = None) -> None:
    """Nobody is led there any more, whoever is under way among them. `client`: only of this system's."""
    row = _standing(pk)
    if client is not None and row.client != client:
        raise NoSuchReturnAddress
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _tell(ConsentEntry.RETURN_ENDED, row, by=by, at=at)


def begin_errand(link: Link, *, by: Actor, at: datetime) -> UUID:
    """Somebody came by a link that holds; who it is, is not known yet. Within the API's scope.

    QuestionUnknown when this department does not ask that; LinkUsed.
    """
    claims = link.claims
    purpose = Purpose.objects.filter(slug=claims.purpose, department__slug=link.client.department).first()
    if purpose is None or purpose.basis != CONSENT_BASIS:
        raise QuestionUnknown
    try:
        published(purpose)
    except NotAsked:
        raise QuestionUnknown from None
    errand = Errand(
        client=link.client.pk,
        service=link.client.name,
        purpose=purpose,
        jti_sha256=hashlib.sha256(claims.jti.encode()).digest(),
        return_to=claims.return_to,
        state=claims.state,
        subject=link.subject,
        begun_at=at,
        ends_at=at + LASTS,
    )
    try:
        with transaction.atomic():
            errand.save(force_insert=True)
    except IntegrityError:
        raise LinkUsed from None
    return errand.pk


@transaction.atomic
def join_errand(pk: UUID, *, person: UUID, by: Actor, at: datetime) -> Consent:
    """Whoever signed in takes the errand on, and the question is put to them; the permission that it is about.

    Within their scope. NoSuchErrand, ErrandOver, OtherPerson; OnlyAdults and NotAsked as for any question. A no that is
    younger than six months stays: they may answer anew, and are not asked to.
    """
    errand = _theirs(pk, person)
    if errand.ends_at <= at:
        raise ErrandOver
    if errand.person_id is None:
        if not _is_meant(errand, person):
            raise OtherPerson
        errand.person_id, errand.joined_at = person, at
        errand.save(update_fields=["person_id", "joined_at"])
        _leave_entry(ConsentEntry.ERRAND_BEGUN, errand, by=by, at=at)
    try:
        return request_consent(errand.purpose, person=person, by=by, at=at, asked_for=True)
    except AskedTooSoon:
        return Consent.objects.select_related("purpose__department", "text").get(
            person_id=person, purpose=errand.purpose
        )


@transaction.atomic
def leave_errand(pk: UUID, *, person: UUID, by: Actor, at: datetime) -> tuple[Errand, ErrandResult]:
    """What the service is told now, within the person's scope; a word that it had already leaves no second entry.

    Of somebody else than whom the service has before it, it is told what it is told of who answers later. NoSuchErrand;
    ReturnUnknown when its address was ended meanwhile.
    """
    errand = _theirs(pk, person)
    if not is_at_or_below(errand.return_to, confirmed_of(errand.client)):
        raise ReturnUnknown
    result = _result_of(errand)
    if errand.person_id is not None and errand.result != result:
        errand.result = result
        errand.save(update_fields=["result"])
        _leave_entry(ConsentEntry.ERRAND_TOLD, errand, by=by, at=at)
    return errand, result


def _result_of(errand: Errand) -> ErrandResult:
    """Answered: here and now, or on already, as a check would say; an older no stays the person's own."""
    if errand.person_id is None or errand.joined_at is None:
        return ErrandResult.LATER
    answer = Consent.objects.filter(person_id=errand.person_id, purpose=errand.purpose).first()
    if answer is None or answer.state == ConsentState.REQUESTED:
        return ErrandResult.LATER
    lately = answer.answered_at is not None and answer.answered_at >= errand.joined_at
    return ErrandResult.ANSWERED if lately or answer.state in _ON else ErrandResult.LATER


def _is_meant(errand: Errand, person: UUID) -> bool:
    named = errand.subject
    return named is None or is_subject_of(person, errand.purpose.department.slug, bytes(named))


def _theirs(pk: UUID, person: UUID) -> Errand:
    rows = Errand.objects.select_for_update(of=("self",)).select_related("purpose__department")
    errand = rows.filter(pk=pk).first()
    if errand is None or errand.person_id not in {None, person}:
        raise NoSuchErrand
    return errand


def _standing(pk: UUID) -> ReturnAddress:
    row = ReturnAddress.objects.select_for_update().filter(pk=pk, ended_at=None).first()
    if row is None:
        raise NoSuchReturnAddress
    return row


def _tell(kind: ConsentEntry, row: ReturnAddress, *, by: Actor, at: datetime) -> None:
    told = {"address": row.address, "client": str(row.client)}
    record(kind, by=by, at=at, department=row.department, reference=f"client {row.client}", counts=told)


def _leave_entry(kind: ConsentEntry, errand: Errand, *, by: Actor, at: datetime) -> None:
    record(
        kind,
        by=by,
        about=errand.person_id,
        at=at,
        department=errand.purpose.department.slug,
        purpose=errand.purpose.slug,
        counts={"result": errand.result} if errand.result else {},
    )
