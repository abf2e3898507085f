"""A clock stands still only while it is in doubt who asks: once, with the reason told, and counted."""

import html
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.ledger.actor import system
from portal.requests.enums import Law
from portal.requests.figures import figures_since
from portal.requests.lateness import note_late
from portal.requests.models import Request
from portal.requests.queueing import go_on, may_be_paused, may_be_put_off
from portal.requests.rules import later_by
from portal.requests.workdays import is_free
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.queue import OWN, Enter, asks, kinds, now, page, press
from tests.requests.test_deciding import keeper as actor
from tests.residents import Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    return resident_in("raili")


@pytest.fixture
def keeper(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-library"])


def on_paper(one: Resident) -> Request:
    """Written down by staff, who do not know whose hand it was."""
    request = asks(one)
    with scope(Role.WORKER):
        Request.objects.filter(pk=request.pk).update(asked_right="office")
    return now(request)


def test_the_last_day_moves_by_the_days_and_the_person_reads_why(raili: Resident, keeper: Client) -> None:
    request = on_paper(raili)
    press(keeper, request, "open")
    assert press(keeper, request, "pause") == 422
    press(keeper, request, "pause", doubt="paper")
    paused = now(request)
    assert paused.paused_at is not None
    assert paused.due_on == request.due_on
    shown = html.unescape(raili.browser.get(f"/en/rights/{request.pk}/").content.decode())
    assert ("The time to answer stands still since" in shown, "came on paper or by phone" in shown) == (True, True)
    go_on(request.pk, staff=["sports"], by=actor("a"), at=paused.paused_at + timedelta(days=5))
    after = now(request)
    assert (after.paused_at, after.paused_days) == (None, 5)
    assert after.due_on == later_by(request.due_on, 5, is_free)
    assert kinds(raili.person)[-2:] == ["paused", "goes_on"]


def test_while_it_stands_still_nothing_is_late_and_nothing_else_moves_the_day(raili: Resident, keeper: Client) -> None:
    request = on_paper(raili)
    press(keeper, request, "open")
    press(keeper, request, "pause", doubt="agent")
    later = timezone.now() + timedelta(days=90)
    assert not may_be_put_off(now(request), at=timezone.now())
    with scope(Role.WORKER):
        assert note_late(by=system("tests"), at=later) == 0
    with scope(Role.STAFF, departments=["*"]):
        assert [each.late for each in figures_since(request.received_at, today=later.date())] == [0]
    press(keeper, request, "go_on")
    assert now(request).paused_at is None


def test_who_signed_in_and_asks_for_themselves_is_no_doubt(raili: Resident, keeper: Client) -> None:
    request = asks(raili)
    press(keeper, request, "open")
    assert "It is not clear who asks" not in page(keeper, request)
    press(keeper, request, "pause", doubt="paper")
    assert now(request).paused_at is None


@pytest.mark.parametrize(
    ("told", "may"),
    [
        ({}, True),
        ({"asked_right": "mandate"}, True),
        ({"asked_right": "own"}, False),
        ({"doubt": "paper"}, False),
        ({"law": Law.OPENNESS}, False),
        ({"due_on": date(2020, 1, 1)}, False),
    ],
)
def test_when_it_may(told: dict[str, object], may: bool) -> None:
    row = Request(**{"asked_right": "office", "law": Law.GDPR, "due_on": date(2099, 1, 1)} | told)
    assert may_be_paused(row, at=timezone.now()) is may
