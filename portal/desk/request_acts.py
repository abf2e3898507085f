"""What a press on the page of a request does, by the name of its button; each gives the sentence that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from datasources.queries.holdings import names_by_slug
from portal.desk.request_forms import AnswerRequestForm, HandOverForm, LongerForm, PauseForm
from portal.ledger.actor import Actor
from portal.people.models import User
from portal.requests.actions import answer_request
from portal.requests.deciding import Wanted, confirm_answer, propose_answer, send_back
from portal.requests.enums import BY_TWO, Doubt, Longer, Outcome
from portal.requests.errors import (
    AlreadyAnswered,
    NothingProposed,
    NotPutOff,
    OwnProposal,
    ProposalWaits,
    RequestFault,
)
from portal.requests.grounds import Ground
from portal.requests.models import Request
from portal.requests.queueing import extend_request, go_on, hand_over, pause_clock, read_under_openness, take_on

# What staff are told of a fault.
FAULTS: Mapping[type[RequestFault], str | Promise] = {
    AlreadyAnswered: _("Somebody answered this meanwhile."),
    ProposalWaits: _("An answer was proposed and waits for a second person."),
    OwnProposal: _("You proposed this answer. Another person confirms it."),
    NothingProposed: _("No answer waits for a second person any more."),
    NotPutOff: _("This cannot be done with the request any more."),
}


@dataclass(frozen=True)
class Press:
    """Who pressed, on which request, and what the form said."""

    asked: Request
    user: User
    told: QueryDict
    by: Actor
    at: datetime

    @property
    def how(self) -> dict[str, Any]:
        """What every action is told."""
        return {"staff": self.user.departments, "by": self.by, "at": self.at}


@dataclass(frozen=True)
class Done:
    """What was done, in words; or the forms that say what is missing, by the name of each."""

    said: str | Promise = ""
    forms: Mapping[str, Form] = field(default_factory=dict)
    stays: bool = True


def _take(press: Press) -> Done:
    take_on(press.asked.pk, **press.how)
    return Done(_("It is yours to answer."))


def _hand_over(press: Press) -> Done:
    form = HandOverForm(press.told, departments=departments())
    if not form.is_valid():
        return Done(forms={"hand_over": form})
    hand_over(press.asked.pk, form.cleaned_data["department"], note=form.cleaned_data["note"], **press.how)
    return Done(_("It was handed over."), stays=False)


def _longer(press: Press) -> Done:
    form = LongerForm(press.told)
    if not form.is_valid():
        return Done(forms={"longer": form})
    extend_request(press.asked.pk, Longer(form.cleaned_data["longer"]), **press.how)
    return Done(_("The person was told that it takes longer, and why."))


def _pause(press: Press) -> Done:
    form = PauseForm(press.told)
    if not form.is_valid():
        return Done(forms={"pause": form})
    pause_clock(press.asked.pk, Doubt(form.cleaned_data["doubt"]), **press.how)
    return Done(_("The time stands still. The person was told so, and why."))


def _go_on(press: Press) -> Done:
    go_on(press.asked.pk, **press.how)
    return Done(_("The time runs again."))


def _openness(press: Press) -> Done:
    read_under_openness(press.asked.pk, many="many" in press.told, **press.how)
    return Done(_("It stands under the Openness Act now."))


def _answer(press: Press) -> Done:
    form = AnswerRequestForm(press.told, asked=press.asked)
    if not form.is_valid():
        return Done(forms={"answer": form})
    told = form.cleaned_data
    outcome = Outcome(told["outcome"])
    if outcome in BY_TWO:
        wanted = Wanted(outcome, Ground(told["ground"]), told["answer"])
        propose_answer(press.asked.pk, wanted, **press.how)
        return Done(_("The answer waits for a second person."), stays=False)
    answer_request(press.asked.pk, outcome=outcome, answer=told["answer"], **press.how)
    return Done(_("The answer is with the person."), stays=False)


def _confirm(press: Press) -> Done:
    confirm_answer(press.asked.pk, **press.how)
    return Done(_("The answer is with the person."), stays=False)


def _send_back(press: Press) -> Done:
    send_back(press.asked.pk, **press.how)
    return Done(_("The proposal was sent back."))


Act = Callable[[Press], Done]
# Without reading what the person said.
CLOSED: Mapping[str, Act] = {"take": _take, "hand_over": _hand_over}
OPENED: Mapping[str, Act] = {
    "answer": _answer,
    "confirm": _confirm,
    "send_back": _send_back,
    "longer": _longer,
    "openness": _openness,
    "pause": _pause,
    "go_on": _go_on,
}


def departments() -> dict[str, str]:
    """{slug: name} of all that a request can be handed to, in the order of their names."""
    return dict(sorted(names_by_slug()[0].items(), key=lambda each: each[1]))
