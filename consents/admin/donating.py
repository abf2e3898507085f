"""The parts of a donation, on a page of their own below its purpose; and reports of what came of given data."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.admin.donation_forms import ModuleForm, OutcomeForm
from consents.admin.manners import acting, frame, is_officer, is_theirs
from consents.donations import faults
from consents.donations.keeping import draft_outcome, drop_module, keep_module, publish_outcome
from consents.models import Outcome, Purpose
from portal.people.actors import actor_of
from portal.staff.manners import ReadOnly, row_id

_LIST = "admin:consents_outcome_changelist"
_OF_FAULT: Mapping[type[faults.DonationFault], Any] = {
    faults.NotADonation: _("This is no data that is given for the common good."),
    faults.NotWhole: _("Write a title and a text in each of the three languages."),
    faults.AlreadyPublished: _("A report that was published stays as it is."),
    faults.OwnReport: _("You drafted this report. Another person publishes it."),
    faults.NotYours: _("Only staff of the department that asks may do this."),
    faults.PublishedPurpose: _("The text is published, so its parts stay as they are. Other parts need a new purpose."),
}


def parts_page(request: HttpRequest, purpose: Purpose, each: dict[str, Any]) -> HttpResponse:
    """What stands there, and one more; a part of the same short name is written anew."""
    if not purpose.donation:
        raise Http404
    form = ModuleForm(request.POST if request.POST.get("do") == "keep" else None, purpose=purpose)
    if request.method == "POST" and not is_theirs(request, purpose):
        raise Http404
    try:
        if request.POST.get("do") == "drop":
            drop_module(purpose, request.POST.get("slug", ""), by=acting(request, purpose), at=timezone.now())
            return redirect("admin:consents_purpose_parts", purpose.pk)
        if form.is_valid():
            told = form.cleaned_data
            keep_module(
                purpose,
                told["slug"],
                parts=form.parts(),
                fields=told["fields_given"],
                by=acting(request, purpose),
                at=timezone.now(),
            )
            return redirect("admin:consents_purpose_parts", purpose.pk)
    except faults.DonationFault as fault:
        messages.error(request, str(_OF_FAULT[type(fault)]))
    title = _("The parts of what is given")
    context = {**each, **frame(request, purpose, title=title, form=form, modules=purpose.modules.all())}
    context["may_write"] = context["theirs"] and not purpose.texts.filter(published_at__isnull=False).exists()
    return TemplateResponse(request, "admin/consents/purpose/parts.html", context)


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly[Outcome]):
    """Drafted by a keeper of the department that asks, published by a colleague or by the officer."""

    list_display = ("title", "purpose", "drafted_at", "published_at", "givers")
    list_filter = ("purpose__department",)
    list_select_related = ("purpose",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers write what came of data that their own departments were given."""
        return bool(request.user.has_perm("consents.change_purpose"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outcome]:
        """Of one's own departments; who sees every department reads all."""
        departments = getattr(request.user, "departments", [])
        rows = super().get_queryset(request)
        return rows if "*" in departments else rows.filter(purpose__department__slug__in=departments)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """What came of it, in three languages; a second person publishes it."""
        if not self.has_add_permission(request):
            raise Http404
        departments = getattr(request.user, "departments", [])
        form = OutcomeForm(request.POST if request.method == "POST" else None, departments=departments)
        if form.is_valid():
            purpose = form.cleaned_data["purpose"]
            try:
                draft_outcome(purpose, parts=form.parts(), by=acting(request, purpose), at=timezone.now())
            except faults.DonationFault as fault:
                self.message_user(request, str(_OF_FAULT[type(fault)]), messages.ERROR)
            else:
                self.message_user(request, _("Drafted. A second person reads and publishes it."), messages.SUCCESS)
                return redirect(_LIST)
        each = self.admin_site.each_context(request)
        context = {**each, "title": _("A report of what came of given data"), "opts": self.opts, "form": form}
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/consents/outcome/add.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report as people will read it, and the press that publishes it."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may_publish = row.published_at is None and (is_theirs(request, row.purpose) or is_officer(request))
        if request.method == "POST" and may_publish:
            return self._publish(request, row)
        each = self.admin_site.each_context(request)
        own = row.drafted_by == actor_of(request).id
        context = {**each, "title": self.title(row), "opts": self.opts, "row": row, "may_publish": may_publish}
        return TemplateResponse(request, "admin/consents/outcome/change.html", {**context, "own": own})

    def _publish(self, request: HttpRequest, row: Outcome) -> HttpResponse:
        try:
            publish_outcome(row.pk, by=acting(request, row.purpose), at=timezone.now())
            self.message_user(request, _("Published. Those who gave data are told."), messages.SUCCESS)
        except faults.DonationFault as fault:
            self.message_user(request, str(_OF_FAULT[type(fault)]), messages.ERROR)
        return redirect(_LIST)

    @admin.display(description=_("Title"))
    def title(self, row: Outcome) -> str:
        """In the first of the three languages that has one."""
        return next((told["title"] for told in row.parts.values() if told.get("title")), gettext("without a title"))
