"""The desk at which any text is written: the editor with its checks, the steps, the history, the preview."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from consents.admin.manners import acting, as_everyone_sees, frame, is_officer, is_theirs
from consents.admin.telling import Told
from consents.enums import StepKind, TextState
from consents.forms import ManuscriptForm, StepForm
from consents.manuscripts.faults import NoSuchData, PublishingFault, SavedMeanwhile
from consents.manuscripts.models import ManuscriptStep
from consents.manuscripts.steps import T
from consents.texts import LANGUAGES

_DONE = {
    "send": _("Sent for approval."),
    "approve": _("Approved."),
    "send_back": _("Sent back."),
    "publish": _("Published."),
}
# (what it is called, its words as marked pieces)
Changed = tuple[Any, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Done:
    """One step as the page shows it, with what a saving changed."""

    step: ManuscriptStep
    mine: bool
    words: list[Changed]
    data_changed: bool


class Desk(ABC, Generic[T]):
    """The pages of one kind of text. What differs is told below; the views are the same.

    `noun` names its pages, `shelf` the part of their addresses, `folder` their templates. `draft` and `steps` are the
    verbs, which hold the rules of who may.
    """

    model: type[T]
    noun: ClassVar[str]
    shelf: ClassVar[str]
    folder: ClassVar[str]
    title: ClassVar[Any]
    draft: Callable[..., T]
    steps: Mapping[str, Callable[..., T]]

    @abstractmethod
    def form(self, row: T, data: Any = None) -> ManuscriptForm:
        """The form with what is saved, or with what was sent."""

    @abstractmethod
    def typed(self, row: T, form: Any) -> Told:
        """The checks of what stands in a valid form, saved or not."""

    @abstractmethod
    def saved(self, row: T) -> Told:
        """The checks of what is saved. NoSuchData when data that it names has been retired."""

    @abstractmethod
    def changed(self, step: Any, before: Any) -> tuple[list[Changed], bool]:
        """What a saving says otherwise than the saving or version `before`, and whether it is about other data."""

    @abstractmethod
    def shown(self, row: T, language: str) -> dict[str, Any]:
        """What the preview tells, in `language`, which is on."""

    @abstractmethod
    def fault_text(self, fault: PublishingFault) -> str:
        """A sentence for whoever pressed."""

    def addresses(self, site: AdminSite) -> list[URLPattern]:
        """The pages of a text, below what it is of."""
        base = f"<uuid:pk>/{self.shelf}/<uuid:row_pk>/"
        return [
            path(base, self._looked_at(site, self._editor), name=self._name(self.noun)),
            path(f"{base}check/", self._looked_at(site, self._check), name=self._name("check")),
            path(f"{base}step/", self._looked_at(site, self._step), name=self._name("step")),
            path(f"{base}history/", self._looked_at(site, self._history), name=self._name("history")),
            path(f"{base}preview/<slug:language>/", self._looked_at(site, self._preview), name=self._name("preview")),
        ]

    def texts_of(self, subject: Any) -> "QuerySet[T]":
        """Every version, the newest first."""
        return self.model._default_manager.filter(**{self.model.OF: subject})

    def address(self, row: Any, page: str = "", *more: str) -> str:
        """Of the text, or of a `page` of it."""
        return reverse(f"admin:{self._name(page or self.noun)}", args=[row.subject.pk, row.pk, *more])

    def _name(self, page: str) -> str:
        return f"{self.model._meta.app_label}_{self.model.OF}_{page}"

    def _looked_at(self, site: AdminSite, view: Callable[..., HttpResponse]) -> Any:
        def looked_at(request: HttpRequest, pk: UUID, row_pk: UUID, **more: Any) -> HttpResponse:
            rows = self.model._default_manager.select_related(f"{self.model.OF}__department")
            row = get_object_or_404(rows, pk=row_pk, **{self.model.OF: pk})
            if not request.user.has_perm(f"{row._meta.app_label}.view_{row._meta.model_name}"):
                raise Http404
            return view(request, row, site.each_context(request), **more)

        return site.admin_view(looked_at)

    def _frame(self, request: HttpRequest, row: T, **more: Any) -> dict[str, Any]:
        return {
            **frame(request, row.subject, row=row, **more),
            "page": self.address(row),
            "addresses": {page: self.address(row, page) for page in ("check", "step", "history")},
            "previews": {one: self.address(row, "preview", one) for one in LANGUAGES},
        }

    def _checks(self, row: T, form: ManuscriptForm) -> Told | None:
        """Of what was typed, if it is valid; else of what is saved."""
        if form.is_bound and form.is_valid():
            return self.typed(row, form)
        try:
            return self.saved(row)
        except NoSuchData:
            return None

    def _page(
        self,
        request: HttpRequest,
        row: T,
        each: dict[str, Any],
        form: ManuscriptForm,
        *,
        status: int = 200,
        stale: bool = False,
    ) -> HttpResponse:
        is_draft = row.state == TextState.DRAFT
        context = {
            **each,
            **self._frame(request, row, title=self.title, form=form, stale=stale),
            "back": row.steps.filter(kind=StepKind.SENT_BACK).last() if is_draft else None,
            "step_form": StepForm(),
            "states": TextState,
            "lint": self._checks(row, form),
        }
        context["may_write"] = context["theirs"] and is_draft
        return TemplateResponse(request, f"{self.folder}/editor.html", context, status=status)

    def _editor(self, request: HttpRequest, row: T, each: dict[str, Any]) -> HttpResponse:
        """Looked at by whoever may; written by keepers of its department, while it is a draft."""
        if request.method != "POST":
            return self._page(request, row, each, self.form(row))
        if not is_theirs(request, row.subject):
            raise Http404
        form = self.form(row, request.POST)
        if not form.is_valid():
            return self._page(request, row, each, form, status=422)
        if request.POST.get("do") == "check":
            return self._page(request, row, each, form)
        by, at = acting(request, row.subject), timezone.now()
        try:
            self.draft(row.pk, **form.written(), revision=form.cleaned_data["revision"], by=by, at=at)
        except PublishingFault as fault:
            messages.error(request, self.fault_text(fault))
            return self._page(request, row, each, form, status=409, stale=isinstance(fault, SavedMeanwhile))
        messages.success(request, _("Saved."))
        return redirect(self.address(row))

    def _check(self, request: HttpRequest, row: T, each: dict[str, Any]) -> HttpResponse:
        """The checks of what is being typed, as a part of the page; nothing is saved."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_theirs(request, row.subject):
            raise Http404
        form = self.form(row, request.POST)
        context = {"lint": self.typed(row, form) if form.is_valid() else None, "form": form}
        return TemplateResponse(request, "components/lint.html", context)

    def _step(self, request: HttpRequest, row: T, each: dict[str, Any]) -> HttpResponse:
        """One press; who may is held by the verb."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (is_theirs(request, row.subject) or is_officer(request)):
            raise Http404
        form = StepForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            more = {"send": {"revision": said["revision"]}, "send_back": {"reason": said["reason"]}}
            by, at = acting(request, row.subject), timezone.now()
            try:
                self.steps[said["step"]](row.pk, **more.get(said["step"], {}), by=by, at=at)
                messages.success(request, _DONE[said["step"]])
            except PublishingFault as fault:
                messages.error(request, self.fault_text(fault))
        return redirect(self.address(row))

    def _history(self, request: HttpRequest, row: T, each: dict[str, Any]) -> HttpResponse:
        """Newest first; a saving is compared with the one before, and the first with the version before."""
        mine, found = request.user.get_username(), list[Done]()
        before: Any = row.versions().filter(version__lt=row.version).first()
        for step in row.steps.all():
            words, data_changed = list[Changed](), False
            if step.kind == StepKind.SAVED:
                words, data_changed = self.changed(step, before)
                before = step
            found.append(Done(step, step.by == mine, words, data_changed))
        context = {**each, **self._frame(request, row, title=_("History"), steps=found[::-1])}
        return TemplateResponse(request, f"{self.folder}/history.html", context)

    def _preview(self, request: HttpRequest, row: T, each: dict[str, Any], *, language: str) -> HttpResponse:
        """The page that everyone will read, with the words of a draft; what is pressed there goes nowhere."""
        if language not in LANGUAGES:
            raise Http404
        with override(language):
            context = {**self.shown(row, language), "back": self.address(row)}
            return as_everyone_sees(request, f"{self.folder}/preview.html", context)
