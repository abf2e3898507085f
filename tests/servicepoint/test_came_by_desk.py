"""Who is known by a service point or by paper alone: their records are kept while what they allowed is on."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from datasources.enums import ConnectorKind
from datasources.models import Asking, Department, Source
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.people.models import ActingRight
from portal.people.queries import active_people, people_among, people_by_index
from portal.walls import Role, scope
from tests.acting import register
from tests.residents import CODES
from tests.servicepoint.test_acting_at_desk import open_for
from tests.servicepoint.test_recording import CLERK, NAMES, STRANGER, open_one, person_of, record
from tests.staffing import Hire, hire

__all__ = ["hire", "register"]
YEAR = timedelta(days=365)


@pytest.fixture
def clerk(hire: Hire) -> Client:
    return hire("desk", "sports", code=CLERK)


def kept(code: str, *, at: datetime) -> set[bool]:
    """Whether a source that keeps active people would keep this one, asked in each of the three ways: all alike."""
    index = blind_index(code)
    with scope(Role.WORKER):
        return {
            active_people(at=at).filter(blind_index=index).exists(),
            index in people_by_index(active_at=at),
            index in people_among([index], [], department="sports", active_at=at),
        }


def a_system_is_connected() -> None:
    with scope(Role.STAFF, departments=["*"]):
        sports = Department.objects.get(slug="sports")
        Source.objects.create(slug="sports-tests", department=sports, kind=ConnectorKind.REST, switched_on=True)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"answer": "yes"}, True),
        ({"answer": "yes", "channel": "paper", "paper": "2026/118-3"}, True),
        ({"answer": "no"}, False),
    ],
)
def test_a_yes_at_a_desk_or_on_paper_counts_as_coming(said: dict[str, Any], wanted: bool, clerk: Client) -> None:
    a_system_is_connected()
    open_one(clerk, STRANGER, **NAMES)
    assert kept(STRANGER, at=timezone.now()) == {False}
    record(clerk, **said)
    assert kept(STRANGER, at=timezone.now()) == {wanted}
    with scope(Role.WORKER):
        assert Asking.objects.filter(person_id=person_of(STRANGER)).exists() is wanted


def test_it_ends_with_the_permission(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    record(clerk)
    assert kept(STRANGER, at=timezone.now() + YEAR - timedelta(days=1)) == {True}
    assert kept(STRANGER, at=timezone.now() + YEAR + timedelta(days=1)) == {False}
    record(clerk, page="stop")
    assert kept(STRANGER, at=timezone.now()) == {False}


def test_a_child_of_such_a_guardian_counts_too(clerk: Client, register: Population) -> None:
    open_for(clerk, "eino", "aino")
    assert kept(CODES["eino"], at=timezone.now()) == {False}
    open_one(clerk, CODES["aino"], **NAMES)
    record(clerk)
    with scope(Role.WORKER):
        assert ActingRight.objects.filter(person_id=person_of(CODES["eino"])).count() == 2
    assert kept(CODES["eino"], at=timezone.now()) == {True}
