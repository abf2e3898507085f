"""Parts of requests that a person does: looking in a register which no system of the portal reads."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.desk.opened import close, id_of, is_open, note_open
from portal.desk.preview import Foretold, foretold
from portal.desk.request_forms import PartForm
from portal.desk.request_pages import left_in_words
from portal.i18n.languages import language_now
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of, names_of
from portal.people.actors import actor_of
from portal.people.models import Person, User
from portal.requests.by_hand import answer_part, open_part, parts_by_hand
from portal.requests.enums import PartState
from portal.requests.errors import NotByHand, TooNear
from portal.requests.kinds import RequestEntry
from portal.requests.models import Part
from portal.staff.manners import ReadOnly
from portal.walls import Role, scope


@admin.register(Part)
class PartAdmin(ReadOnly[Part]):
    """Of one's own departments, the most urgent first; no name and no identity code before one is opened."""

    list_display = ("number", "source", "time_left", "department", "state")
    list_filter = ("department",)
    search_fields = ("=number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Part]:
        """Only what waits for a person."""
        return parts_by_hand()

    @admin.display(description=_("Time left"))
    def time_left(self, part: Part) -> str:
        """Until its deadline."""
        return left_in_words(timezone.localdate(part.deadline_at), timezone.localdate())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First what the person will read; then, once opened, whom to look for, and what came of it."""
        if not self.has_view_permission(request):
            raise Http404
        part = get_object_or_404(self.get_queryset(request), pk=id_of(object_id))
        now, by = timezone.now(), actor_of(request)
        if not request.user.has_perm("requests.change_request"):
            return self._page(request, part, by=by, at=now)
        if request.method == "POST" and request.POST.get("do") == "open":
            return self._open(request, part, by=by, at=now)
        if not is_open(request, part.pk, at=now):
            return self._page(request, part, by=by, at=now)
        return self._answer(request, part, by=by, at=now)

    def _open(self, request: HttpRequest, part: Part, *, by: Actor, at: datetime) -> HttpResponse:
        try:
            open_part(part, staff=cast("User", request.user), by=by, at=at)
        except TooNear:
            self.message_user(request, _("You cannot open this person. Let a colleague answer."), messages.ERROR)
            return redirect("admin:requests_part_changelist")
        note_open(request, part.pk, at=at)
        return redirect("admin:requests_part_change", part.pk)

    def _answer(self, request: HttpRequest, part: Part, *, by: Actor, at: datetime) -> HttpResponse:
        staff = cast("User", request.user).departments
        form = PartForm(request.POST, request.FILES) if request.method == "POST" else PartForm()
        if form.is_valid():
            found = [form.cleaned_data["file"]] if form.cleaned_data["file"] else []
            try:
                answer_part(part.pk, PartState(form.cleaned_data["state"]), files=found, staff=staff, by=by, at=at)
                self.message_user(request, _("It is written down."), messages.SUCCESS)
            except NotByHand:
                self.message_user(request, _("Somebody did this meanwhile."), messages.ERROR)
            close(request)
            return redirect("admin:requests_part_changelist")
        with scope(Role.STAFF, persons=[part.person_id], departments=staff):
            person = Person.objects.get(pk=part.person_id)
            names = names_of(person)
            told = {"name": f"{names.given} {names.family}", "code": identity_code_of(person)}
        status = 422 if form.errors else 200
        return self._page(request, part, by=by, at=at, status=status, opened=True, form=form, **told)

    def _page(
        self, request: HttpRequest, part: Part, *, by: Actor, at: datetime, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{part.source} {part.number}",
            "opts": self.opts,
            "part": part,
            "time_left": self.time_left(part),
            "may_answer": request.user.has_perm("requests.change_request"),
            "foretold": foretold(
                Foretold(RequestEntry.OPENED, by, part.department, part.number),
                language=language_now(),
                at=at,
                person=part.person_id,
            ),
            **more,
        }
        answer = TemplateResponse(request, "admin/requests/part/answer.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer
