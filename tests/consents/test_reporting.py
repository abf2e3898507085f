"""What a department may tell of: its own purposes, and data that they use; and who may be asked what."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from consents.actions.reporting import (
    NoSuchPurposeAt,
    NoSuchRegisterAt,
    NotOfThisPurpose,
    Use,
    report_nothing,
    report_uses,
)
from consents.actions.requesting import request_consent
from consents.errors import OnlyAdults
from consents.models import Consent, Purpose, ReportHeard
from portal.people.subjects import by_code
from portal.walls import Role, scope
from tests.consents.asked import CITY, DATASET, NOW, Asked
from tests.consents.test_feed import system_of
from tests.residents import CODES, arrived


@pytest.fixture
def asked(city: None) -> Asked:
    return Asked(person=arrived("raili"))


def look(purpose: str, datasets: Sequence[str] = (DATASET,)) -> Use:
    who = by_code("sports", CODES["raili"])
    return Use(who, NOW, "Hall", "instructor", purpose, datasets, case="", reference="")


def entries() -> int:
    """How many wait to be numbered."""
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_pending")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("department", "second", "fault"),
    [
        ("sports", {"purpose": "no-such-purpose"}, NoSuchPurposeAt),
        ("library", {}, NoSuchPurposeAt),
        ("sports", {"datasets": ["library-loans"]}, NotOfThisPurpose),
        ("sports", {"datasets": [DATASET, "library-loans"]}, NotOfThisPurpose),
    ],
)
def test_one_look_that_does_not_fit_and_none_is_taken(
    department: str, second: dict[str, Any], fault: type[Exception], asked: Asked
) -> None:
    by, before = system_of(department, ["uses:write"]), entries()
    uses = [look(asked.purpose.slug), look(**{"purpose": asked.purpose.slug, **second})]
    with pytest.raises(fault), scope(Role.API, lookups=[use.who.lookup for use in uses]):
        report_uses(uses, by=by, at=NOW)
    assert (entries(), ReportHeard.objects.exists()) == (before, False)


def test_nobody_tells_that_another_departments_register_was_quiet(asked: Asked) -> None:
    by = system_of("sports", ["uses:write"])
    with pytest.raises(NoSuchRegisterAt), scope(Role.API):
        report_nothing(["sports-customers", "library-customers"], by=by, at=NOW)
    assert not ReportHeard.objects.exists()


@pytest.mark.parametrize(("slug", "may"), [("raili", True), ("eino", False)])
def test_no_child_is_asked_what_only_adults_are(slug: str, may: bool, asked: Asked) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=asked.purpose.pk).update(adults_only=True)
    purpose, person = Purpose.objects.get(pk=asked.purpose.pk), arrived(slug)
    assert _is_asked(purpose, person) is may


def _is_asked(purpose: Purpose, person: UUID) -> bool:
    with scope(Role.WORKER, persons=[person]):
        try:
            request_consent(purpose, person=person, by=CITY, at=NOW)
        except OnlyAdults:
            return Consent.objects.filter(person_id=person, purpose=purpose).exists()
        return True
