"""One row tells how fresh thousands of sheets are, and not of those about which the source was of two minds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from datasources.actions.expiry import expire_sheets
from datasources.actions.pulls import pull_source
from datasources.models import Pull, PullKind, Sheet
from datasources.queries.freshness import with_age
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")
CONTACTS = "early-education-contacts"
_AGAIN = """
INSERT INTO guardian SELECT 999999, lower(social_security_number), first_name, last_name, '', '', '', '', 'fi', false
FROM guardian WHERE social_security_number = %s
"""


def night(number: int) -> datetime:
    return NIGHT + timedelta(days=number)


def pull(slug: str, number: int) -> Pull:
    return pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=night(number))


def ages(person: UUID) -> dict[str, datetime]:
    """{dataset: as of when}."""
    with scope(Role.WORKER):
        return dict(with_age(Sheet.objects.filter(person_id=person)).values_list("dataset__slug", "as_of"))


@contextmanager
def under_two_spellings(city: City, code: str) -> Iterator[None]:
    assert code.lower() != code
    city.early_education.execute(_AGAIN, [code])
    try:
        yield
    finally:
        city.early_education.execute("DELETE FROM guardian WHERE id = 999999")


def test_what_is_found_again_is_fresh_and_its_row_is_left_alone() -> None:
    person = arrive("mikael")
    pull("early-education", 0)
    with scope(Role.WORKER):
        before = set(Sheet.objects.extra(select={"x": "xmin::text"}).values_list("pk", "x"))
    pull("early-education", 1)
    with scope(Role.WORKER):
        assert set(Sheet.objects.extra(select={"x": "xmin::text"}).values_list("pk", "x")) == before
    assert set(ages(person).values()) == {night(1)}


def test_what_is_found_again_every_month_lives_on() -> None:
    person = arrive("mikael")
    for number in (0, 29):
        pull("early-education", number)
    held = len(ages(person))
    assert held > 0
    assert expire_sheets(by=BY, at=night(58)) == 0
    assert expire_sheets(by=BY, at=night(60)) == held


def test_somebody_under_two_spellings_keeps_the_last_good_sheet_at_its_age(city: City) -> None:
    person = arrive("mikael")
    pull("early-education", 0)
    pull("early-education", 1)
    with under_two_spellings(city, CODES["mikael"]):
        assert pull("early-education", 2).rejected == 1
        assert pull("early-education", 3).rejected == 1
        told = ages(person)
        assert told.pop(CONTACTS) == night(1)
        assert set(told.values()) == {night(3)}
    pull("early-education", 4)
    assert set(ages(person).values()) == {night(4)}


def test_what_was_not_found_again_expires_while_the_rest_lives_on(city: City) -> None:
    person = arrive("mikael")
    pull("early-education", 0)
    with under_two_spellings(city, CODES["mikael"]):
        pull("early-education", 29)
        assert expire_sheets(by=BY, at=night(31)) == 1
        assert CONTACTS not in ages(person)
        assert ages(person)
