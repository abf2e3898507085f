"""Restrictions and objections in the back office: what may not be used, and ending it after the person was told."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.errors import NotOn
from consents.kinds import ConsentEntry
from consents.models import Restriction
from consents.queries.limiting import stands_for_good
from consents.rules.limiting import NOTICE, end_of
from portal.desk.preview import Foretold, foretold
from portal.people.actors import actor_of
from portal.people.models import User
from portal.requests.errors import TooNear
from portal.requests.limiting import lift
from portal.staff.manners import ReadOnly, row_id

_LIST = "admin:consents_restriction_changelist"


@admin.register(Restriction)
class RestrictionAdmin(ReadOnly[Restriction]):
    """Of one's own departments, what is in force first; of whom, nobody sees here."""

    list_display = ("what", "department", "ground", "begins_at", "lifts_at", "lifted_at")
    list_filter = ("ground", "department")

    @admin.display(description=_("What is restricted"))
    def what(self, restriction: Restriction) -> str:
        """The slug of a register, of a dataset, of a purpose or of an algorithm."""
        return restriction.register or restriction.dataset or restriction.purpose or restriction.algorithm

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it is, what the person will read when its end is told, and the press for it."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        if request.method == "POST" and request.user.has_perm("consents.change_restriction"):
            return self._lift(request, row)
        now, by = timezone.now(), actor_of(request)
        entry = Foretold(ConsentEntry.END_TOLD, by, row.department, counts=row.counted)
        context = {
            **self.admin_site.each_context(request),
            "title": self.what(row),
            "opts": self.opts,
            "row": row,
            "days": NOTICE.days,
            "ends_at": end_of(now),
            "for_good": stands_for_good(row),
            "may_lift": self._may_lift(request, row),
            "foretold": foretold(entry, language="fi", at=now, person=row.person_id),
        }
        answer = TemplateResponse(request, "admin/consents/restriction/lift.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def _may_lift(self, request: HttpRequest, row: Restriction) -> bool:
        in_force = row.begins_at is not None and row.lifted_at is None and row.told_at is None
        return in_force and not stands_for_good(row) and request.user.has_perm("consents.change_restriction")

    def _lift(self, request: HttpRequest, row: Restriction) -> HttpResponse:
        try:
            lift(row, staff=cast("User", request.user), by=actor_of(request), at=timezone.now())
            self.message_user(request, _("The person was told. The restriction ends by itself."), messages.SUCCESS)
        except TooNear:
            self.message_user(request, _("You cannot open this person. Let a colleague answer."), messages.ERROR)
        except NotOn:
            self.message_user(request, _("Its end was told already, or it has ended."), messages.ERROR)
        return redirect(_LIST)
