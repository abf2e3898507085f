"""How a body names an algorithm of the register, and tells what came of its use."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext_noop

from consents.actions.reporting import Stopped
from consents.api.naming import PLAIN
from consents.rules.programs import Misuse, Outcome, Unfit
from portal.keys.indexes import holds_identity_code
from portal.rest.problem_kinds import kind
from portal.rest.problems import BadRequest, Flaw, Refused

ALGORITHM_STOPPED = kind(
    "algorithm-stopped",
    409,
    gettext_noop("Somebody has objected to the use of their data by this algorithm."),
    gettext_noop(
        "Nothing of the call was taken. Let a person do it, without the algorithm, and tell of the others again. The "
        "person sees in their log that the algorithm was used all the same."
    ),
)
_WRONG = {
    Misuse.UNKNOWN: "The register has no published algorithm of that name.",
    Misuse.NOT_RUNNING: "This algorithm is neither in use nor being piloted.",
    Misuse.NOT_COVERED: "The purpose does not name this algorithm.",
    Misuse.MAY_NOT_DECIDE: "A person decides here: the purpose or the register's entry allows no automated decision.",
}
_OBJECTED = "This person has objected to this algorithm."

Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=PLAIN)]


class WordsIn(msgspec.Struct, forbid_unknown_fields=True):
    """A sentence or two, as the person reads it, in three languages."""

    fi: Sentence
    sv: Sentence
    en: Sentence


class OutcomeIn(msgspec.Struct, forbid_unknown_fields=True):
    """What came of it, the main reasons, and whether a person decided or the program, at `at`.

    The person reads it beside the row, so it is written to them, without names and identity codes.
    """

    result: WordsIn
    reasons: Annotated[list[WordsIn], msgspec.Meta(min_length=1, max_length=5)]
    decided_by: Literal["person", "program"]
    at: datetime


def outcome_of(told: OutcomeIn, *, used_at: datetime, latest: datetime, place: str) -> Outcome:
    """As the log keeps it; BadRequest. `place`: JSON pointer of the outcome."""
    if told.at.tzinfo is None:
        raise BadRequest(Flaw(f"{place}/at", "A time needs its zone, as in 2026-11-24T10:00:00Z."))
    if not used_at <= told.at <= latest:
        raise BadRequest(Flaw(f"{place}/at", "A time from the use on, not to come."))
    for name, words in _each(told):
        if any(holds_identity_code(text) for text in (words.fi, words.sv, words.en)):
            raise BadRequest(Flaw(f"{place}/{name}", "Leave identity codes out."))
    reasons = [msgspec.to_builtins(each) for each in told.reasons]
    return Outcome(msgspec.to_builtins(told.result), reasons, told.decided_by, told.at)


def _each(told: OutcomeIn) -> list[tuple[str, WordsIn]]:
    return [("result", told.result), *((f"reasons/{number}", each) for number, each in enumerate(told.reasons))]


def bad_algorithm(fault: Unfit, *, place: str) -> BadRequest:
    """The problem that names the member; `place`: JSON pointer of what holds `algorithm` and `outcome`."""
    member = "outcome/decided_by" if fault.why is Misuse.MAY_NOT_DECIDE else "algorithm"
    return BadRequest(Flaw(f"{place}/{member}", _WRONG[fault.why]))


def stopped_by_person(fault: Stopped) -> Refused:
    """All that were told of in vain, each by its member."""
    return Refused(ALGORITHM_STOPPED, *(Flaw(f"/uses/{number}/algorithm", _OBJECTED) for number in fault.numbers))
