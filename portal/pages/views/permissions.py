"""Permissions: the list, one of them, stopping it, changing and renewing it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.actions import answering
from consents.algorithms.sheets import ProgramNamed, programs_of
from consents.donations.reading import modules_of, outcomes_of
from consents.enums import ConsentState
from consents.errors import ConsentFault
from consents.models import Consent
from consents.queries.heard import last_end_of
from consents.queries.reading import (
    ENDED,
    asked_datasets,
    is_asked_anew,
    may_be_given_in_part,
    purposes_by_law,
)
from consents.queries.texts import published_texts
from consents.queries.voices import deciders_of, deciders_told
from consents.rules.lifecycle import Act, may
from portal.i18n.languages import language_now
from portal.pages.acts import acts_on
from portal.pages.answers_told import fault_told, shown_now
from portal.pages.choices import Choices, choices_of, parts_told
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.forms import ChangeForm, StopForm
from portal.pages.fresh import asks_again_for_another
from portal.pages.impact import impact_of
from portal.pages.matters import cards, consents, says
from portal.pages.outcomes import outcome_told
from portal.pages.permission_cards import card_of, in_language, own_values
from portal.pages.stories import story_of
from portal.pages.text_changes import versions_of
from portal.requests.erasing.actions import ask_receiver

# What is older is folded.
_UNFOLDED = 5


@resident_page
def permissions(request: ResidentRequest) -> HttpResponse:
    """On, waiting, answered no, ended; and the uses that rest on law, as facts."""
    shown = cards(request)
    by_law = list(purposes_by_law())
    programs = programs_of(purpose.pk for purpose in by_law)
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
                {
                    "purpose": purpose,
                    "text": in_language(purpose.published[0]),  # type: ignore[attr-defined]
                    "programs": programs.get(purpose.pk, ()),
                }
                for purpose in by_law
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
            **_donation(consent),
            "deciders": deciders_told(deciders_of(consent.purpose)),
            "may_change": acts.may_change and may_be_given_in_part(consent.purpose),
            "programs": _programs(consent),
        },
    )


def _donation(consent: Consent) -> dict[str, Any]:
    """The parts of a donation, and what came of it; nothing where it is none."""
    if not consent.purpose.donation:
        return {}
    came = outcomes_of([consent.purpose_id]).get(consent.purpose_id, ())
    parts = parts_told(modules_of(consent.purpose_id), consent.fields)
    return {"donation": consent.purpose.slug, "parts": parts, "outcomes": [outcome_told(each) for each in came]}


def _programs(consent: Consent) -> list[ProgramNamed]:
    return programs_of([consent.purpose_id]).get(consent.purpose_id, [])


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
        shown, side = shown_now(consent.text_id), says(request, consent)
        answering.withdraw(consent.pk, shown=shown, says=side, by=request.actor, at=timezone.now())
        if form.cleaned_data["erase"]:
            _ask_to_erase(request, consent)
    except ConsentFault as fault:
        return TemplateResponse(
            request, "pages/stop.html", {"card": card_of(consent), "fault": fault_told(fault)}, status=409
        )
    return redirect("answer_saved", pk=consent.pk)


def _ask_to_erase(request: ResidentRequest, consent: Consent) -> None:
    """In the transaction of the stop: both, or neither."""
    ask_receiver(
        request.person,
        department=consent.recipient,
        aim=consent.purpose.slug,
        datasets=consent.datasets,
        language=language_now(),
        by=request.actor,
        at=timezone.now(),
    )


def _choices(request: ResidentRequest, consent: Consent) -> Choices:
    """What may be left out."""
    asked = {row.dataset.slug: (row.needed, row.optional) for row in asked_datasets(consent.purpose)}
    return choices_of(consent.purpose_id, own_values(request.person, asked), covered=consent.fields)


@resident_page
@asks_again_for_another
def change(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Which of the data that may be left out a permission covers."""
    consent = get_object_or_404(consents(request), pk=pk)
    choices = _choices(request, consent)
    if not (choices.offered and may(Act.CHANGE, ConsentState(consent.state))):
        return redirect("permission", pk=pk)
    # Who already had the page before them is told that the text changed.
    if request.method != "POST" and is_asked_anew(consent):
        return redirect("question", pk=pk)
    # Every box left empty is an answer too: its token may have come in a header.
    said = request.POST if request.method == "POST" else None
    form = ChangeForm(said, offered=choices.offered, in_parts=bool(choices.parts))
    status, fault = (422 if form.errors else 200), ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            shown = shown_now(told["text"])
            side, chosen = says(request, consent), choices.fields(told["optional"])
            answering.change(pk, shown=shown, optional=chosen, says=side, by=request.actor, at=timezone.now())
        except ConsentFault as found:
            status, fault = 409, fault_told(found)
        else:
            return redirect("answer_saved", pk=pk)
    context = {"card": card_of(consent), "text_id": consent.text_id, "fault": fault, "form": form}
    context["choices"] = [(key, label, key in consent.fields) for key, label in choices.offered]
    context["parts"] = choices.parts
    return TemplateResponse(request, "pages/change.html", context, status=status)


@resident_page
@asks_again_for_another
def renew(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """A permission that soon ends, for as long again; who only looks is led to the permission."""
    consent = get_object_or_404(consents(request), pk=pk)
    if request.method != "POST":
        return redirect("permission", pk=pk)
    try:
        shown, side = shown_now(consent.text_id), says(request, consent)
        answering.renew(pk, shown=shown, says=side, by=request.actor, at=timezone.now())
    except ConsentFault:
        return redirect("permission", pk=pk)
    return redirect("answer_saved", pk=pk)
