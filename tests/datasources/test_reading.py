"""What a person sees of what was pulled."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from datasources.actions.pulls import pull_source
from datasources.models import PullKind, Sheet
from datasources.queries.holdings import departments_of
from datasources.queries.sheets import sheet_of, sheets_of
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")


def pull_all() -> None:
    for slug in ("early-education", "library", "sports"):
        pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)


def shown(person: UUID, dataset: str, language: str) -> list[dict[str, str]]:
    with override(language), scope(Role.RESIDENT, persons=[person]):
        sheet = sheet_of(person, dataset)
        assert sheet is not None
        return [{value.label: value.text for value in record.values} for record in sheet.records]


def test_a_sheet_is_told_in_the_readers_language() -> None:
    raili = arrive("raili")
    pull_all()
    first = {language: shown(raili, "sports-courses", language)[0] for language in ("fi", "sv", "en")}
    assert list(first["fi"]) == ["Kurssi", "Paikka", "Alkaa", "Päättyy", "Tila", "Hinta"]
    assert list(first["sv"])[4] == "Status"
    assert first["en"]["Status"] in {"confirmed", "waiting list"}
    assert first["fi"]["Hinta"].endswith(",00\N{NO-BREAK SPACE}€")
    assert first["en"]["Price"].startswith("€")
    assert first["fi"]["Kurssi"] == first["en"]["Course"]


def test_values_have_their_types_and_stand_newest_first() -> None:
    raili = arrive("raili")
    pull_all()
    with scope(Role.RESIDENT, persons=[raili]):
        sheet = sheet_of(raili, "sports-visits")
    assert sheet is not None
    values = [value.value for record in sheet.records for value in record.values if value.slug == "visited_at"]
    moments = [value for value in values if isinstance(value, datetime)]
    assert len(moments) == 36
    assert moments == sorted(moments, reverse=True)


def test_a_field_that_waits_for_a_person_is_held_back_and_counted() -> None:
    aino = arrive("aino")
    pull_all()
    with scope(Role.STAFF, departments=["*"]):
        field = source("library").department.registers.get().datasets.get(slug="library-card").fields.get(slug="email")
        field.disclosure = "after_reading"
        field.save()
    with scope(Role.RESIDENT, persons=[aino]):
        sheet = sheet_of(aino, "library-card")
    assert sheet is not None
    assert sheet.held_back == 1
    assert "email" not in [value.slug for record in sheet.records for value in record.values]


def test_departments_tell_what_they_hold_and_how_fresh_it_is() -> None:
    raili = arrive("raili")
    pull_all()
    with override("en"), scope(Role.RESIDENT, persons=[raili]):
        sports = next(card for card in departments_of(raili) if card.slug == "sports")
    assert (sports.everyday_name, sports.connection, sports.pulled_at) == ("Sports", "connected", NIGHT)
    assert {card.slug: card.row_count for card in sports.held}["sports-visits"] == 36


def test_somebody_else_sees_nothing_even_when_the_query_asks_for_it() -> None:
    raili, aino = arrive("raili"), arrive("aino")
    pull_all()
    with scope(Role.RESIDENT, persons=[aino]):
        assert sheet_of(raili, "sports-visits").records == ()  # type: ignore[union-attr]
        assert sum(card.row_count for card in departments_of(raili)) == 0
        assert set(Sheet.objects.values_list("person_id", flat=True)) == {aino}
    with scope(Role.STAFF, departments=["*"]):
        assert Sheet.objects.count() == 0
    with scope(Role.API, persons=[raili]):
        assert set(Sheet.objects.values_list("person_id", flat=True)) == {raili}


@pytest.mark.parametrize("datasets", [["library-loans"], ["library-loans", "sports-visits", "library-card"]])
def test_queries_do_not_grow_with_datasets(datasets: list[str]) -> None:
    raili = arrive("raili")
    pull_all()
    with (
        scope(Role.RESIDENT, persons=[raili]),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        sheets_of(raili, datasets)
    with scope(Role.RESIDENT, persons=[raili]), CaptureQueriesContext(connection) as listed:
        departments_of(raili)
    assert (len(asked), len(listed)) == (4, 3)


def test_a_date_is_a_date() -> None:
    aino = arrive("aino")
    pull_all()
    with scope(Role.RESIDENT, persons=[aino]):
        card = sheet_of(aino, "library-card")
    assert card is not None
    joined = next(value.value for value in card.records[0].values if value.slug == "joined_on")
    assert isinstance(joined, date)
    assert card.expires_at == NIGHT + timedelta(days=card.dataset.keep_days)
