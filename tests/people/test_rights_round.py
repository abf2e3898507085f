"""Rights of people who do not come back are asked about again at night."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.rounds import SILENCES, STALE_AFTER, refresh_stale, stale_actors
from portal.people.models import ActingRight, Person
from portal.people.tasks import refresh_rights as rung
from portal.walls import Role, scope
from tests.acting import register
from tests.pages.conftest import city, resident_in
from tests.residents import Resident

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
WEEK = STALE_AFTER + timedelta(seconds=1)


def entered(enter: Enter, *slugs: str) -> list[Resident]:
    """Each was here once, and their rights were asked about."""
    found = [enter(slug) for slug in slugs]
    for one in found:
        refresh_rights(one.person, at=timezone.now())
    return found


def rights_of(one: Resident) -> int:
    with scope(Role.WORKER):
        return ActingRight.objects.filter(actor_id=one.person).count()


def stale(days: timedelta) -> list[Any]:
    with scope(Role.WORKER):
        return stale_actors(at=timezone.now() + days)


def test_what_was_told_lately_is_not_asked_again(resident_in: Enter, register: Population) -> None:
    amira, aino = entered(resident_in, "amira", "aino")
    assert stale(STALE_AFTER - timedelta(hours=1)) == []
    assert stale(WEEK) == [amira.person, aino.person]


def test_custody_that_ended_is_gone_though_nobody_came_back(resident_in: Enter, register: Population) -> None:
    amira, aino = entered(resident_in, "amira", "aino")
    register.told.pop("sami")
    assert refresh_stale(at=timezone.now() + WEEK) == 2
    assert (rights_of(amira), rights_of(aino)) == (0, 2)
    assert stale(WEEK) == []


def test_the_names_and_marks_are_those_told_last(resident_in: Enter, register: Population) -> None:
    [amira] = entered(resident_in, "amira")
    with scope(Role.WORKER):
        child = ActingRight.objects.get(actor_id=amira.person).person_id
        before = bytes(Person.objects.get(pk=child).sealed_protection or b"")
    register.told["sami"]["protected"] = True
    refresh_stale(at=timezone.now() + WEEK)
    with scope(Role.WORKER):
        assert bytes(Person.objects.get(pk=child).sealed_protection or b"") != before


def test_a_silent_register_is_left_in_peace_and_nothing_changes(
    resident_in: Enter, register: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = entered(resident_in, "amira", "aino", "mikael", "otso")
    held = [rights_of(one) for one in everyone]
    asked: list[str] = []
    monkeypatch.setattr(register, "silent", True)
    monkeypatch.setattr(register, "shutdown_request", _counting(register, asked))
    assert refresh_stale(at=timezone.now() + WEEK) == 0
    # The server ends a connection a moment after it was left.
    deadline = time.monotonic() + 10
    while len(asked) < SILENCES and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (len(asked), [rights_of(one) for one in everyone]) == (SILENCES, held)


def _counting(register: Population, asked: list[str]) -> Callable[[Any], None]:
    """The server itself, with a stroke for each connection that it ends."""
    ends = register.shutdown_request

    def counted(request: Any) -> None:
        asked.append("one")
        ends(request)

    return counted


def test_a_night_has_its_bound_and_the_next_goes_on(resident_in: Enter, register: Population) -> None:
    entered(resident_in, "amira", "aino", "otso")
    at = timezone.now() + WEEK
    assert [refresh_stale(at=at, most=2), refresh_stale(at=at, most=2), refresh_stale(at=at, most=2)] == [2, 1, 0]


def test_a_city_without_a_register_forgets_nothing(resident_in: Enter, register: Population, settings: Any) -> None:
    [amira] = entered(resident_in, "amira")
    settings.POPULATION_URL = ""
    assert (refresh_stale(at=timezone.now() + WEEK), rights_of(amira)) == (0, 1)


def test_beat_rings_it_at_night(resident_in: Enter, register: Population, settings: Any) -> None:
    [amira] = entered(resident_in, "amira")
    with scope(Role.LOGIN, persons=[_child_of(amira)]):
        ActingRight.objects.filter(actor_id=amira.person).update(told_at=timezone.now() - WEEK)
    register.told.pop("sami")
    assert {"people.refresh_rights"} <= {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    rung()
    assert rights_of(amira) == 0


def _child_of(one: Resident) -> Any:
    with scope(Role.WORKER):
        return ActingRight.objects.get(actor_id=one.person).person_id
