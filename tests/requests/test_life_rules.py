"""Who confirms what was told of a life, and which requests go on after a death."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.requests.enums import RequestState
from portal.requests.life.enums import Why
from portal.requests.life.rules import CONFIRMED_WITHIN, Told, ends_with_death, why_not_confirm

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("by", "at", "ended", "why"),
    [
        ("two", AT, False, None),
        ("two", AT + CONFIRMED_WITHIN - MOMENT, False, None),
        ("two", AT + CONFIRMED_WITHIN, False, Why.OVER),
        ("one", AT, False, Why.SAME),
        ("one", AT + CONFIRMED_WITHIN, False, Why.SAME),
        ("two", AT, True, Why.DONE),
        ("one", AT, True, Why.DONE),
    ],
)
def test_another_confirms_in_time_what_still_waits(by: str, at: datetime, ended: bool, why: Why | None) -> None:
    assert why_not_confirm(Told("one", AT, ended), by=by, at=at) is why


@pytest.mark.parametrize(
    ("state", "begun", "ends"),
    [
        (RequestState.RECEIVED, False, False),
        (RequestState.WORKING, False, True),
        (RequestState.WORKING, True, False),
        (RequestState.ANSWERED, False, False),
        (RequestState.WITHDRAWN, False, False),
    ],
)
def test_what_a_keeper_answers_goes_on(state: RequestState, begun: bool, ends: bool) -> None:
    assert ends_with_death(state, begun=begun) is ends
