"""My queue, on the front page: requests and parts of them that wait, the most urgent first."""

from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from consents.usecases.queries.waiting import waiting_words
from datasources.queries.holdings import names_by_slug
from portal.desk.request_pages import left_in_words, who_has
from portal.people.actors import actor_of
from portal.requests.by_hand import parts_by_hand
from portal.requests.enums import RequestState
from portal.requests.queries import waiting_requests
from portal.requests.rules import working_days_after
from portal.requests.workdays import is_free
from portal.staff.front import Task, waits

_MOST = 20
# What residents wrote for everyone is read within two working days, as they are told when they send it.
_READ_WITHIN = 2


@waits
def requests_to_answer(request: HttpRequest) -> Iterator[Task]:
    """The nearest day first; no more than fit a page, the list has them all."""
    if not request.user.has_perm("requests.view_request"):
        return
    today, names, by = timezone.localdate(), names_by_slug()[0], actor_of(request)
    # What the portal itself does is nobody's task before it is late.
    theirs = Q(state=RequestState.RECEIVED) | Q(due_on__lt=today, paused_at=None)
    for row in waiting_requests().filter(theirs).order_by("due_on", "received_at")[:_MOST]:
        left, whose = left_in_words(row.due_on, today), names.get(row.department, "")
        url = reverse("admin:requests_request_change", args=[row.pk])
        kind, state = str(row.get_kind_display()), str(row.get_state_display())
        yield Task(kind, row.due_on, left, whose, row.number, state, who_has(row, by), url)


@waits
def registers_to_look_in(request: HttpRequest) -> Iterator[Task]:
    """By hand, where no system of the portal reads the register."""
    if not request.user.has_perm("requests.view_part"):
        return
    today, names = timezone.localdate(), names_by_slug()[0]
    for part in parts_by_hand()[:_MOST]:
        due = timezone.localdate(part.deadline_at)
        url = reverse("admin:requests_part_change", args=[part.pk])
        kind, state = gettext("Look in a register"), str(part.get_state_display())
        whose = names.get(part.department, "")
        yield Task(kind, due, left_in_words(due, today), whose, part.number, state, gettext("nobody yet"), url)


@waits
def words_to_read(request: HttpRequest) -> Iterator[Task]:
    """What residents wrote about use cases, or reported."""
    if not request.user.has_perm("usecases.change_word"):
        return
    today = timezone.localdate()
    for word in waiting_words()[:_MOST]:
        due = working_days_after(
            timezone.localdate(word.reported_at or word.changed_at or word.sent_at), _READ_WITHIN, is_free
        )
        url = reverse("admin:usecases_word_change", args=[word.pk])
        kind, state = gettext("Words of a resident"), str(word.get_state_display())
        yield Task(kind, due, left_in_words(due, today), "", "", state, gettext("nobody yet"), url)
