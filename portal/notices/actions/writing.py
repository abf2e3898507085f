"""Letters made of notices: one that goes alone, and the month's. The worker's part; nothing is sent here."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.notices.enums import LetterKind, Way
from portal.notices.models import Letter, LetterChoice, Notice
from portal.notices.rules import may_write, month_of, next_digest_from
from portal.walls import bulk

FIRST = UUID(int=0)
_BATCH = 500

# What a person has seen by signing in needs no letter.
_WAITS = """
n.letter_id IS NULL AND n.told_at IS NULL AND (c.desk OR NOT n.at_desk)
AND n.at > coalesce(p.last_signed_in_at, '-infinity')
"""
_DUE = f"""
SELECT c.person_id, c.way, c.language
FROM notices_letterchoice c JOIN people_person p ON p.id = c.person_id
WHERE c.person_id > %b AND c.digest AND c.way <> 'nothing' AND c.digest_from_at <= %b
AND EXISTS (SELECT FROM notices_notice n WHERE n.person_id = c.person_id AND {_WAITS})
ORDER BY c.person_id LIMIT %b FOR UPDATE OF c
"""  # noqa: S608
_GATHER = f"""
UPDATE notices_notice n SET letter_id = new.letter
FROM unnest(%s::uuid[], %s::uuid[]) AS new (letter, person)
JOIN notices_letterchoice c ON c.person_id = new.person JOIN people_person p ON p.id = new.person
WHERE n.person_id = new.person AND {_WAITS}
"""  # noqa: S608


def write_letter(notice: UUID, *, by: Actor, at: datetime) -> bool:
    """The letter about one notice, if the person wants any; within the worker's scope. A second time makes none."""
    row = Notice.objects.select_for_update(of=("self",)).filter(pk=notice, letter=None, told_at=None).first()
    choice = row and LetterChoice.objects.filter(pk=row.person_id).first()
    if not row or not choice or not may_write(Way(choice.way), desk_letters=choice.desk, at_desk=row.at_desk):
        return False
    row.letter = Letter(
        person_id=row.person_id,
        kind=LetterKind.ALONE,
        way=choice.way,
        language=choice.language,
        made_at=at,
        due_at=at,
    )
    row.letter.save(force_insert=True)
    row.save(update_fields=["letter"])
    after_commit("notices.send_letter", due_at=at, letter_id=row.letter.pk)
    return True


def write_digests(*, after: UUID, by: Actor, at: datetime, batch: int = _BATCH) -> UUID | None:
    """Letters for the next people after `after` whose month has come; where to go on, None at the end.

    Within the worker's scope, a transaction of its own for each batch. People are walked by index, locked, and their
    next month set in the same transaction: two walks at once, or one after a crash, make one letter a month.
    """
    due = bulk(_DUE, [after, at, batch])
    if not due:
        return None
    letters = [
        Letter(
            person_id=person,
            kind=LetterKind.DIGEST,
            way=way,
            language=language,
            month=month_of(at),
            made_at=at,
            due_at=at,
        )
        for person, way, language in due
    ]
    # Whoever had this month's already, though their choice is new, gets no second one.
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    made = set(Letter.objects.filter(pk__in=[letter.pk for letter in letters]).values_list("pk", flat=True))
    _gather([letter for letter in letters if letter.pk in made], at=at)
    people = [letter.person_id for letter in letters]
    LetterChoice.objects.filter(pk__in=people).update(digest_from_at=next_digest_from(at))
    return people[-1] if len(people) == batch else None


def _gather(letters: list[Letter], *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GATHER, [[letter.pk for letter in letters], [letter.person_id for letter in letters]])
    for letter in letters:
        after_commit("notices.send_letter", due_at=at, letter_id=letter.pk)
