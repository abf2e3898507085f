"""A request as its person reads it: its steps, what each source did, and where to go with a no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.pages.rights_told import appeal_told, places_told
from portal.requests.enums import OPEN_STATES, Law, Outcome, PartState, RequestKind, RequestState
from portal.requests.grounds import PLACES, Ground
from portal.requests.models import Part, Request

# What can be asked: (address, what it is called, what it does), in the order of the page.
_WAYS = (
    ("take_all", _("Get all your data"), _("You get a copy of everything in one file.")),
    ("move", _("Move your data to another city"), _("You choose what you take along, or bring what you have.")),
    ("correct", _("Have wrong data corrected"), _("Tell us what is wrong, and what is right.")),
    ("erase", _("Have data erased"), _("We erase what does not have to be kept, and say what stays.")),
    ("limit", _("Have the use limited"), _("The data is kept, but not used, while something is found out.")),
    ("object", _("Object to the use"), _("Tell why the use does not suit your situation.")),
    ("not_me", _("This is not about me"), _("Tell us if you see somebody else’s data here.")),
    ("ask_person", _("Ask a person"), _("Ask about anything that you do not find here.")),
)
_PARTS: Mapping[str, str | Promise] = {
    PartState.WAITING: _("is asked in a moment"),
    PartState.WORKING: _("is being asked now"),
    PartState.BY_HAND: _("a person is looking for this"),
    PartState.DONE: _("done"),
    PartState.NOTHING: _("nothing was found"),
    PartState.REFUSED: _("not done; the answer says why"),
    PartState.FAILED: _("did not answer"),
}
# After these there is nothing to disagree with: everything was done, or somebody else answers.
_ALL_DONE = (Outcome.DONE, Outcome.PASSED_ON, Outcome.WRONG)


@dataclass(frozen=True)
class Way:
    """Something that can be asked, with the page where it is."""

    url: str
    name: str
    does: str


@dataclass(frozen=True)
class Step:
    """Where a request stands: `at` None for what is still to come."""

    what: str
    at: datetime | None


@dataclass(frozen=True)
class PartTold:
    """A source by its name, and how far it is."""

    who: str
    state: str


@dataclass(frozen=True)
class Refusal:
    """Why it was not done or not in full, where the law says so, and where to go with it."""

    why: str
    law: str
    appeal: str


def ways_to_ask() -> list[Way]:
    """Those whose pages there are."""
    return [Way(url, str(name), str(does)) for address, name, does in _WAYS if (url := address_of(address))]


def address_of(address: str) -> str:
    """Of a page by its name; empty where there is none such."""
    try:
        return reverse(address)
    except NoReverseMatch:
        return ""


def steps_of(asked: Request) -> list[Step]:
    """Received, being looked at, answered; or taken back."""
    steps = [Step(gettext("We received your request."), asked.received_at)]
    if asked.taken_at:
        steps.append(Step(gettext("A person began to look at it."), asked.taken_at))
    if asked.extended_at:
        steps.append(Step(gettext("We told you that it takes longer."), asked.extended_at))
    if asked.state in OPEN_STATES:
        if not asked.taken_at:
            working = asked.state == RequestState.WORKING
            waits = gettext("The service is doing it.") if working else gettext("A person looks at it.")
            steps.append(Step(waits, None))
        steps.append(Step(gettext("You get an answer."), None))
    elif asked.state == RequestState.WITHDRAWN:
        steps.append(Step(gettext("The request was taken back."), asked.closed_at))
    else:
        steps.append(Step(gettext("You got an answer."), asked.closed_at))
    return steps


def parts_told(parts: Iterable[Part], departments: Mapping[str, str]) -> list[PartTold]:
    """By department, in words. Two registers of one department are two lines."""
    return [PartTold(departments.get(part.department, part.source), _state(part)) for part in parts]


def _state(part: Part) -> str:
    if part.state == PartState.WAITING and part.attempts:
        return gettext("did not answer yet; we try again")
    return str(_PARTS[part.state])


def refusal_of(asked: Request) -> Refusal | None:
    """None while it is open, and where all was done, or no city came for what was ready."""
    if not asked.outcome or asked.outcome in _ALL_DONE or asked.kind == RequestKind.MOVE:
        return None
    ground = Ground(asked.ground) if asked.ground else None
    why, law = (str(ground.label), places_told(PLACES[ground])) if ground else ("", "")
    return Refusal(why, law, appeal_told(Law(asked.law)))
