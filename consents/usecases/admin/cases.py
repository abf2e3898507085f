"""Cases: the list, a new one, one with its words, and what the city says of it in public."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from consents.usecases.actions.keeping import keep_case, say
from consents.usecases.admin.effects import effect_page
from consents.usecases.errors import NoSuchStep, NothingExpectedYet, NotKeptYet, NotThere
from consents.usecases.forms import CaseForm, SayForm
from consents.usecases.models import Case
from consents.usecases.queries.cases import comments_of, published
from consents.usecases.texts import in_language
from portal.ledger.actor import Actor
from portal.people.actors import actor_of
from portal.staff.manners import NoAddingNorDeleting

_COMMENTS = 50
_FAULTS = {
    NotThere: _("It is not there any more."),
    NoSuchStep: _("It does not go to that state from the one it is in now."),
    NotKeptYet: _("Take the proposal over first: give it a department, a core process, a basis and three languages."),
    NothingExpectedYet: _("Write down first what is expected of it: that stands before the trial."),
}


@admin.register(Case)
class CaseAdmin(NoAddingNorDeleting[Case]):
    """Keepers keep those of their own departments, and take over what residents proposed."""

    list_display = ("slug", "state", "department", "language", "supports", "changed_at")
    list_filter = ("state", "core_process", "department")
    list_select_related = ("department",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """What was taken back is gone here, too."""
        return published()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers begin cases of their own departments."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: saying something in public, and the effect."""
        say_view, effect_view = map(self.admin_site.admin_view, (self.say_view, self.effect_view))
        return [
            path("<uuid:pk>/say/", say_view, name="usecases_case_say"),
            path("<uuid:pk>/effect/", effect_view, name="usecases_case_effect"),
            *super().get_urls(),
        ]

    def effect_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What it is expected to bring, and what it cost."""
        case = self._one(pk)
        return effect_page(self, request, case, by=_acting(request, case) if is_theirs(request, case) else None)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new case, proposed by the city."""
        if not self.has_add_permission(request):
            raise Http404
        return self._keep(request, Case())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Its facts and words; a resident's proposal is taken over by saving it."""
        if not self.has_view_permission(request):
            raise Http404
        return self._keep(request, self._one(object_id))

    def _one(self, told: object) -> Case:
        try:
            return get_object_or_404(published().select_related("department"), pk=UUID(str(told)))
        except ValueError:
            raise Http404 from None

    def _keep(self, request: HttpRequest, case: Case) -> HttpResponse:
        theirs = is_theirs(request, case)
        sent = request.POST if request.method == "POST" and theirs else None
        form = CaseForm(sent, instance=case, departments=_departments(request))
        if form.is_valid():
            kept = keep_case(
                form.save(commit=False), form.kept(), by=_acting(request, form.instance), at=timezone.now()
            )
            self.message_user(request, _("It is saved, and everyone reads it."), messages.SUCCESS)
            return redirect("admin:usecases_case_change", kept.pk)
        told = in_language(case.texts, case.language) if case.language else None
        return self._page(request, case, "keep", form=form, theirs=theirs, proposed=told)

    def say_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """In public, by a keeper of the department; of what nobody keeps yet, by any keeper."""
        case = self._one(pk)
        if not is_theirs(request, case):
            raise Http404
        comments = [(row.pk, Truncator(row.text).chars(80)) for row in comments_of(case)[:_COMMENTS]]
        form = SayForm(request.POST if request.method == "POST" else None, case=case, comments=comments)
        if form.is_valid():
            try:
                say(case.pk, form.answer(), by=_acting(request, case), at=timezone.now())
            except (NotThere, NoSuchStep, NotKeptYet, NothingExpectedYet) as fault:
                form.add_error(None, _FAULTS[type(fault)])
            else:
                self.message_user(
                    request, _("The answer is published, and everyone who follows the case is told."), messages.SUCCESS
                )
                return redirect("admin:usecases_case_change", case.pk)
        return self._page(request, case, "say", form=form)

    def _page(self, request: HttpRequest, case: Case, name: str, *, form: Any, **more: Any) -> HttpResponse:
        title = _("New use case") if case.is_new else case.slug
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "case": case, **more}
        status = 422 if form.errors else 200
        return TemplateResponse(request, f"admin/usecases/case/{name}.html", {**context, "form": form}, status=status)


def _departments(request: HttpRequest) -> list[str]:
    return list(getattr(request.user, "departments", []))


def is_theirs(request: HttpRequest, case: Case) -> bool:
    """A keeper, of the department that keeps it, or of any where nobody does."""
    if not request.user.has_perm("usecases.change_case"):
        return False
    return case.department is None or case.department.slug in _departments(request)


def _acting(request: HttpRequest, case: Case) -> Actor:
    theirs = case.department is not None and case.department.slug in _departments(request)
    return actor_of(request, unit=case.department.slug) if theirs and case.department else actor_of(request)
