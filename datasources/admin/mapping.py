"""Making a mapping in the back office, step by step: what the system offers, where it lies, what is which field."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.actions.mapping import map_dataset
from datasources.actions.trials import ask_for_trial
from datasources.admin.manners import OfDepartment
from datasources.enums import ConnectorKind
from datasources.forms.mapping_fields import FieldsForm
from datasources.forms.mapping_where import where_form
from datasources.models import Dataset, Source, Trial, TrialKind, TrialState
from datasources.queries.closely import closely
from datasources.queries.offers import (
    MOST_SHOWN,
    datasets_of,
    found_for,
    last_look,
    matching,
    places_of,
    running_look,
    versions_of,
)
from datasources.rules.faults import told
from portal.people.actors import actor_of

# They tell which tables or files there are; of the others, a keeper says where to look.
_MOST_COLUMNS = 16
_WITH_PLACES = (ConnectorKind.SQL, ConnectorKind.FILES)


class MappingPages(OfDepartment[Source]):
    """The pages of a source on which its mapping is made; only for keepers of its department."""

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages."""
        view, name = self.admin_site.admin_view, "datasources_source"
        return [
            path("<uuid:pk>/mapping/", view(self.mapping), name=f"{name}_mapping"),
            path("<uuid:pk>/mapping/versions/<int:version>/", view(self.version), name=f"{name}_version"),
            path("<uuid:pk>/mapping/<slug:dataset>/", view(self.fields_of), name=f"{name}_fields"),
            path("<uuid:pk>/mapping/<slug:dataset>/where/", view(self.where), name=f"{name}_where"),
            *super().get_urls(),
        ]

    def own_source(self, request: HttpRequest, pk: UUID) -> Source:
        """The source, of one's own department; 404 otherwise."""
        source = get_object_or_404(Source.objects.select_related("department"), pk=pk)
        if not self.has_change_permission(request, source):
            raise Http404
        return source

    def page_of(self, request: HttpRequest, source: Source, title: Any) -> dict[str, Any]:
        """What every page of a source's own has."""
        return {**self.admin_site.each_context(request), "title": title, "source": source, "opts": self.opts}

    def mapping(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Which datasets are mapped; and a look at what the system offers."""
        source = self.own_source(request, pk)
        if request.method == "POST":
            self._look(request, source, TrialKind.PLACES, {})
            return redirect("admin:datasources_source_mapping", pk=pk)
        # First, or what ends meanwhile would be neither under way nor found.
        state, places = _state_of(source, ""), places_of(source)
        context = {
            **self.page_of(request, source, _("What is read")),
            **state,
            "places": len(places),
            "tells_places": source.kind in _WITH_PLACES,
            "datasets": [(row, source.mapping.get(row.slug, {}).get("columns", {})) for row in datasets_of(source)],
            "versions": versions_of(source),
        }
        return TemplateResponse(request, "admin/datasources/source/mapping.html", context)

    def where(self, request: HttpRequest, pk: UUID, dataset: str) -> HttpResponse:
        """Where the dataset lies: of a database, first the table, by a search among all of them."""
        source = self.own_source(request, pk)
        row, places = _dataset(source, dataset), places_of(source)
        held, asked = source.mapping.get(dataset, {}), request.GET.get("q", "")
        names = {place["name"] for place in places}
        table = request.GET.get("table", "" if asked else held.get("table", ""))
        data = request.POST if request.method == "POST" else None
        form = where_form(source.kind, data, places=places, table=table if table in names else "", part=held)
        if form is not None and form.is_valid():
            self._look(request, source, TrialKind.GLIMPSE, {"dataset": dataset, **form.where()})
            return redirect("admin:datasources_source_fields", pk=pk, dataset=dataset)
        found = matching(places, asked) if source.kind == ConnectorKind.SQL else []
        context = {
            **self.page_of(request, source, _("Where it lies")),
            "dataset": row,
            "form": form,
            "table": table if table in names else "",
            "asked": asked,
            "is_database": source.kind == ConnectorKind.SQL,
            "found": [_told_of(place) for place in found[:MOST_SHOWN]],
            "more": max(0, len(found) - MOST_SHOWN),
            "places": len(places),
        }
        return TemplateResponse(request, "admin/datasources/source/where.html", context)

    def fields_of(self, request: HttpRequest, pk: UUID, dataset: str) -> HttpResponse:
        """Which part is which field. Saved as the mapping that the source is read by."""
        source = self.own_source(request, pk)
        state, row = _state_of(source, dataset), _dataset(source, dataset)
        found = found_for(source, dataset)
        data = request.POST if request.method == "POST" else None
        form = FieldsForm(data, source=source, dataset=row, where=found.where, seen=found.seen, part=found.part)
        if form.is_valid():
            actor = actor_of(request, unit=source.department.slug)
            was_on = source.switched_on
            changed = map_dataset(source, row, form.part, form.wishes, by=actor, at=timezone.now())
            self._say_what_changed(request, changed, was_on=was_on)
            return redirect("admin:datasources_source_trials" if changed else "admin:datasources_source_mapping", pk=pk)
        context = {
            **self.page_of(request, source, row.name),
            **state,
            "dataset": row,
            "found": found,
            "joins": [join["table"] for join in found.where.get("joins", ())],
            "form": form,
            "sends": not ConnectorKind(source.kind).is_asked,
        }
        return TemplateResponse(request, "admin/datasources/source/fields.html", context)

    def version(self, request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
        """A mapping as it was: to be read, and copied from."""
        source = self.own_source(request, pk)
        kept = get_object_or_404(source.versions, version=version)
        context = {
            **self.page_of(request, source, _("Version %(number)s") % {"number": version}),
            "version": kept,
            "text": json.dumps(kept.mapping, indent=2, ensure_ascii=False),
        }
        return TemplateResponse(request, "admin/datasources/source/version.html", context)

    def _look(self, request: HttpRequest, source: Source, kind: TrialKind, asked_for: dict[str, Any]) -> None:
        actor = actor_of(request, unit=source.department.slug)
        trial = ask_for_trial(source, kind, by=actor, at=timezone.now(), asked_for=asked_for)
        if (trial.kind, trial.asked_for) != (kind, asked_for):
            said = _("Something else is under way with this system. Wait until it has ended, and ask again.")
            self.message_user(request, said, messages.WARNING)

    def _say_what_changed(self, request: HttpRequest, changed: list[str], *, was_on: bool) -> None:
        if not changed:
            self.message_user(request, _("Nothing was changed."), messages.INFO)
            return
        off = was_on and "switched_on" in changed
        said = (
            _("Saved. The system is switched off until a dry run of what was changed has ended well.")
            if off
            else _("Saved. Now try it: first a preview, then a dry run.")
        )
        self.message_user(request, said, messages.WARNING if off else messages.SUCCESS)


def _dataset(source: Source, slug: str) -> Dataset:
    return get_object_or_404(Dataset, slug=slug, register__department=source.department_id, retired_at=None)


def _told_of(place: dict[str, Any]) -> dict[str, Any]:
    """A table with the names of its first columns."""
    columns = [name.rpartition(".")[2] for name, _kind in place["parts"]]
    return {"name": place["name"], "columns": columns[:_MOST_COLUMNS], "more": len(columns) > _MOST_COLUMNS}


def _state_of(source: Source, dataset: str) -> dict[str, Any]:
    """What is under way, and how the last look ended."""
    # In this order: what ends between the two is told as the last one, not as nothing.
    running, last = running_look(source), last_look(source, dataset)
    failed = last is not None and last.state == TrialState.FAILED
    return {
        "running": running,
        "last": last,
        "went_wrong": _sentence(last) if failed and last is not None else "",
        "nothing_looked_at": last is None,
    }


def _sentence(trial: Trial) -> dict[str, str]:
    return {"told": told(trial.faults), "closely": closely(trial.sentences, trial.error)}
