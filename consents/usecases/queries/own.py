"""What is one resident's own: a read starts from the person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consents.usecases.enums import WordKind
from consents.usecases.models import Case, Comment
from consents.usecases.rules.steps import may_change
from consents.usecases.words import Follow, Report, Support, Word


@dataclass(frozen=True)
class Part:
    """How a resident takes part in one case."""

    supports: bool
    follows: bool


def part_of(person: UUID, case: UUID) -> Part:
    """Two statements."""
    about = {"person_id": person, "case_id": case}
    return Part(Support.objects.filter(**about).exists(), Follow.objects.filter(**about).exists())


def words_of(person: UUID) -> QuerySet[Word]:
    """What they have written, newest first."""
    return Word.objects.filter(person_id=person).select_related("case").order_by("-sent_at", "-pk")


def can_change(row: Word, *, at: datetime) -> bool:
    """Within a week, and a proposal only while its words are its writer's own."""
    taken_over = row.kind == WordKind.PROPOSAL and row.case is not None and not row.case.language
    return row.sealed_said is not None and may_change(row.sent_at, at=at) and not taken_over


def followed_by(person: UUID) -> QuerySet[Case]:
    """Cases that they follow, those with news first."""
    theirs = Follow.objects.filter(person_id=person).values("case_id")
    return Case.objects.filter(pk__in=theirs, removed_at=None).select_related("department").order_by("-changed_at")


def supported_by(person: UUID) -> QuerySet[Case]:
    """Cases that they support."""
    theirs = Support.objects.filter(person_id=person).values("case_id")
    return Case.objects.filter(pk__in=theirs, removed_at=None).select_related("department").order_by("-changed_at")


def has_reported(person: UUID, comment: Comment) -> bool:
    """They did so already."""
    return Report.objects.filter(person_id=person, comment=comment).exists()
