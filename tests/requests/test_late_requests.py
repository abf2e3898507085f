"""Requests whose day is near or gone: lines on the front page, a letter to the officer, figures without people."""

import csv
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.jobs.models import Job
from portal.ledger.actor import system
from portal.requests.figures import Figure, bars_of, figures_since
from portal.requests.lateness import note_late, write_of_late
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.queue import OWN, QUEUE, Enter, asks, press
from tests.residents import Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
WORKER = system("tests")


@pytest.fixture
def asked(resident_in: Enter, settings: Any) -> tuple[Resident, Request]:
    settings.LETTERS_FROM, settings.EMAIL_BACKEND = "p@example.org", "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(datetime(2026, 6, 3, 10, 0, tzinfo=UTC), tick=True):
        raili = resident_in("raili")
        return raili, asks(raili)


@pytest.fixture
def officer(hire: Hire) -> Client:
    return hire("dpo", "*", code=OWN["dpo"])


def noted(day: date) -> int:
    with scope(Role.WORKER):
        return note_late(by=WORKER, at=datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC))


def test_the_officer_is_told_once_of_numbers_and_nobody(asked: tuple[Resident, Request]) -> None:
    raili, request = asked
    assert [noted(date(2026, 7, day)) for day in (3, 4, 4, 5)] == [0, 1, 0, 0]
    with scope(Role.WORKER):
        [job] = Job.objects.filter(name="requests.write_of_late")
        told = datetime.fromisoformat(job.arguments["noted_at"])
        write_of_late(told, by=WORKER, at=told)
    [letter] = mail.outbox
    assert letter.to == ["tietosuoja@espoo.example"]
    assert (request.number in letter.body, str(raili.person) in letter.body) == (True, False)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "1 request is late."),
        (0, "1 request has to be answered today."),
        (3, "1 request has to be answered within five working days."),
    ],
)
def test_the_front_page_tells_what_is_near(
    days: int, words: str, asked: tuple[Resident, Request], officer: Client
) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Request.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    assert words in officer.get("/admin/").content.decode()


def test_what_is_far_off_rings_nothing(asked: tuple[Resident, Request], officer: Client) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Request.objects.update(due_on=timezone.localdate() + timedelta(days=30))
    front = officer.get("/admin/").content.decode()
    assert [words for words in ("is late", "answered today", "five working days") if words in front] == []


def test_figures_count_days_and_lateness(asked: tuple[Resident, Request], officer: Client) -> None:
    raili, request = asked
    with time_machine.travel(datetime(2026, 6, 3, 10, 5, tzinfo=UTC), tick=True):
        asks(raili, "Toinen?")
    with time_machine.travel(datetime(2026, 6, 13, 10, 0, tzinfo=UTC), tick=True):
        press(officer, request, "open")
        press(officer, request, "answer", outcome="done", answer="Näin on.")
    with scope(Role.STAFF, departments=["sports"]):
        told = figures_since(datetime(2026, 1, 1, tzinfo=UTC), today=date(2026, 8, 1))
    assert told == [Figure("2026-06", "ask", "sports", 2, 10.0, 10.0, 1)]
    with scope(Role.STAFF, departments=["library"]):
        assert figures_since(datetime(2026, 1, 1, tzinfo=UTC), today=date(2026, 8, 1)) == []


def test_bars_begin_at_zero_and_the_highest_is_the_month_with_most() -> None:
    figures = [Figure("2026-06", "ask", "a", 4, None, None, 2), Figure("2026-05", "all", "a", 1, 2.0, 2.0, 0)]
    may, june = bars_of([*figures, Figure("2026-06", "all", "b", 4, None, None, 0)])
    assert [(each.month, each.count, each.late) for each in (may, june)] == [("2026-05", 1, 0), ("2026-06", 8, 2)]
    assert [(each.y + each.height, each.late_y + each.late_height) for each in (may, june)] == [(140, 140)] * 2
    assert (may.height * 8 - june.height, june.late_height * 4 - june.height) == (2, 2)


def test_the_case_register_gets_numbers_and_days_and_no_person(
    asked: tuple[Resident, Request], officer: Client, hire: Hire
) -> None:
    raili, request = asked
    told = officer.get(f"{QUEUE}case-register/")
    rows = list(csv.DictReader(told.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["number"], row["kind"], row["received"], row["due"]) for row in rows] == [
        (request.number, "ask", "2026-06-03", "2026-07-03")
    ]
    assert (str(raili.person) in told.content.decode(), "varaukseni" in told.content.decode()) == (False, False)
    assert hire("desk", "sports", code=OWN["desk"]).get(f"{QUEUE}case-register/").status_code == 403
    library = hire("keeper", "library", code=OWN["keeper-library"]).get(f"{QUEUE}case-register/")
    assert request.number not in library.content.decode()


def test_the_figures_have_a_plot_and_the_same_as_a_table(asked: tuple[Resident, Request], officer: Client) -> None:
    shown = officer.get(f"{QUEUE}figures/").content.decode()
    assert ('role="img"' in shown, "2026-06</th>" in shown) == (True, True)
