"""Asking for a permission: one question a purpose, five open at a time, a no left in peace for six months."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from consents.actions.traces import leave_traces, moment
from consents.enums import ConsentState, TextState
from consents.errors import AskedTooSoon, NotAConsent, NotAsked, OnlyAdults, TooManyOpen
from consents.kinds import ConsentEntry
from consents.models import Consent, Purpose, PurposeText
from consents.queries.gone import is_asked_for_what_is_gone, needs_what_is_gone
from consents.rules.acting import OF_AGE, birthday
from consents.rules.deciding import CONSENT_BASIS
from consents.rules.lifecycle import MOST_OPEN, may_ask_again
from portal.ledger.actor import Actor
from portal.people.behalf.powers import birth_of

# Any number, the same in every process: the lock of whoever asks one person.
_ASKING = 0x61736B


def published(purpose: Purpose) -> PurposeText:
    """The text that is asked with now; NotAsked when there is none, the purpose is closed, or its data is gone."""
    text = None if purpose.closed_at else purpose.texts.filter(state=TextState.PUBLISHED).first()
    if text is None or is_asked_for_what_is_gone(purpose.pk):
        raise NotAsked
    return text


def request_consent(purpose: Purpose, *, person: UUID, by: Actor, at: datetime, asked_for: bool = False) -> Consent:
    """Ask one resident for one published purpose, within a scope that covers them. Asking twice asks once.

    `asked_for`: they want to answer it themselves, whatever else waits.
    """
    if purpose.basis != CONSENT_BASIS:
        raise NotAConsent
    text = published(purpose)
    if purpose.adults_only and not _is_of_age(person, at=at):
        raise OnlyAdults
    consent = Consent.objects.select_for_update().filter(person_id=person, purpose=purpose).first()
    if consent is not None and consent.state in {ConsentState.REQUESTED, ConsentState.GIVEN}:
        return consent
    if not asked_for and _places_left(person) < 1:
        raise TooManyOpen
    if consent is None:
        consent = Consent(person_id=person, purpose=purpose, recipient=purpose.department.slug)
    elif not may_ask_again(ConsentState(consent.state), consent.answered_at, at=at):
        raise AskedTooSoon
    else:
        at = moment(consent, at=at)
    return _put(consent, text, by=by, at=at)


def _put(consent: Consent, text: PurposeText, *, by: Actor, at: datetime) -> Consent:
    consent.text, consent.state, consent.requested_at = text, ConsentState.REQUESTED, at
    consent.withdrawn_at = None
    leave_traces(ConsentEntry.REQUESTED, consent, by=by, at=at)
    return consent


def ask_on_arrival(person: UUID, *, by: Actor, at: datetime) -> int:
    """Put the questions meant for everyone who signs in, each once in a life; how many were new.

    Only as many as there is room for: the others are put when some were answered.
    """
    if not _unasked(person).exists():
        return 0
    # Whoever signs in on two devices in the same moment is asked once: the second looks when the first has asked.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ASKING, str(person)])
    shown = Prefetch("texts", PurposeText.objects.filter(state=TextState.PUBLISHED), to_attr="shown")
    waiting = list(_unasked(person).select_related("department").prefetch_related(shown))
    if any(purpose.adults_only for purpose in waiting) and not _is_of_age(person, at=at):
        waiting = [purpose for purpose in waiting if not purpose.adults_only]
    fresh = waiting[: max(0, _places_left(person))] if waiting else []
    for purpose in fresh:
        question = Consent(person_id=person, purpose=purpose, recipient=purpose.department.slug)
        _put(question, purpose.shown[0], by=by, at=at)
    return len(fresh)


def _unasked(person: UUID) -> QuerySet[Purpose]:
    """What everyone is asked and they were not."""
    asked = Consent.objects.filter(person_id=person).values("purpose")
    new = Purpose.objects.filter(
        ask_on_arrival=True, basis=CONSENT_BASIS, closed_at=None, texts__state=TextState.PUBLISHED
    )
    return new.exclude(pk__in=asked).exclude(needs_what_is_gone("pk"))


def _is_of_age(person: UUID, *, at: datetime) -> bool:
    return localdate(at) >= birthday(birth_of(person), OF_AGE)


def _places_left(person: UUID) -> int:
    return MOST_OPEN - Consent.objects.filter(person_id=person, state=ConsentState.REQUESTED).count()
