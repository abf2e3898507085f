"""Systems that are to act on a change, in the back office: who is late."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consents.models import Telling
from portal.staff.alarms import Alarm, rings
from portal.staff.manners import ReadOnly


class Late(admin.SimpleListFilter):
    """Those whose time is up."""

    title = _("time")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Late, or all."""
        return [("yes", _("late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Telling]) -> QuerySet[Telling]:
        """Not acted on, and due before now."""
        if self.value() != "yes":
            return queryset
        return queryset & _late()


def _late() -> "QuerySet[Telling]":
    return Telling.objects.filter(acknowledged_at=None, due_at__lt=timezone.now())


@rings
def systems_are_late(request: HttpRequest) -> Iterator[Alarm]:
    """One line for each system of the reader's departments."""
    if not request.user.has_perm("consents.view_telling"):
        return
    page = reverse("admin:consents_telling_changelist")
    for system, count in _late().values_list("system").annotate(count=Count("pk")).order_by("system"):
        told = {"system": system, "count": count}
        sentence = ngettext(
            "%(system)s has not acted on %(count)d change in time.",
            "%(system)s has not acted on %(count)d changes in time.",
            count,
        )
        yield Alarm(sentence % told, f"{page}?late=yes")


@admin.register(Telling)
class TellingAdmin(ReadOnly[Telling]):
    """Which systems were told of an end, and which have acted; of whom, nobody sees here."""

    list_display = ("system", "department", "what", "due_at", "told_at", "acknowledged_at", "is_late")
    list_filter = (Late, "department")
    list_select_related = ("announcement",)
    fields = ("system", "department", "what", "purpose", "due_at", "told_at", "acknowledged_at")
    readonly_fields = fields
    ordering = ("due_at",)

    @admin.display(description=_("What changed"))
    def what(self, telling: Telling) -> str:
        """In words."""
        return telling.announcement.get_kind_display()

    @admin.display(description=_("Use of data"))
    def purpose(self, telling: Telling) -> str:
        """The purpose's slug."""
        return telling.announcement.purpose

    @admin.display(description=_("late"), boolean=True)
    def is_late(self, telling: Telling) -> bool:
        """Its time is up."""
        now: datetime = timezone.now()
        return telling.acknowledged_at is None and telling.due_at < now
