"""A moderator reads what residents sent: it is published, or not, and its writer is told why."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from consents.usecases.actions.writing import take_off
from consents.usecases.enums import CaseState, RefusalGround, WordKind, WordState
from consents.usecases.errors import AlreadyDecided
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Comment, Statement
from consents.usecases.queries.sealed import said_in
from consents.usecases.queries.waiting import about_it
from consents.usecases.texts import CaseText, Said
from consents.usecases.words import Word
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.walls import Role, scope


@contextmanager
def _held(word: UUID) -> Iterator[Word]:
    """The row, locked, while it waits or was reported. AlreadyDecided."""
    with scope(Role.WORKER):
        row = Word.objects.select_for_update(of=("self",)).select_related("case", "comment").filter(pk=word).first()
        if row is None or (row.state != WordState.WAITING and row.reported_at is None):
            raise AlreadyDecided
        yield row


def publish(word: UUID, *, by: Actor, at: datetime) -> None:
    """Everyone reads it from now on; its writer is told. AlreadyDecided. Opens its own scope."""
    with _held(word) as row:
        said = said_in(row)
        # Since it was opened it was removed, reported only, or its words are gone.
        if said is None or row.state != WordState.WAITING:
            raise AlreadyDecided
        if row.kind == WordKind.PROPOSAL:
            _publish_proposal(row, said, at=at)
        else:
            _publish_comment(row, said, at=at)
        row.state, row.decided_at, row.reported_at = WordState.PUBLISHED, at, None
        row.save(update_fields=["state", "decided_at", "reported_at", "case", "comment"])
        record(UseCaseEntry.PUBLISHED, by=by, about=row.person_id, at=at)
        tell(row.person_id, NoticeKind.WORDS_READ, by=by, at=at, asked_for=True)


def _publish_proposal(row: Word, said: Said, *, at: datetime) -> None:
    text = CaseText(name=said.name, problem=said.text, gains=said.gains).model_dump()
    if row.case is None:
        # An address of no meaning: it outlives the words, and they may be taken back.
        slug = f"proposal-{row.pk.hex[:10]}"
        row.case = Case.objects.create(slug=slug, made_at=at, changed_at=at, **_words(row, text, said))
        Statement.objects.create(case=row.case, state=CaseState.PROPOSED, said_at=at)
    elif row.case.language:
        # It may have been taken off the page, and its writer has put it in other words.
        Case.objects.filter(pk=row.case.pk).update(removed_at=None, **_words(row, text, said))


def _words(row: Word, text: dict[str, str], said: Said) -> dict[str, Any]:
    return {"language": row.language, "texts": {row.language: text}, "signature": said.signature}


def _publish_comment(row: Word, said: Said, *, at: datetime) -> None:
    told = {"text": said.text, "signature": said.signature, "language": row.language}
    if row.comment is None:
        row.comment = Comment.objects.create(case=cast("Case", row.case), said_at=row.sent_at, **told)
    else:
        Comment.objects.filter(pk=row.comment.pk).update(changed_at=at, **told)


def refuse(word: UUID, ground: RefusalGround, *, by: Actor, at: datetime) -> None:
    """It is not published; its writer is told on which ground. AlreadyDecided. Opens its own scope.

    What readers reported goes from the page. Where only a change is refused, the older text stays as it was.
    """
    with _held(word) as row:
        if row.reported_at is not None:
            _take_off(row, at=at)
        row.state, row.ground = WordState.REFUSED, ground
        row.decided_at = row.refused_at = at
        row.reported_at = None
        row.save(update_fields=["state", "ground", "decided_at", "refused_at", "reported_at", "comment"])
        record(UseCaseEntry.NOT_PUBLISHED, by=by, about=row.person_id, at=at, counts={"ground": ground.value})
        tell(row.person_id, NoticeKind.WORDS_READ, by=by, at=at, asked_for=True)


def _take_off(row: Word, *, at: datetime) -> None:
    """What readers see of it; a proposal that staff have put into words of their own stays."""
    if row.comment is not None:
        comment, row.comment = row.comment, None
        comment.delete()
    elif row.kind == WordKind.PROPOSAL and row.case is not None and row.case.language:
        take_off([row.case.pk], at=at)


def leave(word: UUID, *, by: Actor, at: datetime) -> None:
    """What was reported stays as it is; the reports are answered. AlreadyDecided. Opens its own scope."""
    with _held(word) as row:
        if row.reported_at is None or row.state != WordState.PUBLISHED:
            raise AlreadyDecided
        about_it(row).delete()
        row.reported_at = None
        row.save(update_fields=["reported_at"])
        record(UseCaseEntry.LEFT_AS_IT_IS, by=by, about=row.person_id, at=at)
