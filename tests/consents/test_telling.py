"""Whatever changes about a permission that was on is put before the recipient's systems, and nobody else's."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError

from consents.actions.telling import tell_recipient
from consents.models import Telling
from portal.jobs.models import Job
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.consents.asked import CITY, NOW, OPTIONAL, Asked


@pytest.fixture
def asked(city: None) -> Asked:
    return Asked()


@pytest.fixture
def following(asked: Asked) -> set[UUID]:
    """Two systems of the recipient that follow changes; one that only asks, and another department's, stand beside."""
    with scope(Role.STAFF, departments=["*"]):
        made = [
            Client.objects.create(name=f"{department} {n}", department=department, scopes=scopes, jwks={"keys": []})
            for n, (department, scopes) in enumerate(
                [
                    ("sports", ["webhooks"]),
                    ("sports", ["consents:check", "changes:read"]),
                    ("sports", ["consents:check"]),
                    ("library", ["changes:read", "webhooks"]),
                ]
            )
        ]
    return {client.id for client in made[:2]}


def rung() -> list[str]:
    """Ids of the changes that are to be told."""
    with scope(Role.WORKER):
        jobs = Job.objects.filter(name="consents.tell_recipient").order_by("id")
        return [str(job.arguments["event_id"]) for job in jobs]


def test_nothing_is_told_of_what_never_was_on(asked: Asked) -> None:
    asked.refuse(at=NOW)
    asked.give(at=NOW)
    assert rung() == []


def test_each_change_of_what_was_on_is_told_once_to_each_system(asked: Asked, following: set[UUID]) -> None:
    asked.give(OPTIONAL, at=NOW)
    asked.change(OPTIONAL[:1], at=NOW + timedelta(hours=1))
    asked.suspend(at=NOW + timedelta(hours=2))
    asked.resume(at=NOW + timedelta(hours=3))
    asked.withdraw(at=NOW + timedelta(hours=4))
    asked.withdraw(at=NOW + timedelta(hours=5))
    told = [str(event.pk) for event in asked.events[2:]]
    assert rung() == told
    for event in map(UUID, told):
        for _ in range(2):
            with scope(Role.WORKER):
                assert tell_recipient(event, by=CITY, at=NOW) == 2
    with scope(Role.WORKER):
        rows = list(Telling.objects.values_list("event", "client", "department", "told_at"))
    assert {(str(event), client) for event, client, *_ in rows} == {(e, c) for e in told for c in following}
    assert {row[2:] for row in rows} == {("sports", None)}
    assert len(rows) == len(told) * 2


def test_what_ran_out_is_told_too(asked: Asked) -> None:
    asked.give(at=NOW)
    assert asked.expire_due(at=NOW + timedelta(days=366)) == 1
    assert rung() == [str(asked.events[-1].pk)]


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.API, Role.STAFF, Role.LOGIN])
def test_only_the_worker_sees_who_is_to_hear(asked: Asked, role: Role) -> None:
    with pytest.raises(DatabaseError), scope(role, persons=[asked.person], departments=["*"]):
        Telling.objects.count()
