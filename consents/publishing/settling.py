"""Ending the answers that a closed purpose or a changed text leaves behind: the worker's part."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from consents.actions.ending import end_answer
from consents.actions.requesting import request_consent
from consents.enums import ConsentState, OldAnswers
from consents.errors import OnlyAdults, TooManyOpen
from consents.models import Consent, Purpose
from portal.ledger.actor import Actor, system

JOB = system("consents.settle_answers")
_ON = (ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING)


def _left(purpose: Purpose) -> tuple[ConsentState, tuple[ConsentState, ...], int] | None:
    """(what they become, which, of texts before which version); None when nothing is to end."""
    if purpose.closed_at is not None:
        newest = max(purpose.texts.values_list("version", flat=True), default=0)
        return ConsentState.TERMINATED, (*_ON, ConsentState.REQUESTED), newest + 1
    # The newest that ended them, though a clarification of it has come since.
    ended = purpose.texts.filter(published_at__isnull=False, old_answers=OldAnswers.ENDED)
    text = ended.order_by("-version").first()
    if text is None:
        return None
    return ConsentState.SUPERSEDED, _ON, text.version


def settle_answers(purpose: UUID, *, by: Actor, at: datetime, batch: int = 500) -> int:
    """End at most `batch` answers of a purpose that was closed or whose text changed, in the worker's scope; how many.

    Each with its event and its entry. After a change the new question is put at once, unless five wait already.
    Again and again gives nothing new.
    """
    row = Purpose.objects.get(pk=purpose)
    left = _left(row)
    if left is None:
        return 0
    state, ending, before = left
    due = Consent.objects.filter(purpose=row, state__in=ending, text__version__lt=before).order_by("pk")
    held = due.select_for_update(of=("self",)).select_related("text", "purpose__department")[:batch]
    ended = 0
    for consent in held:
        end_answer(consent, state, by=by, at=at)
        if state == ConsentState.SUPERSEDED:
            with suppress(TooManyOpen, OnlyAdults):
                request_consent(row, person=consent.person_id, by=by, at=at)
        ended += 1
    return ended
