"""A person's choice of letters."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind
from portal.notices.enums import LetterKind, NoticeKind, Way
from portal.notices.kinds import NoticeEntry
from portal.notices.models import Letter, LetterChoice, Notice
from portal.notices.queries import Choice
from portal.notices.rules import may_write


def choose(person: UUID, choice: Choice, *, by: Actor, at: datetime) -> bool:
    """Keep the choice, with an entry and a letter; False when it is the same. Within a scope that covers the person.

    The letter goes the way that was chosen before: whoever changes the choice behind someone's back is told on.
    """
    LetterChoice.objects.get_or_create(
        pk=person, defaults={"language": choice.language, "changed_at": at, "digest_from_at": at}
    )
    row = LetterChoice.objects.select_for_update().get(pk=person)
    before = Choice.of(row)
    if before == choice:
        return False
    row.way, row.digest, row.desk, row.language = choice.way, choice.digest, choice.desk, choice.language
    row.changed_at = at
    row.save(update_fields=["way", "digest", "desk", "language", "changed_at"])
    details = {"before": asdict(before), "after": asdict(choice)}
    record(NoticeEntry.CHOICES_CHANGED, by=by, about=person, at=at, details=details)
    _tell(person, before if before.way != Way.NOTHING else choice, by=by, at=at)
    return True


def _tell(person: UUID, told: Choice, *, by: Actor, at: datetime) -> None:
    at_desk = by.kind is ActorKind.STAFF
    letter = None
    if may_write(Way(told.way), desk_letters=told.desk, at_desk=at_desk):
        letter = Letter(
            person_id=person, kind=LetterKind.ALONE, way=told.way, language=told.language, made_at=at, due_at=at
        )
        letter.save(force_insert=True)
        after_commit("notices.send_letter", due_at=at, letter_id=letter.pk)
    notice = Notice(person_id=person, kind=NoticeKind.LETTERS_CHANGED, at=at, at_desk=at_desk, letter=letter)
    notice.save(force_insert=True)
