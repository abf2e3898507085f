"""An entry: the editor with its checks, the steps, the preview, the history."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse, set_urlconf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consents.admin.manners import is_officer
from consents.algorithms.admin.manners import acting, frame, is_theirs, report_told, said_of
from consents.algorithms.forms import EntryForm
from consents.algorithms.judging import judged, version_judged
from consents.algorithms.models import AlgorithmStep, AlgorithmVersion
from consents.algorithms.publishing.drafting import approve, draft_entry, publish, send_back, send_for_approval
from consents.algorithms.reading import as_it_would_be
from consents.algorithms.sheets import Row, changed_rows, page_of
from consents.enums import StepKind, TextState
from consents.forms import StepForm
from consents.publishing.faults import NoSuchData, PublishingFault, SavedMeanwhile
from consents.texts import LANGUAGES
from portal.staff.manners import ReadOnly

_RESIDENTS = "portal.urls"
_DONE = {
    "send": _("Sent for approval."),
    "approve": _("Approved."),
    "send_back": _("Sent back."),
    "publish": _("Published."),
}


@admin.register(AlgorithmVersion)
class AlgorithmVersionAdmin(ReadOnly[AlgorithmVersion]):
    """Every version of every entry."""

    list_display = ("algorithm", "version", "state", "published_at", "sha256")
    list_filter = ("state", "algorithm")
    list_select_related = ("algorithm",)


def addresses(site: AdminSite, name: str) -> list[URLPattern]:
    """The pages of an entry, below its algorithm."""

    def page(view: Callable[..., HttpResponse]) -> Any:
        def looked_at(request: HttpRequest, pk: UUID, version_pk: UUID, **more: Any) -> HttpResponse:
            rows = AlgorithmVersion.objects.select_related("algorithm__department")
            version = get_object_or_404(rows, pk=version_pk, algorithm=pk)
            if not request.user.has_perm("algorithms.view_algorithmversion"):
                raise Http404
            return view(request, version, site.each_context(request), **more)

        return site.admin_view(looked_at)

    entry = "<uuid:pk>/entries/<uuid:version_pk>/"
    return [
        path(entry, page(editor), name=f"{name}_entry"),
        path(f"{entry}check/", page(check), name=f"{name}_check"),
        path(f"{entry}step/", page(step), name=f"{name}_step"),
        path(f"{entry}history/", page(history), name=f"{name}_history"),
        path(f"{entry}preview/<slug:language>/", page(preview), name=f"{name}_preview"),
    ]


def _form(version: AlgorithmVersion, data: Any = None) -> EntryForm:
    saved = EntryForm.initial_of(version.parts, version.facts, version.datasets, version.revision)
    return EntryForm(data, initial=saved)


def _typed(version: AlgorithmVersion, form: EntryForm) -> Any:
    """The checks of what stands in the form, saved or not."""
    return report_told(judged(version.algorithm, form.parts(), form.facts(), form.datasets()))


def _saved(version: AlgorithmVersion) -> Any:
    """The checks of what is saved; None when data that it names has been retired."""
    try:
        return report_told(version_judged(version))
    except NoSuchData:
        return None


def _page(
    request: HttpRequest,
    version: AlgorithmVersion,
    each: dict[str, Any],
    form: EntryForm,
    *,
    status: int = 200,
    stale: bool = False,
) -> HttpResponse:
    back = version.steps.filter(kind=StepKind.SENT_BACK).last() if version.state == TextState.DRAFT else None
    title = _("The entry")
    context = {
        **each,
        **frame(request, version.algorithm, title=title, entry=version, form=form, stale=stale, back=back),
        "step_form": StepForm(),
        "states": TextState,
        "lint": _typed(version, form) if form.is_bound and form.is_valid() else _saved(version),
    }
    context["may_write"] = context["theirs"] and version.state == TextState.DRAFT
    return TemplateResponse(request, "admin/algorithms/entry/editor.html", context, status=status)


def editor(request: HttpRequest, version: AlgorithmVersion, each: dict[str, Any]) -> HttpResponse:
    """Looked at by whoever may; written by keepers of the department, while it is a draft."""
    if request.method != "POST":
        return _page(request, version, each, _form(version))
    if not is_theirs(request, version.algorithm):
        raise Http404
    form = _form(version, request.POST)
    if not form.is_valid():
        return _page(request, version, each, form, status=422)
    if request.POST.get("do") == "check":
        return _page(request, version, each, form)
    wishes: dict[str, Any] = {"parts": form.parts(), "facts": form.facts(), "datasets": form.datasets()}
    actor = acting(request, version.algorithm)
    try:
        draft_entry(version.pk, **wishes, revision=form.cleaned_data["revision"], by=actor, at=timezone.now())
    except PublishingFault as fault:
        messages.error(request, said_of(fault))
        return _page(request, version, each, form, status=409, stale=isinstance(fault, SavedMeanwhile))
    messages.success(request, _("Saved."))
    return redirect("admin:algorithms_algorithm_entry", version.algorithm_id, version.pk)


def check(request: HttpRequest, version: AlgorithmVersion, each: dict[str, Any]) -> HttpResponse:
    """The checks of what is being typed, as a part of the page; nothing is saved."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not is_theirs(request, version.algorithm):
        raise Http404
    form = _form(version, request.POST)
    context = {"lint": _typed(version, form) if form.is_valid() else None, "form": form}
    return TemplateResponse(request, "components/lint.html", context)


def step(request: HttpRequest, version: AlgorithmVersion, each: dict[str, Any]) -> HttpResponse:
    """One press; who may is held by the action."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not (is_theirs(request, version.algorithm) or is_officer(request)):
        raise Http404
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            _take(form.cleaned_data, version, request)
            messages.success(request, _DONE[form.cleaned_data["step"]])
        except PublishingFault as fault:
            messages.error(request, said_of(fault))
    return redirect("admin:algorithms_algorithm_entry", version.algorithm_id, version.pk)


def _take(said: dict[str, Any], version: AlgorithmVersion, request: HttpRequest) -> None:
    by, at = acting(request, version.algorithm), timezone.now()
    match said["step"]:
        case "send":
            send_for_approval(version.pk, revision=said["revision"], by=by, at=at)
        case "approve":
            approve(version.pk, by=by, at=at)
        case "send_back":
            send_back(version.pk, reason=said["reason"], by=by, at=at)
        case "publish":
            publish(version.pk, by=by, at=at)


@dataclass(frozen=True)
class Done:
    """One step as the page shows it, with what it changed in the language of the page."""

    step: AlgorithmStep
    mine: bool
    rows: tuple[Row, ...]
    data_changed: bool


def history(request: HttpRequest, version: AlgorithmVersion, each: dict[str, Any]) -> HttpResponse:
    """Everything that was done to it, newest first; a saving is compared with the one before."""
    found: list[Done] = []
    before: Any = AlgorithmVersion.objects.filter(algorithm=version.algorithm_id, version__lt=version.version).first()
    mine = request.user.get_username()
    for done in version.steps.all():
        rows: tuple[Row, ...] = ()
        data_changed = False
        if done.kind == StepKind.SAVED:
            if before is not None:
                rows, data_changed = changed_rows(done, before), done.datasets != sorted(before.datasets or [])
            before = done
        found.append(Done(done, done.by == mine, rows, data_changed))
    context = {**each, **frame(request, version.algorithm, title=_("History"), entry=version, steps=found[::-1])}
    return TemplateResponse(request, "admin/algorithms/entry/history.html", context)


def preview(request: HttpRequest, version: AlgorithmVersion, each: dict[str, Any], *, language: str) -> HttpResponse:
    """The public page with the words of a draft, by its own templates and with the addresses of the other door."""
    if language not in LANGUAGES:
        raise Http404
    with override(language):
        back = reverse("admin:algorithms_algorithm_entry", args=[version.algorithm_id, version.pk])
        context = {**page_of(as_it_would_be(version)), "back": back}
        set_urlconf(_RESIDENTS)
        try:
            page = render_to_string("admin/algorithms/entry/preview.html", context, request=request)
        finally:
            set_urlconf(getattr(request, "urlconf", None))
    return HttpResponse(page)
