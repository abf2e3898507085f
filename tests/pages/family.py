"""A child of any age, with two guardians who have both been here: for tests of who decides and who is told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from consents.models import Consent, Purpose
from consents.queries.reading import consents_of
from consents.tasks import tell_guardians
from demo.people.person import identity_code
from demo.population.server import Population
from portal.jobs.models import Job
from portal.notices.models import Notice
from portal.people.behalf.refreshing import refresh_rights
from portal.walls import Role, scope
from tests.acting import register
from tests.residents import CODES, Resident, enter

__all__ = ["register"]
Enter = Callable[[str], Resident]
SLUG = "swimming-reminders"
QUESTION = "A reminder before a course starts"


def code_of(age: int) -> str:
    """Of somebody who has turned this age this year."""
    return identity_code(date(timezone.localdate().year - age, 1, 1), 988, sign="A")


@pytest.fixture
def child(register: Population, city: None) -> Callable[[int], Resident]:
    """child(14): a child of Aino and Mikael, who have both been here, signed in."""

    def of_age(age: int) -> Resident:
        code = code_of(age)
        guardians = [{"identity_code": CODES[slug], "kind": "custody"} for slug in ("aino", "mikael")]
        names = {"given_names": "Testi", "family_name": "Nuori"}
        register.told["child"] = {"identity_code": code, "rights": guardians, **names}
        return enter("child", code=code)

    return of_age


def guardian(slug: str) -> Resident:
    """Signed in, and their rights were asked about."""
    one = enter(slug)
    refresh_rights(one.person, at=timezone.now())
    return one


def act_for(one: Resident, other: Resident) -> None:
    assert one.browser.post("/en/people/act/", {"person": str(other.person)}).status_code == 302


def question_of(one: Resident) -> Consent:
    with scope(Role.RESIDENT, persons=[one.person]):
        return consents_of(one.person).get(purpose__slug=SLUG)


def told(one: Resident) -> list[str]:
    """What waits for them, once every guardian who is to be told was told; twice is once."""
    with scope(Role.WORKER):
        jobs = list(Job.objects.filter(name="consents.tell_guardians").values_list("arguments", flat=True))
    for arguments in [*jobs, *jobs]:
        tell_guardians(**arguments)
    with scope(Role.WORKER):
        kinds = Notice.objects.filter(person_id=one.person).exclude(kind="question")
        return list(kinds.order_by("at").values_list("kind", flat=True))


def beside() -> None:
    """A guardian may answer, too."""
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=SLUG).update(guardian_too=True)


def mark(register: Population, marked: str) -> None:
    told_of, (first, second) = register.told["child"], register.told["child"]["rights"]
    changes: dict[str, Any] = {
        "the child": {"protected": True},
        "who said yes": {"rights": [first | {"bounds": {"protected": True}}, second]},
        "who is told": {"rights": [first, second | {"bounds": {"protected": True}}]},
        "the other has no right": {"rights": [first, second | {"bounds": {"blocked": True}}]},
    }
    told_of |= changes[marked]
