"""Sending a letter: claimed, carried outside every transaction, then marked.

The direction of doubt: rather twice than never. A worker that dies between sending and marking leaves a letter that is
sent again, with the same Message-ID or external id, by which a mail system and Suomi.fi Messages know it for the same.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from portal.jobs.outbox import after_commit
from portal.keys.errors import KeyDestroyed, SealBroken
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices import mail, messages
from portal.notices.enums import LetterKind, NoticeKind, Way
from portal.notices.errors import LetterFault, NoAddress, NotAtAll, PersonGone
from portal.notices.kinds import NoticeEntry
from portal.notices.models import Letter, LetterChoice
from portal.notices.rules import SENDING_FOR, next_try
from portal.notices.wording import letter_text
from portal.people.actions import email_of, identity_code_of
from portal.people.models import Person
from portal.walls import Role, scope


@dataclass(frozen=True)
class _Outgoing:
    """Where a letter goes: an address or an identity code, opened for this sending and kept nowhere."""

    letter: UUID
    way: Way
    language: str
    to: str = field(repr=False)


class _NotWanted(NotAtAll):
    """The person has chosen otherwise since the letter was made."""


def send_letter(letter: UUID, *, by: Actor, at: datetime) -> None:
    """Send it, once; later when the service is away; not at all when no try would help. Opens its own scopes."""
    with scope(Role.WORKER):
        row = _claimed(letter, at=at)
    if row is None:
        return
    fault: LetterFault | None = None
    try:
        with scope(Role.WORKER):
            outgoing = _opened(row)
        _carry(outgoing)
    except LetterFault as found:
        fault = found
    with scope(Role.WORKER):
        # Whoever came after a pause so long that the letter was thought lost has it now.
        if Letter.objects.select_for_update().filter(pk=letter, sending_at=at, sent_at=None).exists():
            _mark(row, fault, by=by, at=at)


def _claimed(letter: UUID, *, at: datetime) -> Letter | None:
    free = Q(sending_at=None) | Q(sending_at__lte=at - SENDING_FOR)
    mine = Letter.objects.filter(free, pk=letter, sent_at=None, given_up_at=None, due_at__lte=at)
    return Letter.objects.get(pk=letter) if mine.update(sending_at=at, tries=F("tries") + 1) else None


def _opened(row: Letter) -> _Outgoing:
    if not _is_wanted(row):
        raise _NotWanted
    person = Person.objects.filter(pk=row.person_id).first()
    if person is None or person.closed_at:
        raise PersonGone
    try:
        to = email_of(person) if row.way == Way.EMAIL else identity_code_of(person)
    except (KeyDestroyed, SealBroken):
        raise PersonGone from None
    if not to:
        raise NoAddress
    return _Outgoing(row.pk, Way(row.way), row.language, to)


def _is_wanted(row: Letter) -> bool:
    """A letter that tells of a change of the choices goes whatever was chosen."""
    if row.notices.filter(kind=NoticeKind.LETTERS_CHANGED).exists():
        return True
    choice = LetterChoice.objects.filter(pk=row.person_id).first()
    return choice is not None and choice.way == row.way and (choice.digest or row.kind != LetterKind.DIGEST)


def _carry(outgoing: _Outgoing) -> None:
    wording = letter_text(outgoing.language)
    if outgoing.way == Way.EMAIL:
        mail.send(outgoing.to, wording.subject, wording.body, letter=outgoing.letter, language=outgoing.language)
    else:
        messages.send(outgoing.to, wording.subject, wording.body, letter=outgoing.letter)


def _mark(row: Letter, fault: LetterFault | None, *, by: Actor, at: datetime) -> None:
    row.sending_at = None
    row.fault = type(fault).__name__.lstrip("_") if fault else ""
    again = None if fault is None or isinstance(fault, NotAtAll) else next_try(row.tries, made_at=row.made_at, at=at)
    if again:
        row.due_at = again
        after_commit("notices.send_letter", due_at=again, letter_id=row.pk)
    elif fault:
        # The notices wait again: the next letter tells them, if there is one.
        row.given_up_at = at
        row.notices.update(letter=None)
        record(NoticeEntry.LETTER_FAILED, by=by, about=row.person_id, at=at, counts={"way": row.way})
    else:
        row.sent_at = at
        row.notices.update(told_at=at)
        record(NoticeEntry.LETTER_SENT, by=by, about=row.person_id, at=at, counts={"way": row.way})
    row.save(update_fields=["sending_at", "fault", "due_at", "given_up_at", "sent_at"])


def ring_unsent(*, by: Actor, at: datetime, batch: int = 1000) -> int:
    """Ask anew for letters whose job was lost or put aside, within the worker's scope; how many. Again gives none."""
    free = Q(sending_at=None) | Q(sending_at__lte=at - SENDING_FOR)
    under_way = Letter.objects.filter(free, sent_at=None, given_up_at=None, due_at__lt=at - SENDING_FOR)
    lost = list(under_way.order_by("due_at").values_list("pk", flat=True)[:batch])
    Letter.objects.filter(pk__in=lost).update(due_at=at)
    for letter in lost:
        after_commit("notices.send_letter", due_at=at, letter_id=letter)
    return len(lost)
