"""Breaches in the back office, for the data protection officer: counts, the clock, a second person, the form."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.queries.holdings import names_by_slug
from datasources.queries.offers import source_slugs
from portal.cities import city
from portal.desk.numbers import no_identity_code
from portal.people.actors import actor_of
from portal.requests.breach_models import Breach
from portal.requests.breaches import TO_AUTHORITY_WITHIN, confirm_breach, draft_breach, form_of, texts_of, touched_by
from portal.requests.errors import AlreadyConfirmed, OwnBreach
from portal.requests.life.enums import LifeKind
from portal.requests.life.models import LifeChange
from portal.staff.manners import ReadOnly, row_id

_WORDS = ("nature", "consequences", "measures", "told_fi", "told_sv", "told_en")
_TIMES, _MINUTE = ("from_at", "until_at", "known_at"), "%Y-%m-%dT%H:%M"
_PAGE = "admin:requests_breach_change"


class BreachForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which entries of the log, since when it is known, and what is told."""

    class Meta:
        model = Breach
        fields = ("from_at", "until_at", "department", "dataset", "source", "actor", "known_at", *_WORDS)
        widgets: ClassVar[dict[str, Any]] = {
            **{name: forms.Textarea(attrs={"rows": 5, "cols": 80}) for name in _WORDS},
            **{name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE) for name in _TIMES},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments, datasets = names_by_slug()
        sources = {slug: slug for slug in source_slugs()}
        for name, known in (("department", departments), ("dataset", datasets), ("source", sources)):
            choices = [("", _("any")), *sorted(known.items(), key=lambda each: each[1])]
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, required=False, choices=choices)
        for name in _WORDS:
            self.fields[name].validators.append(no_identity_code)

    def clean(self) -> dict[str, Any]:
        """The database holds it too; here it is said in words."""
        told = super().clean() or {}
        begins, ends = told.get("from_at"), told.get("until_at")
        if begins and ends and begins >= ends:
            self.add_error("until_at", _("It ends after it begins."))
        if (known := told.get("known_at")) and known > timezone.now():
            self.add_error("known_at", _("This is still to come."))
        return told


@admin.register(Breach)
class BreachAdmin(ReadOnly[Breach]):
    """Newest first; of people only how many there are."""

    list_display = ("known_at", "department", "from_at", "until_at", "confirmed_at", "all_told_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may draft one: it needs a second person before anybody is told."""
        return request.user.has_perm("requests.add_breach")

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: the authority's form, filled in."""
        view = self.admin_site.admin_view(self.form_json)
        return [path("<uuid:pk>/form.json", view, name="requests_breach_form"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What is known so far."""
        if not self.has_add_permission(request):
            raise Http404
        account = _account_of(request.GET.get("change", ""))
        form = BreachForm(request.POST if request.method == "POST" else None)
        if account:
            # Of that account, whatever was done in it: nothing narrows it further.
            for name in ("department", "dataset", "source", "actor"):
                del form.fields[name]
        if form.is_valid():
            form.instance.account = account
            row = draft_breach(form.save(commit=False), by=actor_of(request), at=timezone.now())
            return redirect(_PAGE, row.pk)
        context = {**self.admin_site.each_context(request), "title": _("A breach of personal data"), "opts": self.opts}
        status = 422 if form.errors else 200
        page = TemplateResponse(request, "admin/requests/breach/draft.html", {**context, "form": form}, status=status)
        page["Cache-Control"] = "no-store"
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Counts, the clock of 72 hours, what people will read, and the second person's press."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may = request.user.has_perm("requests.change_breach")
        if request.method == "POST" and may:
            return self._confirm(request, row)
        departments, datasets = names_by_slug()
        touched = touched_by(row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("A breach of personal data"),
            "opts": self.opts,
            "row": row,
            "department": departments.get(row.department, row.department),
            "touched": touched,
            "datasets": [datasets.get(slug, slug) for slug in touched.datasets],
            "notify_by": row.known_at + TO_AUTHORITY_WITHIN,
            "is_late": timezone.now() > row.known_at + TO_AUTHORITY_WITHIN,
            "texts": texts_of(row).items(),
            "own": row.drafted_by == actor_of(request).id,
            "may_confirm": may and row.confirmed_at is None,
            "controller": city().city_of,
            "officer": city().contact.data_protection_officer,
        }
        page = TemplateResponse(request, "admin/requests/breach/one.html", context)
        page["Cache-Control"] = "no-store"
        return page

    def _confirm(self, request: HttpRequest, row: Breach) -> HttpResponse:
        try:
            confirm_breach(row.pk, by=actor_of(request), at=timezone.now())
            self.message_user(request, _("People are being told."), messages.SUCCESS)
        except OwnBreach:
            self.message_user(request, _("You drafted this yourself. Another person confirms it."), messages.ERROR)
        except AlreadyConfirmed:
            self.message_user(request, _("It was confirmed already."), messages.ERROR)
        return redirect(_PAGE, row.pk)

    def form_json(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What is known, for the authority."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        contact = {"controller": str(city().city_of), "contact": city().contact.data_protection_officer}
        answer = JsonResponse(contact | form_of(row, touched_by(row)), json_dumps_params={"ensure_ascii": False})
        answer["Content-Disposition"] = 'attachment; filename="breach.json"'
        answer["Cache-Control"] = "no-store"
        return answer


def _account_of(change: str) -> UUID | None:
    """The account that two people shared, of a confirmed change in a life."""
    pk = row_id(change)
    if pk is None:
        return None
    row = LifeChange.objects.filter(pk=pk, kind=LifeKind.SPLIT, confirmed_at__isnull=False).first()
    return row.person_id if row else None
