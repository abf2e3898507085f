"""A good package is read as it was written, by us and by others' programs."""

import csv
import json
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rocrate.rocrate import ROCrate

from datasources.transfers.package.schemas import columns_of
from datasources.transfers.package.shape import LANGUAGES
from datasources.transfers.package.tables import csv_of, table_of
from datasources.transfers.package.writing import NotAnItem
from tests.transfers.made import CITY, ORIGIN, ROWS, SCHEMA, item, package, verified


def test_what_was_written_is_read() -> None:
    read = verified(package())
    first, second = read.manifest.items
    assert (read.manifest.head.city, first.id, second.origin, read.withdrawn_at) == (CITY, "school-years", ORIGIN, None)
    assert (read.rows(first), read.schema(first)) == (ROWS, SCHEMA)


def test_rows_are_the_same_bytes_after_they_were_handed_on_and_back() -> None:
    there = verified(package())
    [first, *_] = there.manifest.items
    back = verified(package(item("school-years", there.rows(first), schema=there.schema(first))))
    assert back.read(back.manifest.items[0].json) == there.read(first.json)


def test_an_empty_package_and_an_empty_table_hold() -> None:
    assert verified(package(item(rows=[]))).manifest.items[0].row_count == 0


def test_kinds_of_data_that_this_city_has_no_name_for_keep_title_schema_and_rows() -> None:
    unknown = item("never-heard-of", [{"z": [1]}], schema={"type": "object", "properties": {"z": {"title": "Zz"}}})
    read = verified(package(unknown))
    [only] = read.manifest.items
    assert (only.title, read.schema(only), read.rows(only)) == (unknown.title, unknown.schema, unknown.rows)


def test_a_reader_of_crates_opens_it(tmp_path: Path) -> None:
    with ZipFile(BytesIO(package())) as archive:
        archive.extractall(tmp_path)
    crate = ROCrate(tmp_path)
    held = {entity.id for entity in crate.data_entities}
    assert {"data/school-years.json", "data/school-years.csv", "read-me.fi.html"} <= held
    assert crate.root_dataset["publisher"]["citySlug"] == CITY
    assert crate.dereference("#item-school-years")["rowCount"] == len(ROWS)


def test_the_table_opens_in_a_spreadsheet_and_no_cell_is_a_formula() -> None:
    with ZipFile(BytesIO(package())) as archive:
        table = archive.read("data/school-years.csv")
    rows = list(csv.reader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == list(SCHEMA["properties"])
    assert rows[1] == ["2026-01-02", "3", "0.5", "true", "a", '[1,{"b":[null]}]']
    assert [rows[2][4], rows[3][4], rows[3][2]] == ["'=2+2", "' -x", json.dumps(1e20).replace("+", "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_reads_it_without_any_program(language: str) -> None:
    with ZipFile(BytesIO(package())) as archive:
        page = archive.read(f"read-me.{language}.html").decode()
    wanted = {"fi": ("Lukuvuodet", "aalto", "Päivä"), "sv": ("Lukuvuodet sv", "våg", "Dag")}.get(language)
    assert all(word in page for word in wanted or ("Lukuvuodet en", "wave", "Day"))
    assert "<script" not in page


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    # Half a sign (a lone surrogate) is no text.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=5,
)
_ANYTHING = {"type": "object", "properties": {"a": {}, "b": {}}}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("ab"), _VALUES), max_size=4))
def test_whatever_json_can_tell_is_carried_as_it_is(rows: list[dict[str, Any]]) -> None:
    read = verified(package(item(rows=rows, schema=_ANYTHING)))
    assert json.dumps(read.rows(read.manifest.items[0])) == json.dumps(rows)


@pytest.mark.parametrize(
    "bend",
    [
        {"rows": [{"share": float("nan")}]},
        {"rows": [{"day": "\ud800"}]},
        {"rows": [{"more": 1}]},
        {"rows": [["day"]]},
        {"schema": {"type": "object", "properties": {}}},
        {"slug": "../up"},
        {"rows": [{"parts": json.loads("[" * 17 + "]" * 17)}]},
    ],
    ids=map(str, count()),
)
def test_what_could_not_be_read_again_is_not_written(bend: dict[str, Any]) -> None:
    with pytest.raises(NotAnItem):
        package(item(**bend))


@pytest.mark.parametrize("odd", [1, "fi", ["fi"], {"fi": 1}, {"a": 1}, {"a": "fi"}, {"a": {"sv": []}}, None])
def test_what_another_city_annotates_breaks_no_page(odd: Any) -> None:
    column = {"titles": odd, "words": odd, "format": odd, "unit": odd, "title": odd}
    assert verified(package(item(rows=[{"a": "a"}], schema={"type": "object", "properties": {"a": column}})))


def test_two_items_of_one_name_are_not_written() -> None:
    with pytest.raises(NotAnItem):
        package(item(), item())


_PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_TEXTS = st.text("ab ,;[]\"'\\=+-\n\u00a0＝ln", max_size=6) | st.sampled_from(["null", "[null", "true", "];["])


@settings(max_examples=300, deadline=None)
@example([{"a": "]", "b": "["}])
@given(st.lists(st.fixed_dictionaries({"a": _PLAIN | _TEXTS, "b": _PLAIN | _TEXTS}), max_size=4))
def test_a_table_is_the_same_however_it_is_made(rows: list[dict[str, Any]]) -> None:
    columns = columns_of(_ANYTHING)
    assert table_of(rows, columns) == csv_of(rows, list(columns))
