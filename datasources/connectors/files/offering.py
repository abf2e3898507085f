"""What a folder of dropped files offers: their names, and the first rows of one with all that stands in them."""

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from itertools import islice
from typing import IO, Any

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from datasources.connectors.files.drops import Drop
from datasources.connectors.files.pickup import glance, looked_into
from datasources.connectors.files.reading import delimited, hold_no_page, rows_of, workbook
from datasources.connectors.files.reading.beginning import beginning_of_workbook, objects_in
from datasources.connectors.files.reading.json_list import as_utf8
from datasources.connectors.files.reading.xml_tree import elements_of, name_of, repeated
from datasources.connectors.files.shape import Settings, Shape
from datasources.errors import Garbled, MisSet
from datasources.glimpses import MOST_PARTS, MOST_PLACES, MOST_RECORDS, Glimpse, Place, Way, glimpse_of, leaves
from datasources.protocol import Limits, shape_as

_DELIMITERS = (";", ",", "\t", "|")
_HEAD = 4096
_TOLD = ("file", "format", "encoding", "delimiter", "sheet", "rows")
_Record = dict[str, Any]


def places(drop: Drop) -> Iterator[Place]:
    """The files that lie there now."""
    return (Place(name) for name in islice(drop.names(), MOST_PLACES))


def glimpse(drop: Drop, where: Mapping[str, Any], settings: Settings, limits: Limits) -> Glimpse:
    """The first records of a file. What is not told of it (encoding, delimiter, rows) is found out where it can be."""
    if not where.get("file"):
        raise MisSet("No file is named to look at.")
    told = {name: where[name] for name in _TOLD if where.get(name)}
    # Until the parts are known, a shape has none: it names what is never looked for.
    shape = shape_as(Shape, where["file"], told | {"rows": where.get("rows") or "?", "key": "?", "columns": {}})
    shape = shape.model_copy(update={"rows": where.get("rows", "")})
    if shape.kind == "xlsx":
        with looked_into(drop, shape.file, settings, limits) as whole:
            small = beginning_of_workbook(whole, shape.file)
        return _of_table(small, shape, workbook.header_of(small, shape), {})
    head, _ = glance(drop, shape.file, settings, limits)
    with closing(head):
        hold_no_page(head, shape)
        match shape.kind:
            case "json":
                return _of_json(head, shape)
            case "xml":
                return _of_xml(head, shape)
        found = _found_out(head, shape, where)
        shape = shape.model_copy(update=found)
        return _of_table(head, shape, delimited.header_of(head, shape), found)


def _found_out(head: IO[bytes], shape: Shape, where: Mapping[str, Any]) -> dict[str, str]:
    """Encoding and delimiter of a text file, where the keeper has not told them."""
    content = head.read()
    head.seek(0)
    encoding = where.get("encoding") or ("utf-8-sig" if _is_utf8(content) else "cp1252")
    if shape.kind == "tsv":
        return {"encoding": encoding}
    first = content[:_HEAD].decode(encoding, "ignore").splitlines()[0] if content else ""
    delimiter = where.get("delimiter") or max(_DELIMITERS, key=first.count)
    return {"encoding": encoding, "delimiter": delimiter}


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        # Cut within a sign at the very end it still is.
        return fault.start > len(content) - 4 and fault.reason == "unexpected end of data"
    return True


def _of_table(whole: IO[bytes], shape: Shape, header: list[str], where: dict[str, str]) -> Glimpse:
    names = [name for name in dict.fromkeys(header) if name.strip() and header.count(name) == 1][:MOST_PARTS]
    if not names:
        raise Garbled("{file} is empty: not even a header is in it.", file=shape.file)
    shape = shape.model_copy(update={"key": names[0], "columns": {name: name for name in names}})
    whole.seek(0)
    records: list[_Record] = []
    with suppress(Garbled):
        for row in islice(rows_of(whole, shape), MOST_RECORDS):
            told = dict(zip(shape.selected, row.values, strict=True))
            records.append({name: told[name] for name in names})
    return glimpse_of(records, where=where, types=dict.fromkeys(names, ""))


def _of_json(head: IO[bytes], shape: Shape) -> Glimpse:
    way = tuple(filter(None, shape.rows.split("/"))) if shape.rows else None
    records, found = [], way or ()
    for found, item in islice(objects_in(as_utf8(head, shape), way), MOST_RECORDS):  # noqa: B007 - the way stays
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            records.append(_named(leaves(msgspec.json.decode(item), _path)))
    if not records:
        raise Garbled("The beginning of {file} holds no whole row.", file=shape.file)
    return glimpse_of(records, where={"rows": "/".join(found)})


def _path(way: Way) -> str:
    return "/".join(way)


def _named(record: _Record) -> _Record:
    """Without keys that a path cannot tell."""
    return {name: value for name, value in record.items() if name and "//" not in name}


def _of_xml(head: IO[bytes], shape: Shape) -> Glimpse:
    rows = shape.rows or repeated(head)
    head.seek(0)
    records: list[_Record] = []
    if rows:
        with suppress(Garbled):
            for element in islice(elements_of(head, shape.model_copy(update={"rows": rows})), MOST_RECORDS):
                records.append(_of_element(element, ""))
    if not records:
        raise Garbled("The beginning of {file} holds no whole row.", file=shape.file)
    return glimpse_of(records, where={"rows": rows})


def _of_element(element: etree._Element, above: str) -> _Record:
    """`{path below the row: text}`; `@name` is an attribute."""
    told: _Record = {f"{above}@{name}": text for name, text in element.attrib.items() if "}" not in name}
    for child in element:
        if name := name_of(child):
            inner = _of_element(child, f"{above}{name}/") if len(child) or child.attrib else {}
            told |= inner if len(child) else inner | {f"{above}{name}": child.text}
    return told
