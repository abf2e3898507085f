"""Department systems in the back office: connecting one, trying it, reading it now. Secrets are never shown."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.actions.pulls import ask_for_pull
from datasources.actions.sources import Wishes, change_source
from datasources.actions.trials import ask_for_trial
from datasources.actions.values import NotShown, show_values
from datasources.admin.mapping import MappingPages
from datasources.enums import ConnectorKind
from datasources.forms.sources import SETTING, NewSourceForm, SourceForm, source_form
from datasources.forms.trials import TrialForm
from datasources.kinds import SourcesEntry
from datasources.models import LOOKS, Source, Trial, TrialKind, TrialState
from datasources.queries.closely import closely
from datasources.queries.health import health_text, push_text
from datasources.rules.faults import told
from portal.i18n.dates import moment_text
from portal.people.actors import actor_of
from portal.rest.clients import senders_of

_LAST_TRIALS = 5


def with_sentences(trial: Trial) -> Trial:
    """The same, each item of its report with what went wrong in the language of whoever looks."""
    trial.report = [
        item
        | {"told": told(item.get("faults", "")), "closely": closely(item.get("sentences", []), item.get("error", ""))}
        for item in trial.report
    ]
    trial.report_told = told(trial.faults)  # type: ignore[attr-defined]
    trial.closely = closely(trial.sentences, trial.error)  # type: ignore[attr-defined]
    return trial


@admin.register(Source)
class SourceAdmin(MappingPages):
    """Department systems: how they are, and reading one now. Secrets are never shown."""

    told = SourcesEntry.SOURCE_CHANGED

    its_department = "department"
    list_display = ("slug", "department", "kind", "live", "health", "last_read", "what_went_wrong")
    list_filter = ("kind", "switched_on", "live")
    list_select_related = ("department",)
    change_form_template = "admin/datasources/source/change_form.html"
    how_it_is = ("failed_in_a_row", "left_alone_since", "last_read", "what_went_wrong", "more_closely")
    how_it_sends = ("who_may_send", "last_push")
    readonly_fields = (*how_it_is, "mapping_version")
    actions = ("read_now",)

    is_made_here = True

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """A new source is named first; then each setting of its kind is asked for."""
        kwargs["form"] = NewSourceForm if obj is None else source_form(obj)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """How it is reached, what is read, for whom, and how it is."""
        if obj is None:
            return [(None, {"fields": NewSourceForm.Meta.fields})]
        is_asked = ConnectorKind(obj.kind).is_asked
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
                        "kept_here",
                    ]
                },
            ),
            (_("How it is"), {"fields": self.how_it_is if is_asked else (*self.how_it_is, *self.how_it_sends)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """A new source has no state yet."""
        return () if obj is None else (*self.readonly_fields, *self.how_it_sends)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """A new source as any row; an old one by the action that holds the rules."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        before = Source.objects.select_related("department").get(pk=obj.pk)
        wanted = form.cleaned_data
        plain = {name: wanted[name] for name in SourceForm.Meta.fields}
        plain["kept_here"] |= "kept_here" not in form.changed_data
        wishes = Wishes(settings=form.settings, secrets=form.secrets, **plain)
        changed = change_source(before, wishes, by=actor_of(request, unit=before.department.slug), at=timezone.now())
        if changed and wanted["switched_on"] and not before.switched_on:
            said = _("The system is switched off: make a dry run of what was changed, then switch it on again.")
            self.message_user(request, said, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        """On to its settings."""
        return redirect("admin:datasources_source_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: the trials of a source."""
        view, name = self.admin_site.admin_view, "datasources_source"
        return [
            path("<uuid:pk>/trials/", view(self.trials), name=f"{name}_trials"),
            path("<uuid:pk>/trials/<uuid:trial_pk>/values/", view(self.values), name=f"{name}_values"),
            *super().get_urls(),
        ]

    def trials(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Try a source of one's own department, and see what the last trials found."""
        source = self.own_source(request, pk)
        form = TrialForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            asked = form.cleaned_data
            actor = actor_of(request, unit=source.department.slug)
            # A reason is for looking at values: it is not kept of a trial that shows none.
            reason = asked["reason"] if asked["kind"] == TrialKind.UNMASKED else ""
            ask_for_trial(source, TrialKind(asked["kind"]), by=actor, at=timezone.now(), reason=reason)
            return redirect("admin:datasources_source_trials", pk=pk)
        last = [with_sentences(trial) for trial in source.trials.exclude(kind__in=LOOKS)[:_LAST_TRIALS]]
        context = {
            **self.page_of(request, source, _("Try the source")),
            "form": form,
            "kinds": [kind for kind in TrialKind if kind != TrialKind.UNMASKED and not kind.is_look],
            "unmasked": TrialKind.UNMASKED,
            "trials": last,
            "mine": request.user.get_username(),
            "running": any(trial.state == TrialState.RUNNING for trial in last),
        }
        return TemplateResponse(request, "admin/datasources/source/trials.html", context)

    def values(self, request: HttpRequest, pk: UUID, trial_pk: UUID) -> HttpResponse:
        """The values of an unmasked preview, once."""
        source = self.own_source(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actor = actor_of(request, unit=source.department.slug)
        try:
            items = show_values(source, trial_pk, by=actor, at=timezone.now())
        except NotShown:
            self.message_user(request, _("The values are not here any more: they are shown once."), messages.WARNING)
            return redirect("admin:datasources_source_trials", pk=pk)
        context = {**self.page_of(request, source, _("Try the source")), "items": items}
        answer = TemplateResponse(request, "admin/datasources/source/values.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.display(description=_("How it is"))
    def health(self, source: Source) -> str:
        """In words."""
        return health_text(source, at=timezone.now())

    @admin.display(description=_("Failed in a row"))
    def failed_in_a_row(self, source: Source) -> int:
        """How often."""
        return source.failures

    @admin.display(description=_("Left alone since"))
    def left_alone_since(self, source: Source) -> str:
        """Since when the circuit is open."""
        return moment_text(source.opened_at) if source.opened_at else "–"

    @admin.display(description=_("Last read"), ordering="last_success_at")
    def last_read(self, source: Source) -> str:
        """When it last answered."""
        return moment_text(source.last_success_at) if source.last_success_at else "–"

    @admin.display(description=_("Systems that may send"))
    def who_may_send(self, source: Source) -> str:
        """Its department's, by name."""
        return ", ".join(senders_of(source.department.slug)) or str(_("None. Give one the right to send (data:write)."))

    @admin.display(description=_("What it sent last"))
    def last_push(self, source: Source) -> str:
        """Counts, of lines; of a push under way as well."""
        return push_text(source)

    @admin.display(description=_("What went wrong"))
    def what_went_wrong(self, source: Source) -> str:
        """In the language of whoever looks."""
        return told(source.last_faults) or "–"

    @admin.display(description=_("More closely"))
    def more_closely(self, source: Source) -> str:
        """The fault's own sentence, with what it names."""
        return closely(source.last_sentences, source.last_error) or "–"

    @admin.action(description=_("Read now"), permissions=["change"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Ring the workers; the pull shows up in the list of pulls."""
        theirs = [source for source in queryset if self.is_theirs(request, source)]
        off = [source.slug for source in theirs if not source.switched_on]
        for source in theirs:
            if source.switched_on:
                ask_for_pull(source, by=actor_of(request, unit=self.department_of(source)), at=timezone.now())
        if off:
            said = _("Switched off, and so not read: %(sources)s.")
            self.message_user(request, said % {"sources": ", ".join(off)}, messages.WARNING)
        if len(theirs) > len(off):
            self.message_user(request, _("The request was passed on."), messages.SUCCESS)
        if len(theirs) < queryset.count():
            self.message_user(request, _("Only systems of your own departments were asked."), messages.WARNING)
