"""What a department wrote is shown, whatever it is: what cannot be read as its type stays the text it is."""

from decimal import Decimal
from typing import Any

import pytest

from datasources.enums import FieldType
from datasources.protocol import holding
from datasources.rules.showing import FieldSpec, records_of


def shown(value: Any, kind: FieldType, form: str = "") -> str:
    body = holding("a code", ["it"], [(value,)]).body
    mapping = {"columns": {"it": "it"}, "formats": {"it": form} if form else {}}
    (record,) = records_of(body, mapping, [FieldSpec("it", "It", kind)], language="en")
    return record.values[0].text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("none yet", FieldType.NUMBER, "none yet"),
        ("1e400", FieldType.NUMBER, "1e400"),
        (Decimal("1.5"), FieldType.NUMBER, "1.5"),
        (Decimal("NaN"), FieldType.NUMBER, "NaN"),
        (Decimal("Infinity"), FieldType.MONEY, "Infinity"),
        (Decimal("1E+400"), FieldType.NUMBER, "1E+400"),
        ("NaN", FieldType.TEXT, "NaN"),
    ],
)
def test_a_number_that_is_none_is_shown_as_it_was_written(value: Any, kind: FieldType, text: str) -> None:
    assert shown(value, kind) == text


@pytest.mark.parametrize(
    ("value", "kind", "form", "text"),
    [
        ("1 234,5", FieldType.NUMBER, "", "1234.5"),
        ("1\N{NARROW NO-BREAK SPACE}234", FieldType.NUMBER, "", "1234"),
        ("\N{MINUS SIGN}0,5", FieldType.NUMBER, "", "-0.5"),
        ("1,234.5", FieldType.NUMBER, "", "1,234.5"),
        ("1 234,50", FieldType.MONEY, "euros", "€1,234.50"),
        ("-0,5", FieldType.MONEY, "euros", "\N{MINUS SIGN}€0.50"),
        ("12.50", FieldType.MONEY, "euros", "€12.50"),
        (45.5, FieldType.MONEY, "euros", "€45.50"),
        (45, FieldType.MONEY, "euros", "€45.00"),
        ("0,123", FieldType.MONEY, "euros", "0,123"),
        ("maksuton", FieldType.MONEY, "euros", "maksuton"),
        ("1.2.2026", FieldType.DATE, "date", "1 February 2026"),
        ("2026-02-01", FieldType.DATE, "date", "1 February 2026"),
        ("31.2.2026", FieldType.DATE, "date", "31.2.2026"),
        ("1.2.2026 9.05", FieldType.MOMENT, "moment", "1 February 2026 at 09.05"),
        ("1.2.2026 klo 9:05", FieldType.MOMENT, "moment", "1 February 2026 at 09.05"),
        ("1.2.2026 09:05:30", FieldType.MOMENT, "moment", "1 February 2026 at 09.05"),
    ],
)
def test_numbers_money_and_days_are_read_as_finns_write_them(value: Any, kind: FieldType, form: str, text: str) -> None:
    assert shown(value, kind, form).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize("form", ["euros", "date", "moment"])
def test_a_form_for_text_leaves_a_list_as_it_is(form: str) -> None:
    assert shown(["a", "b"], FieldType.TEXT, form) == "a, b"


def test_a_holding_keeps_decimals_as_numbers() -> None:
    assert holding("a code", ["it"], [(Decimal("1.50"),)]).body == b'{"columns":["it"],"values":[[1.50]]}'
