"""A system asks a resident: once, never against a no, and never more than five at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.actions.asking import ask_resident, put_question
from consents.enums import ConsentState
from consents.errors import NoSuchPurpose, NotAConsent
from consents.models import Consent, Purpose
from portal.jobs.models import Job
from portal.people.subjects import by_code
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.test_feed import system_of
from tests.residents import CODES, arrived

LATER = timedelta(days=184)


@pytest.fixture
def asked(city: None) -> Asked:
    return Asked(person=arrived("raili"))


def waiting() -> list[tuple[object, object]]:
    with scope(Role.WORKER):
        jobs = Job.objects.filter(name="consents.put_question").order_by("id")
        return [(job.arguments["person_id"], job.arguments["looks"]) for job in jobs]


def put(asked: Asked, *, at: object = NOW, looks: int = 1) -> None:
    with scope(Role.WORKER):
        put_question(asked.purpose.pk, asked.person, client=str(uuid4()), looks=looks, at=at)  # type: ignore[arg-type]


def test_the_known_and_strangers_are_asked_by_the_same_statements(asked: Asked) -> None:
    sports, counted = system_of("sports", ["consents:request"]), []
    for slug in ("raili", "lempi"):
        who = by_code("sports", CODES[slug])
        with scope(Role.API, lookups=[who.lookup]), CaptureQueriesContext(connection) as met:
            ask_resident(asked.purpose.slug, who, by=sports, at=NOW)
        counted.append([query["sql"].split()[0:3] for query in met.captured_queries])
    assert len(counted[0]) > 3
    assert counted[0] == counted[1]
    assert waiting() == [(str(asked.person), 1), (None, 1)]


@pytest.mark.parametrize(("change", "fault"), [({"basis": "c", "nature": "law"}, NotAConsent), ({}, NoSuchPurpose)])
def test_only_ones_own_permissions_are_asked_for(asked: Asked, change: dict[str, str], fault: type[Exception]) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=asked.purpose.pk).update(**change)
    by, who = system_of("sports" if change else "library", ["consents:request"]), by_code("sports", CODES["raili"])
    with pytest.raises(fault), scope(Role.API, lookups=[who.lookup]):
        ask_resident(asked.purpose.slug, who, by=by, at=NOW)


@pytest.mark.parametrize(("after", "state"), [(LATER, ConsentState.REQUESTED), (LATER / 2, ConsentState.REFUSED)])
def test_a_no_is_left_in_peace_for_six_months(asked: Asked, after: timedelta, state: ConsentState) -> None:
    asked.refuse(at=NOW)
    put(asked, at=NOW + after)
    assert asked.consent.state == state


def test_a_sixth_question_waits_and_is_given_up_after_two_months(asked: Asked) -> None:
    others = [Asked(person=asked.person) for _ in range(4)]
    assert others
    late = Asked(person=arrived("otso"))
    late.person = asked.person
    put(late)
    with scope(Role.RESIDENT, persons=[asked.person]):
        assert Consent.objects.filter(purpose=late.purpose).count() == 0
    assert waiting() == [(str(asked.person), 2)]
    put(late, looks=60)
    assert len(waiting()) == 1
