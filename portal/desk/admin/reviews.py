"""Openings drawn by lot: the row of the log as the person reads it, and what the data protection officer found."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.queries.holdings import names_by_slug
from portal.desk.forms import FindingForm
from portal.ledger.queries import entries_of_departments
from portal.pages.log_lines import Line, Names, line_of
from portal.people.actors import actor_of
from portal.people.models import OpeningReview, ReviewFinding
from portal.people.reviews import AlreadyReviewed, review_opening
from portal.staff.manners import ReadOnly


@admin.register(OpeningReview)
class OpeningReviewAdmin(ReadOnly[OpeningReview]):
    """What waits first; neither whom it was about nor who opened: the officer asks for a name where it matters."""

    list_display = ("opened_at", "department", "finding", "reviewed_at")
    list_filter = ("finding", "department", ("reviewed_at", admin.EmptyFieldListFilter))
    ordering = ("reviewed_at", "opened_at")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The row, and three answers."""
        if not self.has_view_permission(request):
            raise Http404
        review = get_object_or_404(self.get_queryset(request), pk=object_id)
        may_answer = request.user.has_perm("people.change_openingreview")
        form = FindingForm(request.POST if request.method == "POST" else None)
        if may_answer and form.is_valid():
            self._review(request, review, form.cleaned_data["finding"])
            return redirect("admin:people_openingreview_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Opening drawn by lot"),
            "opts": self.opts,
            "review": review,
            "row": _row(review),
            "form": form if may_answer and review.finding in {"", ReviewFinding.ASKED} else None,
        }
        template = "admin/people/openingreview/look.html"
        answer = TemplateResponse(request, template, context, status=422 if form.errors else 200)
        answer["Cache-Control"] = "no-store"
        return answer

    def _review(self, request: HttpRequest, review: OpeningReview, finding: str) -> None:
        try:
            review_opening(review.pk, ReviewFinding(finding), by=actor_of(request), at=timezone.now())
            self.message_user(request, _("What was found is written down."), messages.SUCCESS)
        except AlreadyReviewed:
            self.message_user(request, _("Somebody looked into this meanwhile."), messages.ERROR)


def _row(review: OpeningReview) -> Line | None:
    """Numbered a second after it was written; None until then, and when its month is over."""
    entry = entries_of_departments().filter(pk=review.entry_id).first()
    if entry is None or entry.subject is None:
        return None
    return line_of(entry, Names(*names_by_slug()), reader=entry.subject)
