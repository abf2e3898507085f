"""One opening in a hundred is looked into afterwards, drawn by lot: staff know it, and nobody can tell which.

That use is watched over, and that staff are told how: 759/2004 21 §. What is unusual is told of besides (`opened`).
"""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.kinds import PeopleEntry
from portal.people.models import OpeningReview, ReviewFinding

_ALL = 100


class AlreadyReviewed(Exception):
    """Somebody looked into this opening meanwhile."""


def draw_for_review(entry: UUID, *, by: Actor, at: datetime) -> None:
    """Cast the lot for one opening, in the transaction that it is written in, within a scope of the staff."""
    if secrets.randbelow(_ALL) < settings.REVIEWED_OPENINGS_PERCENT:
        # Whoever opens may write the row, and cannot read it back.
        OpeningReview.objects.bulk_create([OpeningReview(entry_id=entry, department=by.unit, opened_at=at)])


def review_opening(review: UUID, finding: ReviewFinding, *, by: Actor, at: datetime) -> None:
    """What the officer found, once, with an entry; within a scope of staff who see every department.

    AlreadyReviewed. What was asked of the department may still turn out right or wrong.
    """
    waits = OpeningReview.objects.filter(pk=review).exclude(finding__in=[ReviewFinding.RIGHT, ReviewFinding.WRONG])
    if not waits.update(finding=finding, reviewed_at=at, reviewed_by=by.id):
        raise AlreadyReviewed
    row = OpeningReview.objects.get(pk=review)
    counts = {"entry": str(row.entry_id), "outcome": finding.value}
    record(PeopleEntry.OPENING_REVIEWED, by=by, at=at, department=row.department, counts=counts)


def openings_to_review() -> int:
    """How many wait."""
    return OpeningReview.objects.filter(reviewed_at=None).count()
