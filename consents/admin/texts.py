"""A text: the editor with its lint, the steps, the preview, the history."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin.history import history
from consents.admin.manners import acting, frame, is_officer, is_theirs
from consents.admin.preview import preview
from consents.admin.telling import fault_text, told
from consents.enums import TextState
from consents.forms import StepForm, TextForm
from consents.lint import lint
from consents.models import PurposeText
from consents.publishing.drafting import approve, draft_text, linted, send_back, send_for_approval
from consents.publishing.faults import NoSuchData, PublishingFault, SavedMeanwhile
from consents.publishing.scopes import facts_of, scope_of, sorted_scope
from consents.publishing.versions import publish
from portal.staff.manners import ReadOnly

_SENT_BACK = "sent_back"
_DONE = {
    "send": _("Sent for approval."),
    "approve": _("Approved."),
    "send_back": _("Sent back."),
    "publish": _("Published."),
}


@admin.register(PurposeText)
class PurposeTextAdmin(ReadOnly[PurposeText]):
    """Every version of every text."""

    list_display = ("purpose", "version", "state", "published_at", "sha256")
    list_filter = ("state", "purpose")
    list_select_related = ("purpose",)


def addresses(site: AdminSite, name: str) -> list[URLPattern]:
    """The pages of a text, below its purpose."""

    def page(view: Callable[..., HttpResponse]) -> Any:
        def looked_at(request: HttpRequest, pk: UUID, text_pk: UUID, **more: Any) -> HttpResponse:
            rows = PurposeText.objects.select_related("purpose__department")
            text = get_object_or_404(rows, pk=text_pk, purpose=pk)
            if not request.user.has_perm("consents.view_purposetext"):
                raise Http404
            return view(request, text, site.each_context(request), **more)

        return site.admin_view(looked_at)

    return [
        path("<uuid:pk>/texts/<uuid:text_pk>/", page(editor), name=f"{name}_text"),
        path("<uuid:pk>/texts/<uuid:text_pk>/check/", page(check), name=f"{name}_check"),
        path("<uuid:pk>/texts/<uuid:text_pk>/step/", page(step), name=f"{name}_step"),
        path("<uuid:pk>/texts/<uuid:text_pk>/history/", page(history), name=f"{name}_history"),
        path("<uuid:pk>/texts/<uuid:text_pk>/preview/<slug:language>/", page(preview), name=f"{name}_preview"),
    ]


def _form(text: PurposeText, data: Any = None) -> TextForm:
    return TextForm(data, initial=TextForm.initial_of(text.parts, scope_of(text), text.revision))


def _typed(text: PurposeText, form: TextForm) -> Any:
    """The lint of what stands in the form, saved or not."""
    return told(lint(facts_of(text.purpose, sorted_scope(form.scope())), form.parts()))


def _saved(text: PurposeText) -> Any:
    """The lint of what is saved; None when data that it asks for has been retired."""
    try:
        return told(linted(text))
    except NoSuchData:
        return None


def _page(
    request: HttpRequest,
    text: PurposeText,
    each: dict[str, Any],
    form: TextForm,
    *,
    status: int = 200,
    stale: bool = False,
) -> HttpResponse:
    back = text.steps.filter(kind=_SENT_BACK).last() if text.state == TextState.DRAFT else None
    context = {
        **each,
        **frame(request, text.purpose, title=_("The text"), text=text, form=form, stale=stale, back=back),
        "step_form": StepForm(),
        "states": TextState,
        "lint": _typed(text, form) if form.is_bound and form.is_valid() else _saved(text),
    }
    context["may_write"] = context["theirs"] and text.state == TextState.DRAFT
    return TemplateResponse(request, "admin/consents/text/editor.html", context, status=status)


def editor(request: HttpRequest, text: PurposeText, each: dict[str, Any]) -> HttpResponse:
    """Looked at by whoever may; written by keepers of the department that asks, while it is a draft."""
    if request.method != "POST":
        return _page(request, text, each, _form(text))
    if not is_theirs(request, text.purpose):
        raise Http404
    form = _form(text, request.POST)
    if not form.is_valid():
        return _page(request, text, each, form, status=422)
    if request.POST.get("do") == "check":
        return _page(request, text, each, form)
    wishes: dict[str, Any] = {"parts": form.parts(), "scope": form.scope()}
    actor = acting(request, text.purpose)
    try:
        draft_text(text.pk, **wishes, revision=form.cleaned_data["revision"], by=actor, at=timezone.now())
    except PublishingFault as fault:
        messages.error(request, fault_text(fault))
        return _page(request, text, each, form, status=409, stale=isinstance(fault, SavedMeanwhile))
    messages.success(request, _("Saved."))
    return redirect("admin:consents_purpose_text", text.purpose_id, text.pk)


def check(request: HttpRequest, text: PurposeText, each: dict[str, Any]) -> HttpResponse:
    """The lint of what is being typed, as a part of the page; nothing is saved."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not is_theirs(request, text.purpose):
        raise Http404
    form = _form(text, request.POST)
    context = {"lint": _typed(text, form) if form.is_valid() else None, "form": form}
    return TemplateResponse(request, "components/lint.html", context)


def step(request: HttpRequest, text: PurposeText, each: dict[str, Any]) -> HttpResponse:
    """One press; who may is held by the action."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not (is_theirs(request, text.purpose) or is_officer(request)):
        raise Http404
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            _take(form.cleaned_data, text, request)
            messages.success(request, _DONE[form.cleaned_data["step"]])
        except PublishingFault as fault:
            messages.error(request, fault_text(fault))
    return redirect("admin:consents_purpose_text", text.purpose_id, text.pk)


def _take(said: dict[str, Any], text: PurposeText, request: HttpRequest) -> None:
    by, at = acting(request, text.purpose), timezone.now()
    match said["step"]:
        case "send":
            send_for_approval(text.pk, revision=said["revision"], by=by, at=at)
        case "approve":
            approve(text.pk, by=by, at=at)
        case "send_back":
            send_back(text.pk, reason=said["reason"], by=by, at=at)
        case "publish":
            publish(text.pk, by=by, at=at)
