"""Letters: whether, how and about what we write, with a letter to look at."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.i18n.languages import language_now
from portal.notices.actions.choosing import choose
from portal.notices.queries import Choice, choice_of, latest_letter, notices_of, ways_for
from portal.notices.wording import letter_text
from portal.pages.door import ResidentRequest, own_page
from portal.pages.forms import LettersForm
from portal.pages.notices import told_of

_LATEST = 10


@own_page
def letters(request: ResidentRequest) -> HttpResponse:
    """Their own choices, also while they act for somebody; a letter as an example, and what has waited lately."""
    language = language_now()
    choice = choice_of(request.person, language=language)
    ways = ways_for(request.person)
    # An empty press is a press: its token may have come in a header.
    form = LettersForm(request.POST if request.method == "POST" else None, ways=ways)
    if form.is_valid():
        choose(request.person, Choice(**form.cleaned_data), by=request.actor, at=timezone.now())
        response = redirect("letters")
        response.headers["Location"] += "?saved"
        return response
    latest = latest_letter(request.person)
    context = {
        "choice": choice,
        "ways": [(way.value, way.label) for way in ways],
        "form": form,
        "saved": "saved" in request.GET,
        "undelivered": latest is not None and latest.given_up_at is not None and latest.way == choice.way,
        "example": letter_text(language),
        "lately": [told_of(notice.kind, notice.at, notice.told_at) for notice in notices_of(request.person)[:_LATEST]],
    }
    return TemplateResponse(request, "pages/letters.html", context, status=422 if form.errors else 200)
