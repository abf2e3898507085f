"""Beside a case: what is expected of it, every version, and what its months cost."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.usecases.actions.expecting import enter_cost, expect
from consents.usecases.effect_forms import CostForm, ExpectForm
from consents.usecases.errors import NoReason, NotKeptYet, NotThere
from consents.usecases.models import Case
from consents.usecases.queries.effects import costs_of, newest_expectation, was_tried
from portal.ledger.actor import Actor

_FAULTS = {
    NotThere: _("It is not there any more."),
    NotKeptYet: _("Take the proposal over first: give it a department, a core process, a basis and three languages."),
    NoReason: _("The trial began meanwhile: everyone reads why what is expected changes."),
}


def effect_page(admin: Any, request: HttpRequest, case: Case, *, by: Actor | None) -> HttpResponse:
    """Two forms; `by` is None for whoever may only read. What is saved is public at once."""
    if not admin.has_view_permission(request):
        raise Http404
    do = request.POST.get("do") if request.method == "POST" and by else None
    newest, now = newest_expectation(case), timezone.now()
    expecting = ExpectForm(
        request.POST if do == "expect" else None, instance=newest, after_trial=was_tried(case), label_suffix=""
    )
    costing = CostForm(request.POST if do == "cost" else None, today=timezone.localdate(now))
    form = {"expect": expecting, "cost": costing}.get(do or "")
    if by and form is not None and form.is_valid():
        try:
            if form is expecting:
                expect(case, expecting.thought(), by=by, at=now)
            else:
                enter_cost(case, costing.spending(), by=by, at=now)
        except (NotThere, NotKeptYet, NoReason) as fault:
            form.add_error(None, _FAULTS[type(fault)])
        else:
            admin.message_user(request, _("It is saved, and everyone reads it."), messages.SUCCESS)
            return redirect("admin:usecases_case_effect", case.pk)
    context = {
        **admin.admin_site.each_context(request),
        "title": case.slug,
        "opts": admin.opts,
        "case": case,
        "expecting": expecting,
        "costing": costing,
        "costs": costs_of(case),
        "newest": newest,
        "theirs": by is not None,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "admin/usecases/case/effect.html", context, status=status)
