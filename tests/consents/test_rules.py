"""The rules of permission, as tables."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.enums import ConsentState, OutsideReason, Reason
from consents.rules.deciding import ConsentFacts, Cover, PurposeFacts, decide, decide_many, outside
from consents.rules.lifecycle import may_answer, may_ask_again, may_withdraw

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SWIMMING = PurposeFacts("swimming", "a", "sports", {"courses": ("course", "starts_on", "place")})
FEES = PurposeFacts("fees", "c", "early", {"incomes": ("monthly",)})


def consent(state: ConsentState = ConsentState.GIVEN, **changes: Any) -> ConsentFacts:
    told: dict[str, Any] = {
        "datasets": ("courses",),
        "fields": ("courses.course", "courses.starts_on"),
        "valid_from": NOW - timedelta(days=1),
        "valid_until": NOW + timedelta(days=1),
        **changes,
    }
    cover = Cover(state, told["datasets"], told["fields"])
    return ConsentFacts(uuid4(), cover, told["valid_from"], told["valid_until"])


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (ConsentState.GIVEN, Reason.ALLOWED_BY_CONSENT),
        (ConsentState.REQUESTED, Reason.NO_CONSENT),
        (ConsentState.REFUSED, Reason.REFUSED),
        (ConsentState.WITHDRAWN, Reason.WITHDRAWN),
        (ConsentState.EXPIRED, Reason.EXPIRED),
        (ConsentState.SUPERSEDED, Reason.SUPERSEDED),
        (ConsentState.SUSPENDED, Reason.RESTRICTED),
        (ConsentState.TERMINATED, Reason.NOT_IN_SCOPE),
        (ConsentState.PENDING, Reason.PENDING),
    ],
)
def test_only_a_given_consent_allows(state: ConsentState, reason: Reason) -> None:
    decision = decide(SWIMMING, "courses", recipient="sports", held=True, consent=consent(state), holds=(), at=NOW)
    assert (decision.reason, decision.allowed) == (reason, state is ConsentState.GIVEN)


def test_only_the_chosen_fields_are_covered() -> None:
    decision = decide(SWIMMING, "courses", recipient="sports", held=True, consent=consent(), holds=(), at=NOW)
    assert decision.fields == ("course", "starts_on")


@pytest.mark.parametrize(
    ("recipient", "dataset", "reason"),
    [("library", "courses", Reason.NOT_IN_SCOPE), ("sports", "visits", Reason.NOT_IN_SCOPE)],
)
def test_anothers_purpose_or_dataset_is_out_of_scope(recipient: str, dataset: str, reason: Reason) -> None:
    assert (
        decide(SWIMMING, dataset, recipient=recipient, held=True, consent=consent(), holds=(), at=NOW).reason is reason
    )


@given(late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_a_consent_that_ran_out_never_says_yes(late: timedelta) -> None:
    old = consent(valid_until=NOW)
    assert not decide(SWIMMING, "courses", recipient="sports", held=True, consent=old, holds=(), at=NOW + late).allowed


@pytest.mark.parametrize("held", [True, False])
def test_a_use_by_law_needs_no_consent_but_a_person(held: bool) -> None:
    decision = decide(FEES, "incomes", recipient="early", held=held, consent=None, holds=(), at=NOW)
    assert decision.reason is (Reason.ALLOWED_BY_LAW if held else Reason.NOT_IN_SCOPE)


@pytest.mark.parametrize("reason", [Reason.REFUSED, Reason.PENDING, Reason.NOT_AVAILABLE, Reason.NO_CONSENT])
def test_outside_these_are_one(reason: Reason) -> None:
    decision = decide(SWIMMING, "courses", recipient="sports", held=False, consent=None, holds=(), at=NOW)
    assert outside(decision.__class__(allowed=False, reason=reason), basis="a") is OutsideReason.NO_CONSENT


def test_what_is_on_is_taken_back_and_what_is_not_is_answered() -> None:
    taken = {state for state in ConsentState if may_withdraw(state)}
    answered = {state for state in ConsentState if may_answer(state)}
    assert taken == {ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING}
    # Half given: another guardian may answer, and each may take it back.
    assert taken & answered == {ConsentState.PENDING}


@pytest.mark.parametrize(("days", "again"), [(0, False), (182, False), (183, True), (400, True)])
def test_a_no_is_not_asked_again_for_six_months(days: int, again: bool) -> None:
    assert may_ask_again(ConsentState.REFUSED, NOW, at=NOW + timedelta(days=days)) is again


def test_many_are_decided_about_as_each_alone() -> None:
    """Also those whose answers say the same but begin, end or are theirs alone at other times."""
    alike = Cover(ConsentState.GIVEN, ("courses",), ("courses.place",))
    days = [(-2, 1), (-1, 9), (1, 2), (-3, -1), (-9, 0)]
    shared = [ConsentFacts(uuid4(), alike, NOW + timedelta(begin), NOW + timedelta(end)) for begin, end in days]
    people = [*shared, None, consent(), consent(ConsentState.WITHDRAWN), consent(valid_from=None), *shared]
    asked = ("courses", "incomes", "courses")
    for purpose, recipient in ((SWIMMING, "sports"), (SWIMMING, "library"), (FEES, "early")):
        many = decide_many(purpose, asked, people, {}, recipient=recipient, at=NOW)
        assert many == [
            tuple(
                decide(purpose, slug, recipient=recipient, held=True, consent=each, holds=(), at=NOW) for slug in asked
            )
            for each in people
        ]
        # Told apart by identity: who stands alike has the very same decisions.
        assert many[0] is many[1] is many[-5]
