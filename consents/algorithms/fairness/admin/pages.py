"""The list of evaluations, a new plan, and one evaluation with everything that is to be done to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin.manners import as_everyone_sees, is_officer
from consents.algorithms.enums import NEXT_STATES, AlgorithmState, EvaluationState
from consents.algorithms.fairness.actions import fix_plan, give_up, make_evaluation, publish, save_plan, take_in
from consents.algorithms.fairness.admin.fault_words import fault_text, flaw_text
from consents.algorithms.fairness.admin.plan_forms import WholePlan
from consents.algorithms.fairness.admin.uploads import SealingHandler, arrived, is_too_large
from consents.algorithms.fairness.faults import EvaluationFault
from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.fairness.pausing import PauseForm, pause, pausing_reason
from consents.algorithms.fairness.plans import plan_of
from consents.algorithms.fairness.queries import has_failed, one_before
from consents.algorithms.fairness.sentences import MEASURES, in_language, limit_text
from consents.algorithms.fairness.steps import LEAVABLE, takes_file
from consents.algorithms.fairness.told import told_of
from consents.algorithms.models import Algorithm, Evaluation
from consents.manuscripts.faults import PublishingFault
from portal.ledger.actor import Actor
from portal.people.actors import actor_of
from portal.staff.manners import ReadOnly, row_id

_PAGE = "admin:algorithms_evaluation_change"
_UNREAD = {"flaw": Flaw.TOO_LARGE.value, "column": "", "row": 0}


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnly[Evaluation]):
    """Newest first. Keepers plan those of their own departments; a data protection officer approves."""

    list_display = ("algorithm", "state", "verdict", "made_at", "published_at", "due_on")
    list_filter = ("state", "verdict")
    list_select_related = ("algorithm",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers, for systems of their own departments."""
        return request.user.has_perm("algorithms.add_evaluation")

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: the plan while it may change, and the file."""
        name, site = "algorithms_evaluation", self.admin_site
        return [
            path("<uuid:pk>/plan/", site.admin_view(self.plan), name=f"{name}_plan"),
            path("<uuid:pk>/file/", self._sealing(site.admin_view(self.file)), name=f"{name}_file"),
            path("<uuid:pk>/preview/", site.admin_view(self.preview), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def _sealing(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Before anything reads the form, to look for its token, the file in it has somebody who seals it."""

        def sealed(request: HttpRequest, pk: UUID) -> HttpResponse:
            if request.method == "POST" and self.admin_site.has_permission(request):
                if is_too_large(request):
                    messages.error(request, flaw_text(_UNREAD))
                    return redirect(_PAGE, pk)
                request.upload_handlers = [SealingHandler(request)]
            return view(request, pk)

        sealed.csrf_exempt = True  # type: ignore[attr-defined]
        return sealed

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A plan, for a system that has no evaluation under way."""
        if not self.has_add_permission(request):
            raise Http404
        departments = getattr(request.user, "departments", [])
        own = Algorithm.objects.filter(department__slug__in=departments).select_related("department")
        written = WholePlan(request.POST if request.method == "POST" else None, algorithms=own)
        plan = written.plan() if request.method == "POST" else None
        if plan is None:
            return self._plan_page(request, written)
        algorithm = written.form.cleaned_data["algorithm"]
        by = actor_of(request, unit=algorithm.department.slug)
        try:
            row = make_evaluation(algorithm.pk, plan, by=by, at=timezone.now())
        except EvaluationFault as fault:
            written.flaw = fault_text(fault)
            return self._plan_page(request, written)
        return redirect(_PAGE, row.pk)

    def plan(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Changed until it is fixed."""
        row = self._found(request, pk)
        if not self._is_theirs(request, row):
            raise Http404
        posted = request.POST if request.method == "POST" else None
        written = WholePlan(posted, plan=plan_of(row.plan), revision=row.revision)
        plan = written.plan() if posted is not None else None
        if plan is None:
            return self._plan_page(request, written, row)
        try:
            save_plan(pk, plan, revision=written.revision, by=self._actor(request, row), at=timezone.now())
        except EvaluationFault as fault:
            messages.error(request, fault_text(fault))
        return redirect(_PAGE, pk)

    def file(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The file of an evaluation whose plan is fixed. A worker counts it; what is wrong with it stands here."""
        row = self._found(request, pk)
        if request.method != "POST":
            return redirect(_PAGE, pk)
        if not self._is_theirs(request, row):
            raise Http404
        came = arrived(request)
        if came is None or isinstance(came, Refused):
            flaw = came.flaw if came else Flaw.EMPTY
            messages.error(request, flaw_text({"flaw": flaw.value, "column": "", "row": 0}))
            return redirect(_PAGE, pk)
        try:
            take_in(pk, came, by=self._actor(request, row), at=timezone.now())
            messages.success(request, _("The file is being counted. It is removed when that is done."))
        except EvaluationFault as fault:
            messages.error(request, fault_text(fault))
        return redirect(_PAGE, pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Where it stands, what may be done now, and what everyone will read."""
        row = self._found(request, row_id(object_id))
        if request.method == "POST":
            return self._done(request, row)
        return self._page(request, row, PauseForm(initial=pausing_reason(row)))

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The page that everyone reads, before it is published."""
        row = self._found(request, pk)
        if row.figures is None:
            raise Http404
        back = reverse(_PAGE, args=[pk])
        context = {"row": row, "name": row.algorithm.slug, "told": told_of(row, one_before(row)), "back": back}
        return as_everyone_sees(request, "admin/algorithms/evaluation/preview.html", context)

    def _done(self, request: HttpRequest, row: Evaluation) -> HttpResponse:
        by, at, do = self._actor(request, row), timezone.now(), request.POST.get("do", "")
        form = PauseForm(request.POST if do == "pause" else None)
        if do == "pause" and not form.is_valid():
            return self._page(request, row, form, status=422)
        try:
            if do == "fix":
                revision = request.POST.get("revision", "")
                fix_plan(row.pk, revision=int(revision) if revision.isdecimal() else 0, by=by, at=at)
            elif do == "give_up":
                give_up(row.pk, by=by, at=at)
            elif do == "publish":
                publish(row.pk, by=by, at=at)
            elif do == "pause":
                pause(row.pk, reason=form.reason, by=by, at=at)
        except EvaluationFault as fault:
            messages.error(request, fault_text(fault))
        except PublishingFault:
            messages.error(request, _("The algorithm cannot be paused from the state it is in, or not by you."))
        return redirect(_PAGE, row.pk)

    def _page(self, request: HttpRequest, row: Evaluation, pausing: PauseForm, status: int = 200) -> HttpResponse:
        plan, theirs = plan_of(row.plan), self._is_theirs(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Evaluation of fairness"),
            "opts": self.opts,
            "row": row,
            "plan": plan,
            "limits": [(MEASURES[each], limit_text(plan, each)) for each in plan.judged],
            "groups": [(in_language(each.name), each) for each in plan.groups],
            "about": in_language(plan.about),
            "why": in_language(plan.why),
            "told": told_of(row, one_before(row)) if row.figures else None,
            "fault": flaw_text(row.fault) if row.fault else "",
            "may_plan": theirs and row.state == EvaluationState.DRAFT,
            "may_bring": theirs and takes_file(row, at=timezone.now()),
            "may_give_up": theirs and row.state in LEAVABLE,
            "may_publish": is_officer(request) and row.state == EvaluationState.COMPUTED,
            "may_pause": theirs and has_failed(row) and AlgorithmState.PAUSED in NEXT_STATES[row.algorithm.state],
            "pausing": pausing,
        }
        return TemplateResponse(request, "admin/algorithms/evaluation/one.html", context, status=status)

    def _plan_page(self, request: HttpRequest, written: WholePlan, row: Evaluation | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Plan of an evaluation"),
            "opts": self.opts,
            "written": written,
            "row": row,
        }
        status = 422 if written.has_errors else 200
        return TemplateResponse(request, "admin/algorithms/evaluation/plan.html", context, status=status)

    def _found(self, request: HttpRequest, pk: UUID | None) -> Evaluation:
        if not self.has_view_permission(request):
            raise Http404
        rows = self.get_queryset(request).select_related("algorithm__department")
        return get_object_or_404(rows, pk=pk)

    def _is_theirs(self, request: HttpRequest, row: Evaluation) -> bool:
        departments = getattr(request.user, "departments", [])
        may = request.user.has_perm("algorithms.change_evaluation")
        return may and row.algorithm.department.slug in departments

    def _actor(self, request: HttpRequest, row: Evaluation) -> Actor:
        unit = row.algorithm.department.slug if self._is_theirs(request, row) else ""
        return actor_of(request, unit=unit)
