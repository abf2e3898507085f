"""What a department writes into a file is read back the same, in every format and encoding."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.datasources.dropping import FORMATS, HEADER, SHEET, drop, mapping_of, packed, rows_in, sheet, written
from tests.examples import examples

TEXT = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f"), max_size=20)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=20)
CODES = st.text("0123456789+-ABXY", min_size=1, max_size=11)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "iso8859-1", "iso8859-15", "cp1252")


def table(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    return st.lists(st.tuples(CODES, values, values), min_size=1, max_size=8)


def back(content: bytes, form: str, **more: Any) -> list[tuple[Any, ...]]:
    with TemporaryDirectory() as folder:
        return rows_in(drop(Path(folder), content, form, **more))


def gathered(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Person by person, in the order of their first rows; amount before place, as headers are sorted."""
    people = list(dict.fromkeys(code for code, _, _ in rows))
    return [(code, amount, place) for person in people for code, place, amount in rows if code == person]


@pytest.mark.parametrize("form", FORMATS)
@given(rows=table(TEXT))
@settings(max_examples=examples(60), deadline=None)
def test_rows_come_back_as_they_were_written(form: str, rows: list[tuple[str, str, str]]) -> None:
    told = back(written(form, rows), form)
    assert [tuple(value or "" for value in row) for row in told] == gathered(rows)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
@given(rows=table(LATIN))
@settings(max_examples=examples(20), deadline=None)
def test_every_encoding_comes_back(form: str, encoding: str, rows: list[tuple[str, str, str]]) -> None:
    try:
        content = written(form, rows, encoding=encoding)
    except UnicodeEncodeError:
        assume(False)
    if form == "xml":
        content = content.replace(b"utf-8-sig", b"utf-8", 1)
    elif "8859" in encoding or encoding == "cp1252":
        assume(content.isascii() or not _is_utf8(content))
    assert back(content, form, encoding=encoding) == gathered(rows)


def _is_utf8(content: bytes) -> bool:
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("form", FORMATS)
def test_columns_may_stand_in_any_order_among_ten_thousand_others(form: str) -> None:
    others = [f"muu{number}" for number in range(10_000)]
    header = ["maara", *others[:5000], "henkilotunnus", *others[5000:], "paikka"]
    row = ["1,5", *["x"] * 5000, "A", *["x"] * 5000, "Halli"]
    assert back(written(form, [row], header), form) == [("A", "1,5", "Halli")]


def test_capitals_and_blanks_of_a_header_do_not_matter() -> None:
    assert back(b" Henkilotunnus ;PAIKKA;maara\r\nA;Halli;1\r\n", "csv") == [("A", "1", "Halli")]


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_ends() -> None:
    content = b'henkilotunnus;paikka;maara\n"A";"a;""b""\r\nc";\n'
    assert back(content, "csv") == [("A", "", 'a;"b"\r\nc')]


def test_empty_fields_after_the_last_column_are_no_fault() -> None:
    assert back(b"henkilotunnus;paikka;maara\nA;Halli;1;;\n\n", "csv") == [("A", "1", "Halli")]


def test_a_byte_order_mark_says_more_than_the_mapping() -> None:
    content = written("csv", [("A", "Järvenpää", "1")], encoding="utf-8-sig")
    assert back(content, "csv", encoding="cp1252") == [("A", "1", "Järvenpää")]


def test_a_workbook_tells_whole_numbers_and_days() -> None:
    rows = [HEADER, ("A", 3.0, (46349,)), ("", "", ""), ("B", 1.5, (46349.5,))]
    told = back(packed({SHEET: sheet(rows)}), "xlsx")
    assert told == [("A", "2026-11-23", 3), ("B", "2026-11-23T12:00:00", 1.5)]


def test_a_sheet_can_be_named() -> None:
    content = written("xlsx", [("A", "Halli", "1")])
    assert back(content, "xlsx", sheet="Käynnit") == [("A", "1", "Halli")]


def test_json_rows_stand_under_a_path_and_values_keep_their_types() -> None:
    content = b'{"data":{"visits":[{"who":{"code":"A"},"n":1.50,"where":["a","b"],"x":{}}]}}'
    columns = {"place": "where", "amount": "n"}
    told = back(content, "json", rows="data/visits", key="who/code", columns=columns)
    assert told == [("A", 1.5, ["a", "b"])]


def test_a_text_may_speak_of_a_nul() -> None:
    assert back(written("json", [("A", "C:\\u0000", "1")]), "json") == [("A", "1", "C:\\u0000")]


def test_xml_rows_stand_under_a_path_with_attributes_and_several_values() -> None:
    content = (
        b'<r xmlns="urn:x"><head><visit>no</visit></head><list><visit code="A"><n>1</n><at><hall>a</hall>'
        b"<hall>b<!-- x --></hall></at></visit></list></r>"
    )
    columns = {"place": "at/hall", "amount": "n"}
    assert back(content, "xml", rows="list/visit", key="@code", columns=columns) == [("A", ["a", "b"], "1")]


def test_a_format_can_be_told_when_the_name_does_not() -> None:
    shape = mapping_of(file="visits.txt", format="csv")
    with TemporaryDirectory() as folder:
        assert rows_in(drop(Path(folder), written("csv", [("A", "Halli", "1")]), **shape)) == [("A", "1", "Halli")]
