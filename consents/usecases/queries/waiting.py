"""What waits for a moderator: words that nobody else has read, and comments that readers reported."""

from collections import Counter
from uuid import UUID

from django.db.models import Q, QuerySet

from consents.usecases.enums import ReportGround, WordState
from consents.usecases.queries.sealed import said_in
from consents.usecases.texts import Said
from consents.usecases.words import Report, Word
from portal.walls import Role, scope


def waiting_words() -> QuerySet[Word]:
    """Oldest first, within the staff's scope; what they say stays sealed."""
    waits = Word.objects.filter(Q(state=WordState.WAITING) | Q(reported_at__isnull=False))
    return waits.defer("sealed_said").select_related("case").order_by("sent_at")


def read_words(word: UUID) -> Said | None:
    """What one of them says, for whoever decides about it, in a scope of its own; None where it is gone."""
    with scope(Role.WORKER):
        row = Word.objects.filter(Q(state=WordState.WAITING) | Q(reported_at__isnull=False), pk=word).first()
        return said_in(row) if row else None


def reports_of(word: Word) -> list[tuple[str, int]]:
    """(What is wrong, how many say so), within the staff's scope."""
    grounds = Counter(Report.objects.filter(comment=word.comment_id).values_list("ground", flat=True))
    return [(str(ReportGround(ground).label), count) for ground, count in grounds.most_common()]
