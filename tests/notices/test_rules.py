"""Which letter goes when, by dates alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.enums import NoticeKind, Way
from portal.notices.rules import (
    GIVE_UP_AFTER,
    goes_alone,
    may_send_digest,
    may_write,
    month_of,
    next_digest_from,
    next_try,
)

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 6 * 365 * 86400).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(st.lists(MOMENTS, max_size=200))
def test_whenever_it_is_asked_no_two_digests_go_within_one_month(asked: list[datetime]) -> None:
    sent: list[datetime] = []
    for at in sorted(asked):
        if may_send_digest(sent[-1] if sent else None, at=at):
            sent.append(at)
    assert [month_of(at) for at in sent] == sorted({month_of(at) for at in sent})
    assert [b - a for a, b in pairwise(sent) if b - a < timedelta(days=28, hours=-1)] == []


@given(MOMENTS)
def test_a_month_later_is_no_less_than_the_days_of_that_month(last: datetime) -> None:
    after = next_digest_from(last)
    assert timedelta(days=28, hours=-1) <= after - last <= timedelta(days=32)
    assert may_send_digest(last, at=after)
    assert not may_send_digest(last, at=after - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("last", "after"),
    [
        ("2026-11-27T10:00+02:00", "2026-12-27T10:00+02:00"),
        ("2026-12-15T10:00+02:00", "2027-01-15T10:00+02:00"),
        ("2027-01-31T10:00+02:00", "2027-03-01T10:00+02:00"),
        ("2027-03-10T10:00+02:00", "2027-04-10T10:00+03:00"),
    ],
)
def test_a_month_is_counted_by_the_calendar_here(last: str, after: str) -> None:
    assert next_digest_from(datetime.fromisoformat(last)) == datetime.fromisoformat(after)


def test_only_confirmations_security_ends_of_sensitive_permissions_and_what_has_a_day_go_alone() -> None:
    assert {kind.value for kind in NoticeKind if goes_alone(kind)} == {
        *(
            "withdrawn",
            "moved_away",
            "joined",
            "split",
            "open_again",
            "child_moved",
            "letters_changed",
            "request_later",
            "limit_ends",
            "breach",
            "ends_in_30",
            "ends_in_7",
            "ends_sensitive",
        ),
    }


@pytest.mark.parametrize(
    ("way", "desk_letters", "at_desk", "wanted"),
    [
        (Way.NOTHING, True, False, False),
        (Way.EMAIL, False, False, True),
        (Way.EMAIL, False, True, False),
        (Way.EMAIL, True, True, True),
        (Way.MESSAGES, False, True, False),
    ],
)
def test_nothing_is_written_that_was_not_asked_for(way: Way, desk_letters: bool, at_desk: bool, wanted: bool) -> None:
    assert may_write(way, desk_letters=desk_letters, at_desk=at_desk) is wanted


def test_a_letter_that_fails_is_tried_again_ever_later_for_a_week() -> None:
    at, tries, pauses = NOON, 0, []
    while again := next_try(tries := tries + 1, made_at=NOON, at=at):
        pauses.append(again - at)
        at = again
    assert pauses == sorted(pauses)
    assert pauses[:2] == [timedelta(minutes=1), timedelta(minutes=5)]
    assert timedelta(days=6) < at - NOON <= GIVE_UP_AFTER
