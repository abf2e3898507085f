"""Algorithms: the list, a new one, one with its entries, a new version, its state, the purposes that name it."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin.manners import acting
from consents.admin.subjects import SubjectAdmin
from consents.algorithms.admin import entries
from consents.algorithms.admin.manners import said_of
from consents.algorithms.enums import NEXT_STATES
from consents.algorithms.forms import AlgorithmForm, NamingForm, StateForm
from consents.algorithms.models import Algorithm
from consents.algorithms.publishing.drafting import begin_version, make_algorithm
from consents.algorithms.publishing.naming import name_algorithms
from consents.algorithms.publishing.states import change_state
from consents.manuscripts.faults import PublishingFault
from consents.models import Purpose
from portal.people.actors import actor_of


@admin.register(Algorithm)
class AlgorithmAdmin(SubjectAdmin[Algorithm]):
    """Systems and their states; keepers write those of their own departments."""

    list_display = ("slug", "department", "state", "state_since_at")
    list_filter = ("state", "department")
    list_select_related = ("department",)
    change_form_template = "admin/algorithms/algorithm/change_form.html"
    form = AlgorithmForm
    fields = AlgorithmForm.Meta.fields
    desk = entries.DESK

    def has_change_permission(self, request: HttpRequest, obj: Algorithm | None = None) -> bool:
        """Neither its name nor its department changes; everything else has a page of its own."""
        return False

    def save_model(self, request: HttpRequest, obj: Algorithm, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the action that holds the rules."""
        make_algorithm(obj, by=actor_of(request, unit=obj.department.slug), at=timezone.now())

    def shown(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        """Every entry and every state."""
        return {
            **super().shown(request, subject),
            "changes": list(subject.changes.order_by("-id")),
            "named_by": list(subject.purposes.order_by("slug")),
            "may_move": bool(NEXT_STATES[subject.state]),
        }

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: a new version, the state, the purposes, and the pages of an entry."""
        name = "algorithms_algorithm"
        return [
            path("<uuid:pk>/new-version/", self.for_keepers(self.new_version), name=f"{name}_new_version"),
            path("<uuid:pk>/state/", self.for_keepers(self.move), name=f"{name}_state"),
            path("<uuid:pk>/purposes/", self.for_keepers(self.tie), name=f"{name}_purposes"),
            *self.desk.addresses(self.admin_site),
            *super().get_urls(),
        ]

    def new_version(self, request: HttpRequest, algorithm: Algorithm) -> HttpResponse:
        """A draft with what the newest entry says."""
        if request.method != "POST":
            return self.answer(request, algorithm, "new_version.html", title=_("New version"))
        begin = partial(begin_version, algorithm.pk, by=acting(request, algorithm), at=timezone.now())
        return self.begun(request, algorithm, begin)

    def move(self, request: HttpRequest, algorithm: Algorithm) -> HttpResponse:
        """Where it goes, and why."""
        form = StateForm(request.POST if request.method == "POST" else None, state=algorithm.state)
        if form.is_valid():
            by, at = acting(request, algorithm), timezone.now()
            try:
                change_state(algorithm.pk, to=form.state(), reason=form.reason(), by=by, at=at)
                messages.success(request, _("The state was changed."))
            except PublishingFault as fault:
                messages.error(request, said_of(fault))
            return redirect("admin:algorithms_algorithm_change", algorithm.pk)
        status = 422 if form.errors else 200
        return self.answer(request, algorithm, "state.html", status=status, title=_("Change the state"), form=form)

    def tie(self, request: HttpRequest, algorithm: Algorithm) -> HttpResponse:
        """Which purposes of one's own departments name it."""
        own = Purpose.objects.filter(closed_at=None, department__slug__in=getattr(request.user, "departments", []))
        named = {each.slug: {*each.algorithms.values_list("slug", flat=True)} for each in own}
        ticked = [slug for slug, algorithms in named.items() if algorithm.slug in algorithms]
        sent = request.POST if request.method == "POST" else None
        form = NamingForm(sent, purposes=own, initial={"purposes": ticked})
        if form.is_valid():
            wanted = set(form.cleaned_data["purposes"])
            if self._named(request, own, named, algorithm.slug, wanted):
                messages.success(request, _("Saved."))
            return redirect("admin:algorithms_algorithm_change", algorithm.pk)
        status = 422 if form.errors else 200
        title = _("Uses of data that name it")
        return self.answer(request, algorithm, "purposes.html", status=status, title=title, form=form)

    def _named(self, request: HttpRequest, own: Any, named: dict[str, set[str]], slug: str, wanted: set[str]) -> bool:
        """Each purpose whose tick changed; what is refused is told, and the others are saved."""
        fine = True
        for purpose in own:
            new = named[purpose.slug] | {slug} if purpose.slug in wanted else named[purpose.slug] - {slug}
            if new == named[purpose.slug]:
                continue
            by = actor_of(request, unit=purpose.department.slug)
            try:
                name_algorithms(purpose.pk, algorithms=new, by=by, at=timezone.now())
            except PublishingFault as fault:
                fine = False
                messages.error(request, f"{purpose.slug}: {said_of(fault)}")
        return fine
