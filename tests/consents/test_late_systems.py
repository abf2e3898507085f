"""Systems that have not acted in time: a letter to those who keep the registers, and a line on the front page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from consents.actions.acknowledging import acknowledge, hand_over
from consents.actions.lateness import note_late, write_of_late
from consents.models import Telling
from datasources.models import Department
from portal.jobs.models import Job
from portal.ledger.actor import Actor
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.hooked import WORKER, entries, numbered, system_of
from tests.consents.test_editor_pages import enter
from tests.residents import arrived

__all__ = ["enter"]

DAY = timedelta(days=1)
LATE = NOW + 8 * DAY


@pytest.fixture
def told(city: None, settings: Any) -> tuple[Asked, Actor]:
    """Two systems of sports; one acts on what ended, the other does not."""
    settings.LETTERS_FROM, settings.EMAIL_BACKEND = "p@example.org", "django.core.mail.backends.locmem.EmailBackend"
    asked, good, bad = Asked(person=arrived()), system_of(name="Courses"), system_of(name="Passes")
    asked.give(at=NOW)
    asked.withdraw(at=NOW)
    numbered()
    with scope(Role.API, departments=["sports"]):
        change = hand_over(after=None, limit=9, by=good, at=NOW).rows[-1][0]
        acknowledge(change, by=good, at=NOW)
    return asked, bad


def noted(*, days: int = 8) -> int:
    with scope(Role.WORKER):
        return note_late(by=WORKER, at=NOW + days * DAY)


def letters() -> list[tuple[str, str]]:
    with scope(Role.WORKER):
        for job in Job.objects.filter(name="consents.write_of_late"):
            write_of_late(job.arguments["department"], LATE, by=WORKER, at=LATE)
    return [(letter.to[0], str(letter.body)) for letter in mail.outbox]


def test_the_keepers_are_told_once_in_their_language_of_the_system_and_nobody_else(told: tuple[Asked, Actor]) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Department.objects.filter(slug="sports").update(keeper_language="sv")
    assert [noted(days=days) for days in (6, 8, 8, 9)] == [0, 1, 0, 0]
    ((address, body),) = letters()
    assert address == "liikunta.rekisterit@espoo.example"
    assert "Passes: 1 ändring\n" in body
    assert "Courses" not in body
    assert str(told[0].person) not in body
    assert [entry["counts"] for entry in entries("systems_late")] == [{"changes": 1}]


def test_one_that_acts_before_the_letter_goes_is_not_named(told: tuple[Asked, Actor]) -> None:
    noted()
    with scope(Role.API, departments=["sports"]):
        change = hand_over(after=None, limit=9, by=told[1], at=LATE).rows[-1][0]
        acknowledge(change, by=told[1], at=LATE)
    assert letters() == []


def test_while_mail_is_away_the_letter_is_asked_for_again(told: tuple[Asked, Actor], settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    noted()
    letters()
    with scope(Role.WORKER):
        due = list(
            Job.objects.filter(name="consents.write_of_late").order_by("due_at").values_list("due_at", flat=True)
        )
    assert due == [LATE, LATE + timedelta(hours=1)]


def test_without_a_mailbox_the_back_office_alone_tells(told: tuple[Asked, Actor], enter: Any) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Department.objects.update(keeper_email="")
    with scope(Role.WORKER):
        Telling.objects.update(due_at=NOW - 9999 * DAY)
    noted()
    assert letters() == []
    sentence = "Passes has not acted on 1 change in time."
    assert sentence in enter("keeper", "sports").get("/admin/").content.decode()
    assert sentence not in enter("keeper", "library").get("/admin/").content.decode()
