"""The catalogue's datasets as a package tells of them: JSON Schemas of their rows, and records as such rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from datasources.enums import Disclosure, FieldType
from datasources.models import Dataset, Field
from datasources.rules.showing import Record
from datasources.transfers.package.schemas import CENTS, DIALECT
from datasources.transfers.package.shape import LANGUAGES
from portal.cities import Text

# A source may have written anything; what cannot be read as its type stays the text it is (datasources.rules.showing).
_TYPES: Mapping[FieldType, dict[str, Any]] = {
    FieldType.TEXT: {"type": ["string", "null"]},
    FieldType.CODE: {"type": ["string", "null"]},
    FieldType.DATE: {"type": ["string", "null"], "format": "date"},
    FieldType.MOMENT: {"type": ["string", "null"], "format": "date-time"},
    FieldType.MONEY: {"type": ["integer", "string", "null"], "unit": CENTS},
    FieldType.NUMBER: {"type": ["number", "string", "null"]},
    FieldType.BOOLEAN: {"type": ["boolean", "string", "null"]},
}


def schema_of(slug: str, *, url: str) -> dict[str, Any] | None:
    """The JSON Schema of a dataset's rows, as this city (PUBLIC_URL `url`) publishes it; None when there is none.

    It names the fields that a resident is shown at once. Two queries, in any scope.
    """
    dataset = Dataset.objects.filter(slug=slug, retired_at=None).first()
    if dataset is None:
        return None
    fields = [field for field in Field.objects.filter(dataset=dataset, retired_at=None) if _is_shown(field)]
    titles = words_of(dataset, "name").model_dump()
    return {
        "$schema": DIALECT,
        "$id": f"{url}/schemas/datasets/{slug}.json",
        "title": titles["fi"],
        "titles": titles,
        "type": "object",
        "additionalProperties": False,
        "properties": {field.slug: _property(field) for field in fields},
    }


def words_of(row: Any, name: str) -> Text:
    """A text of the catalogue in its three languages: `words_of(dataset, "name")`."""
    return Text(**{language: getattr(row, f"{name}_{language}") for language in LANGUAGES})


def rows_of(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Records as rows: a date as text, money in cents, a number as it is, what is not there as nothing."""
    return [{value.slug: plain(value.value) for value in record.values} for record in records]


def plain(value: Any) -> str | int | float | bool | None:
    """As JSON tells it. A number with more signs than a float holds stays text."""
    match value:
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return _number(value)
        case None | bool() | int() | float():
            return value
    return str(value)


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    whole = value == value.to_integral_value()
    told: int | float = int(value) if whole else float(value)
    return told if Decimal(str(told)) == value and abs(value) < 2**53 else str(value)


def _is_shown(field: Field) -> bool:
    # Without a label it is never shown.
    return bool(field.label) and field.disclosure == Disclosure.AT_ONCE and not field.about_others


def _property(field: Field) -> dict[str, Any]:
    titles = words_of(field, "label").model_dump()
    told = {**_TYPES[FieldType(field.type)], "title": titles["fi"], "titles": titles}
    return told | ({"words": field.codes} if field.codes else {})
