"""A source that tells what it changed is read from there on, and now and then whole."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from datasources.actions.asking import ask_for
from datasources.actions.pulls import pull_source
from datasources.models import Pull, PullKind, Reading, Sheet, Source
from datasources.queries.freshness import with_age
from datasources.rules.watermarks import Before, begins_at
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")
INCOMES = "early-education-incomes"
MINE = "guardian_id = (SELECT id FROM guardian WHERE social_security_number = %s)"


@pytest.fixture(autouse=True)
def only_incomes(catalogue: None, city: City) -> Iterator[None]:
    """The dataset that has a watermark, alone; and its rows as they were."""
    with scope(Role.STAFF, departments=["*"]):
        row = Source.objects.get(slug="early-education")
        Source.objects.filter(pk=row.pk).update(mapping={INCOMES: row.mapping[INCOMES]})
    kept = city.early_education.execute("SELECT * FROM income").fetchall()
    # One an hour, the last one of nobody who comes here.
    city.early_education.execute("UPDATE income SET updated_at = timestamp '2026-01-01' + id * interval '1 hour'")
    yield
    city.early_education.execute("TRUNCATE income")
    marks = ", ".join(["%s"] * len(kept[0]))
    city.early_education.cursor().executemany(f"INSERT INTO income VALUES ({marks})", kept)


def night(number: int, *, kind: PullKind = PullKind.NIGHTLY) -> Pull:
    return pull_source(source("early-education").pk, kind=kind, by=BY, at=NIGHT + timedelta(days=number))


def people_with_incomes(city: City) -> list[str]:
    """Slugs of people of the demo whose incomes are held."""
    codes = {
        code
        for (code,) in city.early_education.execute(
            "SELECT social_security_number FROM guardian WHERE id IN (SELECT guardian_id FROM income)"
        )
    }
    return [slug for slug, code in CODES.items() if code in codes]


def raise_income(city: City, slug: str) -> None:
    city.early_education.execute(
        f"UPDATE income SET monthly_cents = monthly_cents + 1, updated_at = now() WHERE {MINE}", [CODES[slug]]
    )


def as_of() -> set[datetime]:
    with scope(Role.WORKER):
        return set(with_age(Sheet.objects.all()).values_list("as_of", flat=True))


def test_only_whoever_was_changed_is_read_again(city: City) -> None:
    first, second = people_with_incomes(city)[:2]
    arrive(first), arrive(second)
    assert night(0).changed == 2
    raise_income(city, first)
    again = night(1)
    assert (again.changed, again.unchanged, again.removed) == (1, 0, 0)
    assert again.rows_read < 5
    # What the source did not name as changed is as fresh as the reading.
    assert as_of() == {NIGHT + timedelta(days=1)}


def test_a_night_in_which_nothing_changed_removes_nobody(city: City) -> None:
    (first,) = people_with_incomes(city)[:1]
    arrive(first)
    night(0)
    again = night(1)
    assert (again.error, again.changed, again.removed) == ("", 0, 0)


def test_what_is_gone_is_found_when_everything_is_read(city: City) -> None:
    (first,) = people_with_incomes(city)[:1]
    arrive(first)
    night(0)
    city.early_education.execute(f"DELETE FROM income WHERE {MINE}", [CODES[first]])
    assert night(6).removed == 0
    assert night(7).removed == 1


def test_by_hand_everything_is_read(city: City) -> None:
    (first,) = people_with_incomes(city)[:1]
    arrive(first)
    night(0)
    city.early_education.execute(f"DELETE FROM income WHERE {MINE}", [CODES[first]])
    assert night(1, kind=PullKind.BY_HAND).removed == 1


def test_whoever_came_since_is_read_though_nothing_changed(city: City) -> None:
    first, second = people_with_incomes(city)[:2]
    arrive(first)
    night(0)
    person = arrive(second)
    ask_for(person, by=resident(person), at=NIGHT + timedelta(hours=1))
    again = night(1)
    assert (again.error, again.changed) == ("", 1)
    with scope(Role.WORKER):
        assert Sheet.objects.filter(person_id=person).exists()


def test_another_mapping_reads_everything(city: City) -> None:
    (first,) = people_with_incomes(city)[:1]
    arrive(first)
    night(0)
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.update(mapping_version=2)
    assert night(1).rows_read > 5
    with scope(Role.WORKER):
        assert Reading.objects.get().swept_at == NIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "days", "since"),
    [
        (Before("2026-11-20 10:00:00+00", NIGHT, 1), 1, "2026-11-20 09:50:00+00:00"),
        (Before("4711", NIGHT, 1), 1, "4711"),
        (Before("4711", NIGHT, 1), 7, None),
        (Before("4711", NIGHT, 2), 1, None),
        (Before("", NIGHT, 1), 1, None),
    ],
)
def test_where_a_reading_begins(before: Before, days: int, since: str | None) -> None:
    assert begins_at(before, mapping_version=1, sweep_days=7, at=NIGHT + timedelta(days=days)) == since
