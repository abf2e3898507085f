"""The catalogue, the sources and their pulls in the back office."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from datasources.actions.pulls import ask_for_pull
from datasources.models import Dataset, Department, Field, Pull, Register, Source
from portal.ledger.actor import Actor, ActorKind, Right
from portal.staff.manners import NoAddingNorDeleting, ReadOnly


def _actor(request: HttpRequest) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=str(request.user.pk), right=Right.OFFICE, role="keeper")


@admin.register(Department)
class DepartmentAdmin(NoAddingNorDeleting[Department], TranslationAdmin):  # type: ignore[type-arg]
    """Units, in three languages side by side."""

    list_display = ("name", "everyday_name", "slug", "retired_at")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")


@admin.register(Register)
class RegisterAdmin(NoAddingNorDeleting[Register], TranslationAdmin):  # type: ignore[type-arg]
    """The parts of each privacy notice."""

    list_display = ("name", "department", "basis", "connection", "reports_uses_since")
    list_filter = ("connection", "basis", "core_process", "department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("department",)


@admin.register(Dataset)
class DatasetAdmin(NoAddingNorDeleting[Dataset], TranslationAdmin):  # type: ignore[type-arg]
    """Kinds of data."""

    list_display = ("name", "register", "sensitivity", "keep_days")
    list_filter = ("sensitivity", "register__department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("register",)


@admin.register(Field)
class FieldAdmin(NoAddingNorDeleting[Field], TranslationAdmin):  # type: ignore[type-arg]
    """Fields, and when each may be shown."""

    list_display = ("label", "slug", "dataset", "type", "disclosure", "about_others")
    list_filter = ("disclosure", "about_others", "type", "dataset")
    search_fields = ("label_fi", "label_sv", "label_en", "slug")
    list_select_related = ("dataset",)


@admin.register(Source)
class SourceAdmin(NoAddingNorDeleting[Source]):
    """Department systems: how they are, and reading one now. Secrets are never shown."""

    list_display = ("slug", "department", "kind", "live", "switched_on", "failures", "last_success_at", "last_error")
    list_filter = ("kind", "switched_on", "live")
    list_select_related = ("department",)
    exclude = ("sealed_secrets",)
    readonly_fields = ("slug", "kind", "failures", "opened_at", "last_success_at", "last_error", "mapping_version")
    actions = ("read_now",)

    @admin.action(description=_("Read now"), permissions=["change"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Ring the workers; the pull shows up in the list of pulls."""
        for source in queryset:
            ask_for_pull(source, by=_actor(request), at=timezone.now())
        self.message_user(request, _("The workers have been asked."), messages.SUCCESS)


@admin.register(Pull)
class PullAdmin(ReadOnly[Pull]):
    """Every run of reading, with its counts and its error in words."""

    list_display = (
        *("source", "kind", "state", "started_at", "rows_read", "changed", "unchanged", "removed"),
        *("people_passed_over", "rejected", "error"),
    )
    list_filter = ("state", "kind", "source")
    list_select_related = ("source",)
