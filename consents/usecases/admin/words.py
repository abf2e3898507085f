"""What residents sent, oldest first: read, then published, or not, with a ground that its writer is told."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consents.usecases.actions.moderating import leave, publish, refuse
from consents.usecases.enums import RefusalGround
from consents.usecases.errors import AlreadyDecided
from consents.usecases.forms import RefuseForm
from consents.usecases.queries.waiting import read_words, reports_of, waiting_too_long, waiting_words
from consents.usecases.words import Word
from portal.people.actors import actor_of
from portal.staff.alarms import Alarm, rings
from portal.staff.manners import ReadOnly, row_id

_LIST = "admin:usecases_word_changelist"


@rings
def words_wait_too_long(request: HttpRequest) -> Iterator[Alarm]:
    """To whoever decides about them."""
    if not request.user.has_perm("usecases.change_word"):
        return
    if count := waiting_too_long(at=timezone.now()):
        sentence = ngettext(
            "%(count)d text of a resident has waited to be read for more than two working days.",
            "%(count)d texts of residents have waited to be read for more than two working days.",
            count,
        )
        yield Alarm(sentence % {"count": count}, reverse(_LIST))


@admin.register(Word)
class WordAdmin(ReadOnly[Word]):
    """The queue; of who wrote them nothing is told but the name that they chose to show."""

    list_display = ("kind", "case", "language", "sent_at", "state", "reported_at")
    list_filter = ("kind", "language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Word]:
        """Only what waits."""
        return waiting_words()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is said, what readers reported, and the three ways to decide."""
        if not self.has_view_permission(request):
            raise Http404
        word = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may = request.user.has_perm("usecases.change_word")
        form = RefuseForm(request.POST if request.POST.get("do") == "refuse" and may else None)
        if request.method == "POST" and may and (request.POST.get("do") != "refuse" or form.is_valid()):
            return self._decide(request, word, form)
        context = {
            **self.admin_site.each_context(request),
            "title": word.get_kind_display(),
            "opts": self.opts,
            "word": word,
            "said": read_words(word.pk),
            "reports": reports_of(word) if word.reported_at else [],
            "form": form,
            "may": may,
        }
        status = 422 if form.errors else 200
        page = TemplateResponse(request, "admin/usecases/word/one.html", context, status=status)
        page["Cache-Control"] = "no-store"
        return page

    def _decide(self, request: HttpRequest, word: Word, form: RefuseForm) -> HttpResponse:
        by, now, do = actor_of(request), timezone.now(), request.POST.get("do")
        try:
            if do == "publish":
                publish(word.pk, by=by, at=now)
                self.message_user(request, _("Everyone reads it now. Its writer is told."), messages.SUCCESS)
            elif do == "refuse":
                refuse(word.pk, RefusalGround(form.cleaned_data["ground"]), by=by, at=now)
                self.message_user(request, _("It is not published. Its writer is told why."), messages.SUCCESS)
            else:
                leave(word.pk, by=by, at=now)
                self.message_user(request, _("It stays as it is."), messages.SUCCESS)
        except AlreadyDecided:
            self.message_user(request, _("Somebody decided about it meanwhile, or it was removed."), messages.ERROR)
        return redirect(_LIST)
