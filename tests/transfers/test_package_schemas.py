"""Published schemas: of the list of a package, and of the rows of each dataset."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from msgspec import json

from datasources.enums import FieldType
from datasources.models import Dataset
from datasources.rules.showing import Record, Value
from datasources.transfers.datasets import plain, rows_of, words_of
from datasources.transfers.package.schemas import columns_of
from datasources.transfers.package.shape import METADATA
from portal.walls import Role, scope
from tests.pages.conftest import city
from tests.transfers.hostile import files_of
from tests.transfers.made import package

__all__ = ["city"]


def test_the_list_of_a_package_is_as_its_schema_says() -> None:
    schema: dict[str, Any] = Client().get("/schemas/transfer-package-1.json").json()
    Draft202012Validator.check_schema(schema)
    told = json.decode(files_of(package())[METADATA])
    validator = Draft202012Validator(schema)
    assert [fault.message for fault in validator.iter_errors(told)] == []
    next(entity for entity in told["@graph"] if entity["@id"] == "./").pop("nonce")
    assert not validator.is_valid(told)


@pytest.mark.django_db
def test_each_dataset_has_a_schema_that_a_package_can_carry(city: None) -> None:
    with scope(Role.RESIDENT):
        slugs = list(Dataset.objects.filter(retired_at=None).values_list("slug", flat=True))
    assert len(slugs) > 5
    for slug in slugs:
        answer = Client().get(f"/schemas/datasets/{slug}.json")
        schema = answer.json()
        Draft202012Validator.check_schema(schema)
        assert (answer.headers["Content-Type"], schema["$id"].endswith(f"{slug}.json")) == (
            "application/schema+json",
            True,
        )
        if schema["properties"]:
            assert list(columns_of(schema)) == list(schema["properties"])


@pytest.mark.django_db
def test_a_dataset_that_the_city_has_not_has_none(city: None) -> None:
    assert Client().get("/schemas/datasets/no-such-data.json").status_code == 404


@pytest.mark.django_db
def test_texts_of_the_catalogue_stand_in_three_languages(city: None) -> None:
    with scope(Role.RESIDENT):
        text = words_of(Dataset.objects.get(slug="library-loans"), "name")
    assert len({text.fi, text.sv, text.en}) == 3


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (Decimal(2), 2),
        (Decimal("2.5"), 2.5),
        (Decimal("1.0000000000000000001"), "1.0000000000000000001"),
        (Decimal(10**20), str(10**20)),
        (Decimal("NaN"), "NaN"),
        (date(2026, 11, 30), "2026-11-30"),
        (datetime(2026, 11, 30, 12, tzinfo=UTC), "2026-11-30T12:00:00+00:00"),
        ("text", "text"),
    ],
)
def test_a_value_is_told_as_json_tells_it(value: Any, told: Any) -> None:
    record = Record((Value("a", "A", FieldType.TEXT, value, ""),))
    assert (plain(value), rows_of([record])) == (told, [{"a": told}])
