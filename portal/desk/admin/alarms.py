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
from portal.staff.alarms import Alarm, rings

_WATCHED = timedelta(days=7)


@rings
def requests_wait(request: HttpRequest) -> Iterator[Alarm]:
    """What is to be answered today, or should have been."""
    if not request.user.has_perm("requests.view_request"):
        return
    count = waiting_requests().filter(due_on__lte=timezone.localdate()).count()
    if count:
        sentence = ngettext(
            "%(count)d request has to be answered today.", "%(count)d requests have to be answered today.", count
        )
        yield Alarm(sentence % {"count": count}, f"{reverse('admin:requests_request_changelist')}?state=received")


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
        yield Alarm(sentence % {"count": count}, f"{page}?kind=people.many_opened")


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
