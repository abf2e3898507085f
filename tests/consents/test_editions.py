"""What calls remember of the catalogue holds as long as its edition stands, and no call longer."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.checking import check
from consents.models import Purpose
from datasources.models import Dataset
from datasources.queries.handing import fields_described
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.subjects import by_code
from portal.rest.models import Edition
from portal.walls import Role, scope
from tests.residents import CODES

PURPOSE, DATASET = "swimming-reminders", "sports-courses"
SPORTS = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")
# Whatever a remembered value is made of.
TABLES = (
    "consents_purpose",
    "consents_purposedataset",
    "consents_purposetext",
    "datasources_dataset",
    "datasources_department",
    "datasources_field",
)


def standing() -> UUID:
    return Edition.objects.get().number


def asked(edition: UUID | None) -> tuple[str, int]:
    """The reason told, and in how many statements."""
    named = [by_code("sports", CODES["raili"])]
    with scope(Role.API, lookups=[named[0].lookup]), CaptureQueriesContext(connection) as statements:
        (answer,) = check(PURPOSE, [DATASET], named, by=SPORTS, at=timezone.now(), edition=edition)
    return answer.way.reason.value, len(statements)


@pytest.mark.parametrize("table", TABLES)
def test_each_change_of_what_is_described_or_asked_gives_a_new_edition(city: None, table: str) -> None:
    before = standing()
    with scope(Role.STAFF, departments=["*"]), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = id")
    assert standing() != before


def test_nothing_else_gives_one(city: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'new_edition' ORDER BY 1")
        assert tuple(name for (name,) in cursor.fetchall()) == TABLES


def test_what_was_read_under_an_edition_is_not_read_again(city: None) -> None:
    (_, without), (_, first), (_, second) = asked(None), asked(standing()), asked(standing())
    assert (without, first, second) == (5, 5, 4)


def test_what_was_closed_is_closed_at_the_next_call(city: None) -> None:
    assert asked(standing())[0] == "no_consent"
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=PURPOSE).update(closed_at=timezone.now())
    assert asked(standing())[0] == "not_in_scope"


def test_a_field_is_told_as_it_is_called_now(city: None) -> None:
    def label() -> str:
        with scope(Role.API):
            return fields_described([DATASET], edition=standing())()[DATASET]["course"].label["en"]

    before = label()
    with scope(Role.STAFF, departments=["*"]):
        # The type checker knows no translated columns.
        told = {"label_en": "What it is called now"}
        Dataset.objects.get(slug=DATASET).fields.filter(slug="course").update(**told)
    assert (before != label(), label()) == (True, "What it is called now")
