"""The queue of requests in the back office: what waits, by its day; opened for the person to see, and answered."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from datasources.queries.holdings import names_by_slug
from portal.desk.forms import AnswerRequestForm
from portal.desk.preview import Foretold, foretold
from portal.ledger.actor import Actor
from portal.ledger.queries import entries_of_departments
from portal.pages.log_lines import Line, Names, line_of
from portal.people.actors import actor_of
from portal.people.models import User
from portal.requests.actions import answer_request, open_request
from portal.requests.enums import RequestState
from portal.requests.errors import AlreadyAnswered, TooNear
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.requests.queries import words_of
from portal.requests.rules import working_days_left
from portal.requests.workdays import is_free
from portal.staff.manners import ReadOnly
from portal.walls import Role, scope

OPEN_FOR = timedelta(minutes=15)
_OPENED = "request_opened"


def left_in_words(due: date, today: date) -> str:
    """How long there is still, in words, not by colour."""
    days = working_days_left(today, due, is_free)
    if days < 0:
        late = ngettext("%(n)d working day late", "%(n)d working days late", -days)
        return late % {"n": -days}
    return ngettext("%(n)d working day left", "%(n)d working days left", days) % {"n": days}


@admin.register(Request)
class RequestAdmin(ReadOnly[Request]):
    """Of one's own departments, the most urgent first; no name, no identity code and no word of what was said."""

    list_display = ("number", "kind", "due_on", "time_left", "department", "state", "received_at")
    list_filter = ("state", "department")
    search_fields = ("=number",)
    ordering = (F("closed_at").desc(nulls_first=True), "due_on", "received_at")
    show_full_result_count = False

    @admin.display(description=_("Time left"))
    def time_left(self, request: Request) -> str:
        """Of what waits."""
        return left_in_words(request.due_on, timezone.localdate()) if request.state == RequestState.RECEIVED else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First what the person will read; then, once it is opened, what they said, and the answer."""
        if not self.has_view_permission(request):
            raise Http404
        asked = get_object_or_404(self.get_queryset(request).defer("sealed_said", "sealed_answer"), pk=_id(object_id))
        now, by = timezone.now(), actor_of(request)
        may_answer = request.user.has_perm("requests.change_request")
        if not may_answer:
            return self._page(request, asked, by=by, at=now)
        if request.method == "POST" and request.POST.get("do") == "open":
            return self._open(request, asked, by=by, at=now)
        if not _is_open(request, asked, at=now):
            return self._page(request, asked, by=by, at=now)
        return self._answer(request, asked, by=by, at=now)

    def _open(self, request: HttpRequest, asked: Request, *, by: Actor, at: datetime) -> HttpResponse:
        try:
            open_request(asked, staff=cast("User", request.user), by=by, at=at)
        except TooNear:
            self.message_user(request, _("You cannot open this person. Let a colleague answer."), messages.ERROR)
            return redirect("admin:requests_request_changelist")
        request.session[_OPENED] = {"request": str(asked.pk), "at": at.isoformat()}
        return redirect("admin:requests_request_change", asked.pk)

    def _answer(self, request: HttpRequest, asked: Request, *, by: Actor, at: datetime) -> HttpResponse:
        user = cast("User", request.user)
        form = AnswerRequestForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and asked.state == RequestState.RECEIVED:
            told = form.cleaned_data
            try:
                answer_request(
                    asked.pk, outcome=told["outcome"], answer=told["answer"], staff=user.departments, by=by, at=at
                )
                self.message_user(request, _("The answer is with the person."), messages.SUCCESS)
            except AlreadyAnswered:
                self.message_user(request, _("Somebody answered this meanwhile."), messages.ERROR)
            request.session.pop(_OPENED, None)
            return redirect("admin:requests_request_changelist")
        with scope(Role.STAFF, persons=[asked.person_id], departments=user.departments):
            said, answer = words_of(Request.objects.get(pk=asked.pk))
        opened = {"opened": True, "form": form, "said": said, "answer": answer}
        return self._page(request, asked, by=by, at=at, status=422 if form.errors else 200, **opened)

    def _page(
        self, request: HttpRequest, asked: Request, *, by: Actor, at: datetime, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{asked.get_kind_display()} {asked.number}",
            "opts": self.opts,
            "asked": asked,
            "language": dict(settings.LANGUAGES)[asked.language],
            "time_left": self.time_left(asked),
            "row": _row(asked),
            "may_answer": request.user.has_perm("requests.change_request"),
            "foretold": foretold(
                Foretold(RequestEntry.OPENED, by, asked.department or by.unit, asked.number),
                language=asked.language,
                at=at,
                person=asked.person_id,
            ),
            **more,
        }
        answer = TemplateResponse(request, "admin/requests/request/answer.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def _row(asked: Request) -> Line | None:
    """The row of the log that it is about, as the person reads it, where the staff member may see it."""
    entry = entries_of_departments().filter(pk=asked.entry_id).first() if asked.entry_id else None
    return line_of(entry, Names(*names_by_slug()), reader=asked.person_id) if entry else None


def _is_open(request: HttpRequest, asked: Request, *, at: datetime) -> bool:
    kept = request.session.get(_OPENED)
    if kept is None or kept["request"] != str(asked.pk):
        return False
    return timedelta(0) <= at - datetime.fromisoformat(kept["at"]) < OPEN_FOR
