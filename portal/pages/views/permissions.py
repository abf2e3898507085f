"""Permissions: the list, one of them, stopping it, and a question to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from consents.actions import answering
from consents.actions.traces import Shown
from consents.enums import ConsentState
from consents.errors import ConsentFault, NotOn, NotYours, TextChanged
from consents.models import Consent, PurposeText
from consents.queries.heard import last_end_of
from consents.queries.reading import (
    ENDED,
    asked_datasets,
    events_of,
    is_asked_anew,
    may_be_given_in_part,
    purposes_by_law,
    text_to_answer,
)
from consents.queries.texts import published_texts, text_last_answered
from consents.queries.voices import deciders_of, deciders_told
from consents.rules.lifecycle import Act, may
from datasources.queries.brought import brought_alone
from portal.pages.acts import acts_on
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.forms import YES, AnswerForm, ChangeForm, StopForm
from portal.pages.fresh import asks_again_for_another
from portal.pages.impact import impact_of
from portal.pages.matters import cards, consents, says, shows_records
from portal.pages.permission_cards import OwnValues, card_of, in_language, own_values
from portal.pages.readability import reading_minutes
from portal.pages.stories import story_of
from portal.pages.text_changes import TextChanges, changes_between, versions_of
from portal.requests.erasing.actions import ask_receiver

# What is older is folded.
_UNFOLDED = 5
_ANSWERS = (ConsentState.GIVEN, ConsentState.PENDING, ConsentState.REFUSED, ConsentState.WITHDRAWN)


def _told(fault: ConsentFault) -> str:
    """The fault as a sentence in the reader's language."""
    match fault:
        case TextChanged():
            return gettext("The text changed after you opened the page. Read it again and then answer.")
        case NotOn():
            return gettext("This permission is not on.")
        case NotYours():
            return gettext("This is for somebody else to answer.")
        case _:
            return gettext("This question is no longer open.")


def _shown(text: UUID) -> Shown:
    return Shown(text=text, language=(get_language() or "fi")[:2])


@resident_page
def permissions(request: ResidentRequest) -> HttpResponse:
    """On, waiting, answered no, ended; and the uses that rest on law, as facts."""
    shown = cards(request)
    return TemplateResponse(
        request,
        "pages/permissions.html",
        {
            "waiting": [card for card in shown if card.waits],
            "elsewhere": [card for card in shown if card.waits_elsewhere],
            "half": [card for card in shown if card.half],
            "on": [card for card in shown if card.state == ConsentState.GIVEN],
            "refused": [card for card in shown if card.state == ConsentState.REFUSED],
            "ended": [card for card in shown if card.state in ENDED],
            "by_law": [
                {"purpose": purpose, "text": in_language(purpose.published[0])}  # type: ignore[attr-defined]
                for purpose in purposes_by_law()
            ],
        },
    )


@resident_page
def permission(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One permission: what it says, everything that happened to it, and every version of its text."""
    consent = get_object_or_404(consents(request), pk=pk)
    story = story_of(request.person, consent, reader=request.me)
    now = timezone.now()
    acts = acts_on(request, consent, at=now)
    return TemplateResponse(
        request,
        "pages/permission.html",
        {
            "card": card_of(consent),
            "covers": story.steps[0].covers if story.steps else (),
            "latest": story.steps[:_UNFOLDED],
            "earlier": story.steps[_UNFOLDED:],
            "last_use": story.last_use,
            "last_end": last_end_of(request.person, consent.pk, at=now),
            "versions": versions_of(published_texts(consent)),
            "acts": acts,
            "deciders": deciders_told(deciders_of(consent.purpose)),
            "may_change": acts.may_change and may_be_given_in_part(consent.purpose),
        },
    )


@resident_page
@asks_again_for_another
def stop(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What happens if one stops; then stopping."""
    consent = get_object_or_404(consents(request), pk=pk)
    # An empty press is a press: its token may have come in a header.
    form = StopForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        may_stop = acts_on(request, consent, at=timezone.now()).may_stop
        context: dict[str, Any] = {"card": card_of(consent), "may_stop": may_stop}
        context["impact"] = impact_of(request.person, consent, reader=request.me) if may_stop else None
        return TemplateResponse(request, "pages/stop.html", context)
    try:
        shown, side = _shown(consent.text_id), says(request, consent)
        answering.withdraw(consent.pk, shown=shown, says=side, by=request.actor, at=timezone.now())
        if form.cleaned_data["erase"]:
            _ask_to_erase(request, consent)
    except ConsentFault as fault:
        return TemplateResponse(
            request, "pages/stop.html", {"card": card_of(consent), "fault": _told(fault)}, status=409
        )
    return redirect("answer_saved", pk=consent.pk)


def _ask_to_erase(request: ResidentRequest, consent: Consent) -> None:
    """In the transaction of the stop: both, or neither."""
    ask_receiver(
        request.person,
        department=consent.recipient,
        aim=consent.purpose.slug,
        datasets=consent.datasets,
        language=(get_language() or "fi")[:2],
        by=request.actor,
        at=timezone.now(),
    )


def _choices(request: ResidentRequest, consent: Consent) -> list[tuple[str, str]]:
    """(dataset.field, label) of what may be left out."""
    asked = {row.dataset.slug: (row.needed, row.optional) for row in asked_datasets(consent.purpose)}
    return [choice for each in own_values(request.person, asked) for choice in each.optional]


@resident_page
@asks_again_for_another
def change(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Which of the data that may be left out a permission covers."""
    consent = get_object_or_404(consents(request), pk=pk)
    choices = _choices(request, consent)
    if not (choices and may(Act.CHANGE, ConsentState(consent.state))):
        return redirect("permission", pk=pk)
    # Who already had the page before them is told that the text changed.
    if request.method != "POST" and is_asked_anew(consent):
        return redirect("question", pk=pk)
    # Every box left empty is an answer too: its token may have come in a header.
    form = ChangeForm(request.POST if request.method == "POST" else None, offered=choices)
    status, fault = (422 if form.errors else 200), ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            shown = _shown(told["text"])
            side, chosen = says(request, consent), told["optional"]
            answering.change(pk, shown=shown, optional=chosen, says=side, by=request.actor, at=timezone.now())
        except ConsentFault as found:
            status, fault = 409, _told(found)
        else:
            return redirect("answer_saved", pk=pk)
    context = {"card": card_of(consent), "text_id": consent.text_id, "fault": fault, "form": form}
    context["choices"] = [(key, label, key in consent.fields) for key, label in choices]
    return TemplateResponse(request, "pages/change.html", context, status=status)


@resident_page
@asks_again_for_another
def renew(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """A permission that soon ends, for as long again; who only looks is led to the permission."""
    consent = get_object_or_404(consents(request), pk=pk)
    if request.method != "POST":
        return redirect("permission", pk=pk)
    try:
        shown, side = _shown(consent.text_id), says(request, consent)
        answering.renew(pk, shown=shown, says=side, by=request.actor, at=timezone.now())
    except ConsentFault:
        return redirect("permission", pk=pk)
    return redirect("answer_saved", pk=pk)


@dataclass(frozen=True)
class _Question:
    consent: Consent
    text: PurposeText
    values: list[OwnValues]
    changes: TextChanges | None

    @property
    def offered(self) -> list[tuple[str, str]]:
        return [choice for each in self.values for choice in each.optional]


def _question(request: ResidentRequest, pk: UUID) -> _Question | None:
    consent = get_object_or_404(consents(request), pk=pk)
    text = text_to_answer(consent)
    if text is None or not acts_on(request, consent, at=timezone.now()).may_answer:
        return None
    asked = {row.dataset.slug: (row.needed, row.optional) for row in asked_datasets(consent.purpose)}
    values = own_values(request.person, asked, hidden=not shows_records(request))
    return _Question(consent, text, values, _changes(consent, text, asked))


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
        "changes": question.changes,
        "form": form,
        "fault": fault,
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
    form = AnswerForm(request.POST if request.method == "POST" else None, offered=asked.offered)
    if not form.is_valid():
        return _page(request, asked, form)
    said = form.cleaned_data
    now, shown, side = timezone.now(), _shown(said["text"]), says(request, asked.consent)
    try:
        if said["answer"] == YES:
            answering.give(pk, shown=shown, optional=said["optional"], says=side, by=request.actor, at=now)
        else:
            answering.refuse(pk, shown=shown, says=side, by=request.actor, at=now)
    except ConsentFault as fault:
        return _page(request, asked, AnswerForm(offered=asked.offered), fault=_told(fault))
    return redirect("answer_saved", pk=pk)


@resident_page
def answer_saved(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What was answered, to read and print."""
    consent = get_object_or_404(consents(request), pk=pk)
    event = events_of(consent).last()
    if event is None or consent.state not in _ANSWERS:
        return redirect("permission", pk=pk)
    about_watch = not brought_alone().isdisjoint(event.datasets)
    context = {"card": card_of(consent), "event": event, "about_watch": about_watch}
    return TemplateResponse(request, "pages/answer_saved.html", context)
