"""The catalogue, the sources and their pulls in the back office."""

from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from datasources.actions.pulls import ask_for_pull
from datasources.actions.sources import Wishes, change_source
from datasources.actions.trials import ask_for_trial
from datasources.forms import SETTING, NewSourceForm, SourceForm, TrialForm, source_form
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Department, Field, Pull, Register, Source, TrialKind, TrialState
from datasources.queries.health import health_text
from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.staff.manners import NoAddingNorDeleting, ReadOnly

M = TypeVar("M", bound=Model)

_LAST_TRIALS = 5


class _OfDepartment(NoAddingNorDeleting[M]):
    """What a keeper changes: of their own departments only, and each change leaves an entry."""

    told: ClassVar[SourcesEntry] = SourcesEntry.CATALOGUE_CHANGED

    @staticmethod
    def department_of(row: Any) -> str:
        """The slug of the department that the row belongs to."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Another department's rows are looked at only."""
        return super().has_change_permission(request, obj) and (obj is None or self._is_theirs(request, obj))

    def _is_theirs(self, request: HttpRequest, row: Any) -> bool:
        departments = getattr(request.user, "departments", [])
        return "*" in departments or self.department_of(row) in departments

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The row and its entry in one transaction; what was changed, and never to what."""
        super().save_model(request, obj, form, change)
        department = self.department_of(obj)
        record(
            self.told,
            by=actor_of(request, unit=department),
            at=timezone.now(),
            department=department,
            reference=f"{obj._meta.model_name} {obj.slug}",
            counts={"fields": sorted(form.changed_data)},
        )


@admin.register(Department)
class DepartmentAdmin(_OfDepartment[Department], TranslationAdmin):  # type: ignore[type-arg]
    """Units, in three languages side by side."""

    @staticmethod
    def department_of(row: Department) -> str:
        """Itself."""
        return row.slug

    list_display = ("name", "everyday_name", "slug", "retired_at")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")


@admin.register(Register)
class RegisterAdmin(_OfDepartment[Register], TranslationAdmin):  # type: ignore[type-arg]
    """The parts of each privacy notice."""

    @staticmethod
    def department_of(row: Register) -> str:
        """Whose it is."""
        return row.department.slug

    list_display = ("name", "department", "basis", "connection", "reports_uses_since")
    list_filter = ("connection", "basis", "core_process", "department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("department",)


@admin.register(Dataset)
class DatasetAdmin(_OfDepartment[Dataset], TranslationAdmin):  # type: ignore[type-arg]
    """Kinds of data."""

    @staticmethod
    def department_of(row: Dataset) -> str:
        """Whose it is."""
        return row.register.department.slug

    list_display = ("name", "register", "sensitivity", "keep_days")
    list_filter = ("sensitivity", "register__department")
    search_fields = ("name_fi", "name_sv", "name_en", "slug")
    list_select_related = ("register",)


@admin.register(Field)
class FieldAdmin(_OfDepartment[Field], TranslationAdmin):  # type: ignore[type-arg]
    """Fields, and when each may be shown."""

    @staticmethod
    def department_of(row: Field) -> str:
        """Whose it is."""
        return row.dataset.register.department.slug

    list_display = ("label", "slug", "dataset", "type", "disclosure", "about_others")
    list_filter = ("disclosure", "about_others", "type", "dataset")
    search_fields = ("label_fi", "label_sv", "label_en", "slug")
    list_select_related = ("dataset",)


@admin.register(Source)
class SourceAdmin(_OfDepartment[Source]):
    """Department systems: how they are, and reading one now. Secrets are never shown."""

    told = SourcesEntry.SOURCE_CHANGED

    @staticmethod
    def department_of(row: Source) -> str:
        """Whose it is."""
        return row.department.slug

    list_display = ("slug", "department", "kind", "live", "health", "last_success_at", "last_error")
    list_filter = ("kind", "switched_on", "live")
    list_select_related = ("department",)
    change_form_template = "admin/datasources/source/change_form.html"
    readonly_fields = ("failures", "opened_at", "last_success_at", "last_error", "mapping_version")
    actions = ("read_now",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers add systems of their own departments."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """A new source is named first; then each setting of its kind is asked for."""
        kwargs["form"] = NewSourceForm if obj is None else source_form(obj)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """How it is reached, what is read, for whom, and how it is."""
        if obj is None:
            return [(None, {"fields": NewSourceForm.Meta.fields})]
        settings = [name for name in source_form(obj).base_fields if name.startswith(SETTING)]
        return [
            (_("How it is reached"), {"fields": settings}),
            (_("What is read"), {"fields": ["mapping", "mapping_version"]}),
            (
                _("When, and of whom"),
                {
                    "fields": [
                        "switched_on",
                        "live",
                        "quiet_from",
                        "quiet_until",
                        "most_in_flight",
                        "keeps_for",
                        "keeps_for_ground",
                    ]
                },
            ),
            (_("How it is"), {"fields": ["failures", "opened_at", "last_success_at", "last_error"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """A new source has no state yet."""
        return () if obj is None else self.readonly_fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """One's own departments."""
        departments = getattr(request.user, "departments", [])
        shown = Department.objects.filter(retired_at=None)
        kwargs["queryset"] = shown if "*" in departments else shown.filter(slug__in=departments)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """A new source as any row; an old one by the action that holds the rules."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        before = Source.objects.select_related("department").get(pk=obj.pk)
        told = form.cleaned_data
        plain = {name: told[name] for name in SourceForm.Meta.fields}
        wishes = Wishes(settings=form.settings, secrets=form.secrets, **plain)
        changed = change_source(before, wishes, by=actor_of(request, unit=before.department.slug), at=timezone.now())
        if changed and told["switched_on"] and not before.switched_on:
            said = _("The system is switched off: make a dry run of what was changed, then switch it on again.")
            self.message_user(request, said, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        """On to its settings."""
        return redirect("admin:datasources_source_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: the trials of a source."""
        trials = path("<uuid:pk>/trials/", self.admin_site.admin_view(self.trials), name="datasources_source_trials")
        return [trials, *super().get_urls()]

    def trials(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Try a source of one's own department, and see what the last trials found."""
        source = get_object_or_404(Source.objects.select_related("department"), pk=pk)
        if not self.has_change_permission(request, source):
            raise Http404
        if request.method == "POST":
            form = TrialForm(request.POST)
            if form.is_valid():
                actor = actor_of(request, unit=source.department.slug)
                ask_for_trial(source, TrialKind(form.cleaned_data["kind"]), by=actor, at=timezone.now())
            return redirect("admin:datasources_source_trials", pk=pk)
        last = list(source.trials.all()[:_LAST_TRIALS])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try the source"),
            "source": source,
            "opts": self.opts,
            "kinds": TrialKind,
            "trials": last,
            "running": any(trial.state == TrialState.RUNNING for trial in last),
        }
        return TemplateResponse(request, "admin/datasources/source/trials.html", context)

    @admin.display(description=_("How it is"))
    def health(self, source: Source) -> str:
        """In words."""
        return health_text(source, at=timezone.now())

    @admin.action(description=_("Read now"), permissions=["change"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Ring the workers; the pull shows up in the list of pulls."""
        theirs = [source for source in queryset if self._is_theirs(request, source)]
        for source in theirs:
            ask_for_pull(source, by=actor_of(request, unit=self.department_of(source)), at=timezone.now())
        if theirs:
            self.message_user(request, _("The workers have been asked."), messages.SUCCESS)
        if len(theirs) < queryset.count():
            self.message_user(request, _("Only systems of your own departments were asked."), messages.WARNING)


@admin.register(Pull)
class PullAdmin(ReadOnly[Pull]):
    """Every run of reading, with its counts and its error in words."""

    list_display = (
        *("source", "kind", "state", "started_at", "rows_read", "changed", "unchanged", "removed"),
        *("people_passed_over", "rejected", "error"),
    )
    list_filter = ("state", "kind", "source")
    list_select_related = ("source",)
