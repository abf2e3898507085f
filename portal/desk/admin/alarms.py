"""What the front page warns of: questions whose time is short or over, and somebody who opened many people."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from portal.people.opened import alarms_since
from portal.people.reviews import openings_to_review
from portal.requests.queries import waiting_requests
from portal.requests.rules import working_days_after
from portal.requests.workdays import is_free
from portal.staff.alarms import Alarm, rings

_WATCHED = timedelta(days=7)
# Working days in which something is near.
_SOON = 5


@rings
def requests_wait(request: HttpRequest) -> Iterator[Alarm]:
    """What is late, what is to be answered today, and what within five working days."""
    if not request.user.has_perm("requests.view_request"):
        return
    today = timezone.localdate()
    soon = working_days_after(today, _SOON, is_free)
    page = reverse("admin:requests_request_changelist")
    days = list(waiting_requests().filter(due_on__lte=soon, paused_at=None).values_list("due_on", flat=True))
    late, now = sum(day < today for day in days), sum(day == today for day in days)
    counts = ((_late, late), (_today, now), (_in_five_days, len(days) - late - now))
    yield from (Alarm(sentence(count), page) for sentence, count in counts if count)


def _late(count: int) -> str:
    late = ngettext("%(count)d request is late.", "%(count)d requests are late.", count)
    return late % {"count": count}


def _today(count: int) -> str:
    today = ngettext(
        "%(count)d request has to be answered today.", "%(count)d requests have to be answered today.", count
    )
    return today % {"count": count}


def _in_five_days(count: int) -> str:
    soon = ngettext(
        "%(count)d request has to be answered within five working days.",
        "%(count)d requests have to be answered within five working days.",
        count,
    )
    return soon % {"count": count}


@rings
def many_were_opened(request: HttpRequest) -> Iterator[Alarm]:
    """For those who watch over the whole log."""
    if "*" not in getattr(request.user, "departments", []) or not request.user.has_perm("ledger.view_entry"):
        return
    count = alarms_since(timezone.now() - _WATCHED)
    if count:
        sentence = ngettext(
            "Within an hour somebody opened more than 20 people. It happened %(count)d time in a week.",
            "Within an hour somebody opened more than 20 people. It happened %(count)d times in a week.",
            count,
        )
        page = reverse("admin:ledger_entry_changelist")
        yield Alarm(sentence % {"count": count}, f"{page}?kind__exact=people.many_opened")


@rings
def openings_wait(request: HttpRequest) -> Iterator[Alarm]:
    """For whoever looks into what was drawn by lot."""
    if "*" not in getattr(request.user, "departments", []) or not request.user.has_perm("people.change_openingreview"):
        return
    count = openings_to_review()
    if count:
        sentence = ngettext(
            "%(count)d opening was drawn by lot and waits to be looked into.",
            "%(count)d openings were drawn by lot and wait to be looked into.",
            count,
        )
        page = reverse("admin:people_openingreview_changelist")
        yield Alarm(sentence % {"count": count}, f"{page}?reviewed_at__isnull=True")
