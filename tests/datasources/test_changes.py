"""What changed since the last reading is told by the names of fields and the number of records."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.actions.pulls import pull_source
from datasources.models import PullKind, Sheet
from datasources.protocol import holding
from datasources.queries.sheets import ChangesTold, sheet_of
from datasources.rules.changes import Changes, changes_between
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source
from tests.residents import enter

COLUMNS = ("name", "place", "price")
ROW = ("Vesijumppa", "Esimerkkilä", 6200)
OTHER = ("Tekniikka", "Mallila", 4500)


def body(*rows: tuple[Any, ...], columns: tuple[str, ...] = COLUMNS) -> bytes:
    return holding("a code", columns, rows).body


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([ROW], [ROW, OTHER], Changes(1, 0, ())),
        ([ROW, OTHER], [OTHER], Changes(0, 1, ())),
        ([ROW, OTHER], [OTHER, ("Vesijumppa", "Esimerkkilä", 6300)], Changes(0, 0, ("price",))),
        ([ROW], [("Vesijumppa", "Mallila", 6300)], Changes(1, 1, ())),
        ([ROW, OTHER], [("Vesijumppa", "Muualla", 6200), ("Tekniikka", None, 4500)], Changes(0, 0, ("place",))),
        ([ROW, ROW], [ROW], Changes(0, 1, ())),
        ([ROW, OTHER], [OTHER, ROW], None),
    ],
)
def test_rows_are_the_same_when_they_agree_in_half_their_places(
    before: list[Any], after: list[Any], found: Changes | None
) -> None:
    assert changes_between(body(*before), body(*after)) == found


def test_another_mapping_is_no_change_at_the_source() -> None:
    assert changes_between(body(ROW), body(ROW[:2], columns=COLUMNS[:2])) is None


_rows = st.lists(st.tuples(st.text(max_size=3), st.integers(0, 3), st.none() | st.booleans()), min_size=1, max_size=12)


@given(before=_rows, after=_rows)
def test_the_numbers_add_up_and_no_value_is_told(before: list[Any], after: list[Any]) -> None:
    found = changes_between(body(*before), body(*after))
    if found is None:
        assert sorted(before, key=repr) == sorted(after, key=repr)
    else:
        assert len(before) - found.removed + found.added == len(after)
        assert set(found.columns) <= set(COLUMNS)


def night(number: int) -> None:
    done = pull_source(source("early-education").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(days=number))
    assert done.error == ""


@pytest.mark.usefixtures("catalogue")
def test_a_changed_field_is_named_in_the_readers_language_with_its_day(city: City) -> None:
    person = arrive("mikael")
    night(0)
    database, mine = city.early_education, "guardian_id = (SELECT id FROM guardian WHERE social_security_number = %s)"
    with scope(Role.RESIDENT, persons=[person]):
        first = sheet_of(person, "early-education-fee-decisions")
    assert first is not None
    assert first.changes is None
    database.execute(f"UPDATE fee_decision SET total_cents = total_cents + 1 WHERE {mine}", [CODES["mikael"]])
    try:
        night(1)
    finally:
        database.execute(f"UPDATE fee_decision SET total_cents = total_cents - 1 WHERE {mine}", [CODES["mikael"]])
    with scope(Role.RESIDENT, persons=[person]):
        sheet = sheet_of(person, "early-education-fee-decisions")
    assert sheet is not None
    label = next(spec.label for spec in sheet.fields if spec.slug == "total_cents")
    assert sheet.changes == ChangesTold(NIGHT + timedelta(days=1), (label,), unseen=False, added=0, removed=0)


@pytest.mark.usefixtures("catalogue")
def test_what_changed_stands_sealed(city: City) -> None:
    arrive("mikael")
    night(0)
    database = city.early_education
    database.execute("UPDATE fee_decision SET total_cents = total_cents + 1")
    try:
        night(1)
    finally:
        database.execute("UPDATE fee_decision SET total_cents = total_cents - 1")
    with scope(Role.WORKER):
        told = [bytes(sheet.changes or b"") for sheet in Sheet.objects.exclude(changes=None)]
    assert told
    assert not any(b"total" in each or b"cents" in each for each in told)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("path", "told"),
    [("fi", "Muuttunut 25.11.2026:"), ("sv", "Ändrat den 25 november 2026:"), ("en", "Changed on 25 November 2026:")],
)
def test_the_page_says_what_changed(path: str, told: str, city: City) -> None:
    mikael = enter("mikael")
    night(0)
    changed = "UPDATE fee_decision SET total_cents = total_cents + %s"
    city.early_education.execute(changed, [1])
    try:
        night(1)
    finally:
        city.early_education.execute(changed, [-1])
    page = mikael.browser.get(f"/{path}/data/early-education/early-education-fee-decisions/").content.decode()
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    assert told in page
    assert told not in mikael.browser.get(f"/{path}/data/early-education/early-education-contacts/").content.decode()
