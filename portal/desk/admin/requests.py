"""The queue of requests in the back office: what waits, by its day; opened for the person to see, and answered."""

from datetime import datetime
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from datasources.queries.holdings import names_by_slug
from portal.desk.admin.evidence import evidence_file
from portal.desk.admin.figures import case_register, figures_page
from portal.desk.opened import close, id_of, is_open, note_open
from portal.desk.preview import Foretold, foretold
from portal.desk.request_acts import CLOSED, FAULTS, OPENED, Done, Press
from portal.desk.request_pages import left_in_words, opened_context, ways_of, who_has
from portal.ledger.actor import Actor
from portal.ledger.queries import entries_of_departments
from portal.pages.log_lines import Line, Names, line_of
from portal.people.actors import actor_of
from portal.people.models import User
from portal.requests.actions import open_request
from portal.requests.enums import OPEN_STATES
from portal.requests.errors import RequestFault, TooNear
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.staff.manners import ReadOnly


class WhoseFilter(admin.SimpleListFilter):
    """Mine, or nobody's yet."""

    title = _("Who has it")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Nobody sees from whom else it is."""
        return [("mine", _("I have it")), ("nobody", _("nobody yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Request]) -> QuerySet[Request]:
        """By the pseudonym of whoever looks."""
        if self.value() is None:
            return queryset
        return queryset.filter(assignee=request.user.get_username() if self.value() == "mine" else "")


@admin.register(Request)
class RequestAdmin(ReadOnly[Request]):
    """Of one's own departments, the most urgent first; no name, no identity code and no word of what was said."""

    list_display = ("number", "kind", "due_on", "time_left", "department", "state", "whose")
    list_filter = ("state", "kind", "department", WhoseFilter)
    search_fields = ("=number",)
    ordering = (F("closed_at").desc(nulls_first=True), "due_on", "received_at")
    change_list_template = "admin/requests/request/list.html"

    @admin.display(description=_("Time left"))
    def time_left(self, request: Request) -> str:
        """Of what waits."""
        return left_in_words(request.due_on, timezone.localdate()) if request.state in OPEN_STATES else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """With whether whoever looks has it."""
        mine = Q(assignee=request.user.get_username())
        return super().get_queryset(request).annotate(is_mine=mine)

    @admin.display(description=_("Who has it"))
    def whose(self, request: Any) -> str:
        """Whoever looks, a colleague, or nobody."""
        if not request.assignee:
            return gettext("nobody yet")
        return gettext("you") if request.is_mine else gettext("a colleague")

    def get_urls(self) -> list[URLPattern]:
        """Beside the list: figures, and the list for the city's case register."""
        figures = self.admin_site.admin_view(partial(figures_page, self))
        register = self.admin_site.admin_view(partial(case_register, self))
        evidence = self.admin_site.admin_view(partial(evidence_file, self))
        return [
            path("<uuid:asked>/evidence/<uuid:pk>/", evidence, name="requests_request_evidence"),
            path("figures/", figures, name="requests_request_figures"),
            path("case-register/", register, name="requests_request_register"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First what the person will read; then, once it is opened, what they said, and the answer."""
        if not self.has_view_permission(request):
            raise Http404
        asked = get_object_or_404(self.get_queryset(request).defer("sealed_said", "sealed_answer"), pk=id_of(object_id))
        now, by = timezone.now(), actor_of(request)
        if not request.user.has_perm("requests.change_request"):
            return self._page(request, asked, by=by, at=now)
        if request.method == "POST" and request.POST.get("do") == "open":
            return self._open(request, asked, by=by, at=now)
        opened = is_open(request, asked.pk, at=now)
        act = ({**CLOSED, **OPENED} if opened else CLOSED).get(request.POST.get("do", ""))
        if request.method == "POST" and act:
            done = self._press(request, act, Press(asked, cast("User", request.user), request.POST, by, now))
            if not done.forms:
                return self._after(request, asked, done)
            return self._page(request, asked, by=by, at=now, opened=opened, forms=done.forms, status=422)
        return self._page(request, asked, by=by, at=now, opened=opened)

    def _open(self, request: HttpRequest, asked: Request, *, by: Actor, at: datetime) -> HttpResponse:
        try:
            open_request(asked, staff=cast("User", request.user), by=by, at=at)
        except TooNear:
            self.message_user(request, _("You cannot open this person. Let a colleague answer."), messages.ERROR)
            return redirect("admin:requests_request_changelist")
        note_open(request, asked.pk, at=at)
        return redirect("admin:requests_request_change", asked.pk)

    def _press(self, request: HttpRequest, act: Any, press: Press) -> Done:
        try:
            done: Done = act(press)
        except RequestFault as fault:
            self.message_user(request, str(FAULTS.get(type(fault), fault)), messages.ERROR)
            return Done(stays=False)
        if done.said:
            self.message_user(request, str(done.said), messages.SUCCESS)
        return done

    def _after(self, request: HttpRequest, asked: Request, done: Done) -> HttpResponse:
        if done.stays:
            return redirect("admin:requests_request_change", asked.pk)
        close(request)
        return redirect("admin:requests_request_changelist")

    def _page(
        self,
        request: HttpRequest,
        asked: Request,
        *,
        by: Actor,
        at: datetime,
        opened: bool = False,
        forms: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        may_answer = request.user.has_perm("requests.change_request")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{asked.get_kind_display()} {asked.number}",
            "opts": self.opts,
            "asked": asked,
            "waits": asked.state in OPEN_STATES,
            "language": dict(settings.LANGUAGES)[asked.language],
            "time_left": self.time_left(asked),
            "who": who_has(asked, by),
            "row": _row(asked),
            "may_answer": may_answer,
            "foretold": foretold(
                Foretold(RequestEntry.OPENED, by, asked.department or by.unit, asked.number),
                language=asked.language,
                at=at,
                person=asked.person_id,
            ),
            **(ways_of(asked, forms or {}) if may_answer else {}),
            **(opened_context(request, asked, forms or {}, by=by, at=at) if opened else {}),
        }
        answer = TemplateResponse(request, "admin/requests/request/answer.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer


def _row(asked: Request) -> Line | None:
    """The row of the log that it is about, as the person reads it, where the staff member may see it."""
    entry = entries_of_departments().filter(pk=asked.entry_id).first() if asked.entry_id else None
    return line_of(entry, Names(*names_by_slug()), reader=asked.person_id) if entry else None
