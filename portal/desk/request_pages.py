"""What the page of a request shows to staff: before it is opened, and when it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from portal.desk.opened import id_of
from portal.desk.request_acts import departments
from portal.desk.request_forms import AnswerRequestForm, HandOverForm, LongerForm, outcomes_of
from portal.ledger.actor import Actor
from portal.pages.rights_told import appeal_told
from portal.people.actions import names_of
from portal.people.models import Person, User
from portal.requests.enums import RequestKind, RequestState
from portal.requests.models import DecisionTemplate, Request
from portal.requests.queries import note_of, proposed_for, words_of
from portal.requests.queueing import may_be_put_off, may_be_read_otherwise
from portal.requests.rules import working_days_left
from portal.requests.workdays import is_free
from portal.walls import Role, scope

Forms = Mapping[str, forms.Form]


def left_in_words(due: date, today: date) -> str:
    """How long there is still, in words, not by colour."""
    days = working_days_left(today, due, is_free)
    if days < 0:
        late = ngettext("%(n)d working day late", "%(n)d working days late", -days)
        return late % {"n": -days}
    return ngettext("%(n)d working day left", "%(n)d working days left", days) % {"n": days}


def who_has(asked: Request, by: Actor) -> str:
    """Whether whoever looks has it; of others only that somebody does."""
    if not asked.assignee:
        return gettext("nobody yet")
    return gettext("you") if asked.assignee == by.id else gettext("a colleague")


def ways_of(asked: Request, sent: Forms) -> dict[str, Any]:
    """What can be done without reading it."""
    if asked.state != RequestState.RECEIVED:
        return {}
    initial = {"department": asked.department}
    return {"hand_over": sent.get("hand_over") or HandOverForm(departments=departments(), initial=initial)}


def opened_context(request: HttpRequest, asked: Request, sent: Forms, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the person said, the note of colleagues, the proposal that waits, and the forms of what can be done."""
    staff = cast("User", request.user).departments
    with scope(Role.STAFF, persons=[asked.person_id], departments=staff):
        whole = Request.objects.get(pk=asked.pk)
        said, answer = words_of(whole)
        told = {"opened": True, "said": said, "answer": answer, "note": note_of(whole), "name": _name(whole)}
        proposed = proposed_for(whole)
    if proposed:
        told |= {"proposal": proposed[0], "proposed": proposed[1], "is_own": proposed[0].proposed_by == by.id}
    elif asked.state == RequestState.RECEIVED:
        told |= _forms(request, asked, sent, at=at)
    return told | {"appeal": appeal_told(asked.law)}


def _name(asked: Request) -> str:
    """Who asks, but for a question about the log: there the row is enough."""
    if asked.kind == RequestKind.LOG:
        return ""
    names = names_of(Person.objects.get(pk=asked.person_id))
    return f"{names.given} {names.family}"


def _forms(request: HttpRequest, asked: Request, sent: Forms, *, at: datetime) -> dict[str, Any]:
    begun = _template(request)
    initial = {"outcome": begun.outcome, "answer": getattr(begun, f"text_{asked.language}")} if begun else {}
    outcomes = outcomes_of(RequestKind(asked.kind))
    usable = DecisionTemplate.objects.filter(kind__in=["", asked.kind], outcome__in=outcomes)
    return {
        "form": sent.get("answer") or AnswerRequestForm(asked=asked, initial=initial),
        "templates": list(usable),
        "longer": (sent.get("longer") or LongerForm()) if may_be_put_off(asked, at=at) else None,
        "openness": may_be_read_otherwise(asked),
    }


def _template(request: HttpRequest) -> DecisionTemplate | None:
    wanted = id_of(request.GET.get("template", ""))
    return DecisionTemplate.objects.filter(pk=wanted).first() if wanted else None
