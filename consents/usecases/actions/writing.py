"""A resident proposes, comments, changes what they wrote and removes it: theirs at any time, public once read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from consents.usecases.enums import Shown, WordKind, WordState
from consents.usecases.errors import NoLongerChanged, NotThere, TooManyToday
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Comment
from consents.usecases.queries.own import can_change, words_of
from consents.usecases.queries.sealed import sealed_said
from consents.usecases.rules.steps import COMMENTS_A_DAY, PROPOSALS_A_DAY
from consents.usecases.texts import Said
from consents.usecases.words import Follow, Report, Support, Word
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope


@dataclass(frozen=True)
class Draft:
    """What was sent by one form, whose `id` makes two presses of it one; `case`: what a comment is about."""

    id: UUID
    said: Said
    shown: Shown
    language: str
    case: UUID | None = None

    @property
    def kind(self) -> WordKind:
        """A comment is about a case; a proposal is none yet."""
        return WordKind.COMMENT if self.case else WordKind.PROPOSAL


def send(draft: Draft, *, person: UUID, by: Actor, at: datetime) -> UUID:
    """Keep it until a moderator has read it, within the person's scope. TooManyToday, NotThere."""
    if words_of(person).filter(pk=draft.id).exists():
        return draft.id
    _refuse_floods(draft.kind, person, at=at)
    if draft.case and not Case.objects.filter(pk=draft.case, removed_at=None).exists():
        raise NotThere
    row = Word(
        id=draft.id,
        person_id=person,
        kind=draft.kind,
        case_id=draft.case,
        language=draft.language,
        shown=draft.shown,
        sealed_said=sealed_said(draft.id, draft.said, person=person),
        sent_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The other press of the same form was a moment earlier, or the id is somebody else's: nothing of it is theirs.
        return draft.id
    kind = UseCaseEntry.COMMENTED if draft.case else UseCaseEntry.PROPOSED
    record(kind, by=by, about=person, at=at)
    return row.pk


def _refuse_floods(kind: WordKind, person: UUID, *, at: datetime) -> None:
    most = COMMENTS_A_DAY if kind is WordKind.COMMENT else PROPOSALS_A_DAY
    if words_of(person).filter(kind=kind, sent_at__gt=at - timedelta(days=1)).count() >= most:
        raise TooManyToday


def change(draft: Draft, *, person: UUID, by: Actor, at: datetime) -> None:
    """Within the person's scope. A moderator reads it again; until then the older text stays. NoLongerChanged."""
    row = words_of(person).select_for_update(of=("self",)).get(pk=draft.id)
    if not can_change(row, at=at):
        raise NoLongerChanged
    row.sealed_said = sealed_said(row.pk, draft.said, person=person)
    row.shown, row.language, row.state, row.changed_at = draft.shown, draft.language, WordState.WAITING, at
    row.ground, row.refused_at = "", None
    row.save(update_fields=["sealed_said", "shown", "language", "state", "changed_at", "ground", "refused_at"])
    record(UseCaseEntry.WORDS_CHANGED, by=by, about=person, at=at)


def remove(word: UUID, *, person: UUID, by: Actor, at: datetime) -> None:
    """Within the person's scope: the row goes, and what is published of it with it."""
    row = words_of(person).select_for_update(of=("self",)).get(pk=word)
    with scope(Role.WORKER, persons=[person]):
        take_away([row], at=at)
    record(UseCaseEntry.WORDS_REMOVED, by=by, about=person, at=at)


def take_away(rows: list[Word], *, at: datetime) -> None:
    """These words, here and where everyone reads them; within the worker's scope.

    A proposal that staff put into words of their own stays theirs, and nobody's proposal any more.
    """
    Comment.objects.filter(pk__in=[row.comment_id for row in rows if row.comment_id]).delete()
    proposed = [row.case_id for row in rows if row.kind == WordKind.PROPOSAL and row.case_id]
    still_theirs = Case.objects.filter(pk__in=proposed).exclude(language="")
    gone = list(still_theirs.values_list("pk", flat=True))
    Word.objects.filter(pk__in=[row.pk for row in rows]).delete()
    take_off(gone, at=at)
    Case.objects.filter(pk__in=proposed).update(signature="")


def take_off(cases: list[UUID], *, at: datetime) -> None:
    """Proposals that stand in their writers' words go from the page, with who supports, follows and reported them."""
    for model in (Support, Follow, Report):
        model.objects.filter(case__in=cases).delete()
    Case.objects.filter(pk__in=cases).update(texts={}, removed_at=at, supports=0, signature="")
