"""One opening in a hundred is looked into: drawn by lot, seen by the officer alone, answered once."""

import html

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.people.models import OpeningReview
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.test_queue import OWN, QUEUE, asked, keeper
from tests.residents import Resident
from tests.staffing import Hire, hire

__all__ = ["asked", "city", "hire", "keeper", "resident_in"]
REVIEWS = "/admin/people/openingreview/"


@pytest.fixture
def drawn(asked: tuple[Resident, Request], keeper: Client, settings: LazySettings) -> OpeningReview:
    """An opening on which the lot fell."""
    settings.REVIEWED_OPENINGS_PERCENT = 100
    keeper.post(f"{QUEUE}{asked[1].pk}/change/", {"do": "open"})
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return OpeningReview.objects.get()


def test_staff_are_told_before_they_open(asked: tuple[Resident, Request], keeper: Client) -> None:
    page = keeper.get(f"{QUEUE}{asked[1].pk}/change/").content.decode()
    assert "One opening in a hundred, drawn by lot, is looked into by the data protection officer." in page


@pytest.mark.parametrize(("percent", "count"), [(0, 0), (100, 1)])
def test_the_lot_falls_as_often_as_is_set(
    percent: int, count: int, asked: tuple[Resident, Request], keeper: Client, settings: LazySettings
) -> None:
    settings.REVIEWED_OPENINGS_PERCENT = percent
    keeper.post(f"{QUEUE}{asked[1].pk}/change/", {"do": "open"})
    with scope(Role.WORKER):
        assert OpeningReview.objects.count() == count


def test_who_opens_cannot_see_that_it_was_drawn(drawn: OpeningReview, keeper: Client) -> None:
    with scope(Role.STAFF, departments=["sports"]):
        assert (OpeningReview.objects.count(), OpeningReview.objects.update(finding="right")) == (0, 0)
    assert keeper.get(REVIEWS).status_code in {403, 404}
    assert "drawn by lot" not in keeper.get("/admin/").content.decode()


def test_the_officer_reads_the_row_and_answers_once(
    drawn: OpeningReview, asked: tuple[Resident, Request], hire: Hire
) -> None:
    officer = hire("dpo", "*", code=OWN["desk"])
    assert "1 opening was drawn by lot" in officer.get("/admin/").content.decode()
    page = html.unescape(officer.get(f"{REVIEWS}{drawn.pk}/change/").content.decode())
    assert ("Staff opened" in page, str(asked[0].person) in page) == (True, False)
    assert officer.post(f"{REVIEWS}{drawn.pk}/change/", {}).status_code == 422
    for finding in ("asked", "wrong", "right"):
        officer.post(f"{REVIEWS}{drawn.pk}/change/", {"finding": finding})
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert OpeningReview.objects.get().finding == "wrong"
        told = [row.counts["outcome"] for row in Entry.objects.filter(kind="people.opening_reviewed").order_by("index")]
    assert told == ["asked", "wrong"]
    assert "drawn by lot and waits" not in officer.get("/admin/").content.decode()


def test_an_auditor_reads_and_does_not_answer(drawn: OpeningReview, hire: Hire) -> None:
    auditor = hire("auditor", "*", code=OWN["desk"])
    assert auditor.get(f"{REVIEWS}{drawn.pk}/change/").status_code == 200
    auditor.post(f"{REVIEWS}{drawn.pk}/change/", {"finding": "right"})
    with scope(Role.WORKER):
        assert OpeningReview.objects.get().finding == ""
