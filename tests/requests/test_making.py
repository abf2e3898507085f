"""Requests from their making to their end: once, numbered, with their day, taken back while open; and their parts."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.ledger.actions import record
from portal.ledger.actor import resident
from portal.ledger.queries import entries_about
from portal.requests.actions import Asked, close_request, make_request, question_use, withdraw_request
from portal.requests.enums import Outcome, PartState, RequestKind, RequestState
from portal.requests.errors import AlreadyAnswered
from portal.requests.kinds import RequestEntry
from portal.requests.models import Part, Request
from portal.requests.parts import LEASE, Planned, beat, finish, plan, put_off, take, unfinished
from portal.requests.rules import MOST_OPEN_QUESTIONS, month_after
from portal.requests.workdays import is_free
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 3), date(2026, 7, 3)),
        # A month's last day where it has no such day, and the next working day where that is off.
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 5, 19), date(2026, 6, 22)),
        (date(2026, 11, 24), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 2, 1)),
    ],
)
def test_a_month_ends_on_a_working_day(received: date, due: date) -> None:
    assert month_after(received, is_free) == due


def made(one: Resident, kind: RequestKind = RequestKind.ASK, said: str = "") -> tuple[Request, bool]:
    with scope(Role.RESIDENT, persons=[one.person]):
        by = resident(one.person)
        return make_request(Asked(kind, said), person=one.person, language="fi", by=by, at=timezone.now())


def test_the_same_asked_twice_is_one_request_until_it_is_taken_back(resident_in: Enter) -> None:
    raili = resident_in("raili")
    first, new = made(raili, said="Kuka vastaa?")
    again, anew = made(raili)
    assert (new, anew, again.pk) == (True, False, first.pk)
    assert raili.browser.post(f"/fi/rights/{first.pk}/take-back/").status_code == 302
    page = raili.browser.get(f"/fi/rights/{first.pk}/").content.decode()
    assert ("Kuka vastaa?" in page, "Peru pyyntö" in page) == (True, False)
    assert made(raili)[1] is True
    with scope(Role.RESIDENT, persons=[raili.person]), pytest.raises(AlreadyAnswered):
        withdraw_request(first.pk, person=raili.person, by=resident(raili.person), at=timezone.now())


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "odottaa jo vastausta"), ("sv", "väntar redan"), ("en", "wait for an answer already")],
)
def test_nobody_fills_the_queue_alone(language: str, words: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    for number in range(MOST_OPEN_QUESTIONS):
        first, _ = made(raili, said=f"Kysymys {number}")
    sent = {"whom": "unknown", "said": "Yksi vielä"}
    page = raili.browser.post(f"/{language}/rights/ask/", sent)
    assert (page.status_code, words in page.content.decode(), "Yksi vielä" in page.content.decode()) == (
        422,
        True,
        True,
    )
    with scope(Role.RESIDENT, persons=[raili.person]):
        withdraw_request(first.pk, person=raili.person, by=resident(raili.person), at=timezone.now())
    assert raili.browser.post(f"/{language}/rights/ask/", sent).status_code == 302


def test_nor_with_questions_about_the_log(resident_in: Enter) -> None:
    raili = resident_in("raili")
    at, by = timezone.now(), resident(raili.person)
    with scope(Role.WORKER):
        for _ in range(MOST_OPEN_QUESTIONS + 1):
            record(RequestEntry.LOG_TAKEN, by=by, about=raili.person, at=at, counts={"rows": 1})
    with scope(Role.RESIDENT, persons=[raili.person]):
        entries = list(entries_about(raili.person).filter(kind=RequestEntry.LOG_TAKEN))
        for entry in entries[1:]:
            asked = question_use(entry, person=raili.person, said="", language="en", by=by, at=at)
    page = raili.browser.post(f"/en/usage/{entries[0].id}/ask/", {"said": "One more"})
    told = page.content.decode()
    assert [page.status_code, "wait for an answer already" in told, "One more" in told] == [422, True, True]
    # What is asked about already is the same question still.
    assert raili.browser.post(f"/en/usage/{entries[1].id}/ask/").status_code == 302
    with scope(Role.RESIDENT, persons=[raili.person]):
        withdraw_request(asked.pk, person=raili.person, by=by, at=at)
    assert raili.browser.post(f"/en/usage/{entries[0].id}/ask/", {"said": "One more"}).status_code == 302


def test_what_was_taken_back_is_not_answered(resident_in: Enter) -> None:
    raili = resident_in("raili")
    request, _ = made(raili)
    raili.browser.post(f"/fi/rights/{request.pk}/take-back/")
    with scope(Role.WORKER, persons=[raili.person]):
        assert close_request(request, Outcome.DONE, by=resident(raili.person), at=timezone.now()) is False
        assert Request.objects.get().state == RequestState.WITHDRAWN


def test_a_part_is_taken_by_one_tried_again_and_given_up(resident_in: Enter) -> None:
    raili, now = resident_in("raili"), timezone.now()
    request, _ = made(raili, RequestKind.ALL)
    with scope(Role.RESIDENT, persons=[raili.person]):
        planned = [Planned("library", "library"), Planned("archive", "education", by_hand=True)]
        plan(request, planned, deadline_at=now + timedelta(hours=1), at=now)
    with scope(Role.WORKER):
        [part] = take(request.pk, at=now)
        assert (part.source, take(request.pk, at=now)) == ("library", [])
        # Its worker died: somebody else takes it.
        [part] = take(request.pk, at=now + LEASE * 2)
        assert (part.attempts, beat(part.pk, at=now + LEASE * 2)) == (2, True)
        later = put_off(part, fault="silent", at=now + LEASE * 2)
        assert later is not None
        assert (later > now + LEASE * 2, take(request.pk, at=now + LEASE * 2)) == (True, [])
        [part] = take(request.pk, at=later)
        assert put_off(part, fault="silent", at=now + timedelta(hours=1)) is None
        assert Part.objects.get(pk=part.pk).state == PartState.FAILED
        assert (finish(part.pk, PartState.DONE, at=later), unfinished(request.pk)) == (False, True)
