"""What waits for a moderator: words that nobody else has read, and those that readers reported."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from consents.usecases.enums import ReportGround, WordKind, WordState
from consents.usecases.queries.sealed import said_in
from consents.usecases.texts import Said
from consents.usecases.words import Report, Word
from portal.walls import Role, scope

# As residents are told when they send something.
PROMISED_DAYS = 2
_FRIDAY = 5


def waiting_words() -> QuerySet[Word]:
    """Oldest first, within the staff's scope; what they say stays sealed."""
    waits = Word.objects.filter(Q(state=WordState.WAITING) | Q(reported_at__isnull=False))
    return waits.defer("sealed_said").select_related("case").order_by("sent_at")


def read_words(word: UUID) -> Said | None:
    """What one of them says, for whoever decides about it, in a scope of its own; None where it is gone."""
    with scope(Role.WORKER):
        row = Word.objects.filter(Q(state=WordState.WAITING) | Q(reported_at__isnull=False), pk=word).first()
        return said_in(row) if row else None


def waiting_too_long(*, at: datetime) -> int:
    """How many were sent, changed or reported more than two working days ago, within the staff's scope."""
    since = Coalesce("reported_at", "changed_at", "sent_at")
    return waiting_words().annotate(since=since).filter(since__lt=working_days_before(at, PROMISED_DAYS)).count()


def working_days_before(at: datetime, days: int) -> datetime:
    """The same time of day, so many days from Monday to Friday earlier."""
    while days:
        at -= timedelta(days=1)
        days -= at.isoweekday() <= _FRIDAY
    return at


def about_it(word: Word) -> QuerySet[Report]:
    """What readers reported of it: of a comment by the comment, of a proposal by its case."""
    if word.kind == WordKind.PROPOSAL:
        return Report.objects.filter(case__isnull=False, case=word.case_id)
    return Report.objects.filter(comment__isnull=False, comment=word.comment_id)


def reports_of(word: Word) -> list[tuple[str, int]]:
    """(What is wrong, how many say so), within the staff's scope."""
    grounds = Counter(about_it(word).values_list("ground", flat=True))
    return [(str(ReportGround(ground).label), count) for ground, count in grounds.most_common()]
