"""Forgetting what was noticed and sent long ago."""

from datetime import datetime

from portal.ledger.actor import Actor
from portal.notices.models import Letter, Notice
from portal.notices.rules import KEEP_FOR


def tidy(*, by: Actor, at: datetime, batch: int = 5000) -> int:
    """Remove at most `batch` notices and letters older than a year, within the worker's scope; how many."""
    old = Notice.objects.filter(at__lt=at - KEEP_FOR).order_by("at").values_list("pk", flat=True)[:batch]
    gone, _ = Notice.objects.filter(pk__in=list(old)).delete()
    letters = Letter.objects.filter(made_at__lt=at - KEEP_FOR, notices=None).order_by("made_at")
    more, _ = Letter.objects.filter(pk__in=list(letters.values_list("pk", flat=True)[:batch])).delete()
    return gone + more
