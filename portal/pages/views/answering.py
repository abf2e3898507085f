"""A question to decide, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.actions import answering
from consents.enums import ConsentState
from consents.errors import ConsentFault
from consents.models import Consent, PurposeText
from consents.queries.reading import asked_datasets, events_of, text_to_answer
from consents.queries.texts import text_last_answered
from consents.queries.voices import deciders_of, deciders_told
from datasources.queries.brought import brought_datasets
from portal.pages.acts import acts_on
from portal.pages.answers_told import fault_told, shown_now
from portal.pages.choices import Choices, choices_of
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.forms import YES, AnswerForm
from portal.pages.fresh import asks_again_for_another
from portal.pages.matters import consents, says, shows_records
from portal.pages.permission_cards import OwnValues, card_of, in_language, own_values
from portal.pages.readability import reading_minutes
from portal.pages.text_changes import TextChanges, changes_between
from portal.pages.ways_back import WayBack, way_back

_ANSWERS = (ConsentState.GIVEN, ConsentState.PENDING, ConsentState.REFUSED, ConsentState.WITHDRAWN)


@dataclass(frozen=True)
class _Question:
    consent: Consent
    text: PurposeText
    values: list[OwnValues]
    choices: Choices
    changes: TextChanges | None
    way_back: WayBack | None

    def form(self, data: Any = None) -> AnswerForm:
        return AnswerForm(data, offered=self.choices.offered, in_parts=bool(self.choices.parts))


def _question(request: ResidentRequest, pk: UUID) -> _Question | None:
    consent = get_object_or_404(consents(request), pk=pk)
    text = text_to_answer(consent)
    if text is None or not acts_on(request, consent, at=timezone.now()).may_answer:
        return None
    asked = {row.dataset.slug: (row.needed, row.optional) for row in asked_datasets(consent.purpose)}
    values = own_values(request.person, asked, hidden=not shows_records(request))
    back = way_back(request.person, consent.purpose_id, at=timezone.now())
    choices = choices_of(consent.purpose_id, values)
    return _Question(consent, text, values, choices, _changes(consent, text, asked), back)


def _changes(
    consent: Consent, text: PurposeText, asked: Mapping[str, tuple[list[str], list[str]]]
) -> TextChanges | None:
    """What is asked otherwise than when the person last answered; what a yes covers is told field by field."""
    answered = text_last_answered(consent)
    if answered is None or answered.version >= text.version:
        return None
    now = [f"{slug}.{name}" for slug, fields in asked.items() for some in fields for name in some]
    return changes_between(answered, text, covered=consent.fields, asked=now)


def _page(request: ResidentRequest, question: _Question, form: AnswerForm, *, fault: str = "") -> HttpResponse:
    context = {
        "card": card_of(question.consent),
        "text": in_language(question.text),
        "text_id": question.text.pk,
        "minutes": reading_minutes(in_language(question.text)),
        "version": question.text.version,
        "published_at": question.text.published_at,
        "deciders": deciders_told(deciders_of(question.consent.purpose)),
        "values": question.values,
        "parts": question.choices.parts,
        "changes": question.changes,
        "form": form,
        "fault": fault,
        "way_back": question.way_back,
    }
    status = 409 if fault else (422 if form.errors else 200)
    return TemplateResponse(request, "pages/question.html", context, status=status)


@resident_page
@asks_again_for_another
def question(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Six questions and their answers, one's own values, and two choices of equal weight."""
    asked = _question(request, pk)
    if asked is None:
        return redirect("permission", pk=pk)
    form = asked.form(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, asked, form)
    said = form.cleaned_data
    now, shown, side = timezone.now(), shown_now(said["text"]), says(request, asked.consent)
    try:
        if said["answer"] == YES:
            chosen = asked.choices.fields(said["optional"])
            answering.give(pk, shown=shown, optional=chosen, says=side, by=request.actor, at=now)
        else:
            answering.refuse(pk, shown=shown, says=side, by=request.actor, at=now)
    except ConsentFault as fault:
        return _page(request, asked, asked.form(), fault=fault_told(fault))
    return redirect("answer_saved", pk=pk)


@resident_page
def answer_saved(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What was answered, to read and print."""
    consent = get_object_or_404(consents(request), pk=pk)
    event = events_of(consent).last()
    if event is None or consent.state not in _ANSWERS:
        return redirect("permission", pk=pk)
    about_watch = not brought_datasets().isdisjoint(event.datasets)
    context = {"card": card_of(consent), "event": event, "about_watch": about_watch}
    context["way_back"] = way_back(request.person, consent.purpose_id, at=timezone.now())
    return TemplateResponse(request, "pages/answer_saved.html", context)
