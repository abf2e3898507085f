"""JSON (RFC 8259): a list of objects, at the top or under a path of keys."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import msgspec

from datasources.connectors.files.reading.beginning import objects_in
from datasources.connectors.files.reading.rows import Paths, Row
from datasources.connectors.files.reading.text import MARKS, encoding_of
from datasources.connectors.files.shape import Shape
from datasources.errors import Drifted, Garbled

_BYTE = re.compile(r"\(byte (\d+)\)")


class _Key:
    """A key as it stands in the text: no two are equal, so that one that stands twice is not lost."""

    def __init__(self, name: str) -> None:
        self.name = name


# Objects and lists are taken apart one level at a time; what the mapping does not name is never made into a value.
_fields = msgspec.json.Decoder(dict[_Key, msgspec.Raw] | None, dec_hook=lambda _, name: _Key(name)).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_value = msgspec.json.Decoder(float_hook=Decimal).decode


def json_rows(whole: IO[bytes], shape: Shape) -> Iterator[Row]:
    """One row for each object; values keep their JSON types, decimals their digits."""
    content = _utf8(whole, encoding_of(whole, shape))
    paths = Paths(shape)
    try:
        for number, item in enumerate(_items(_list(content, shape)), 1):
            yield paths.row(_found(item, paths.steps, shape.file, number))
    except msgspec.ValidationError:
        raise Garbled("{file} is not a list of objects.", file=shape.file) from None
    except msgspec.DecodeError as fault:
        raise Garbled(_where(str(fault), content, shape)) from None
    except RecursionError:
        raise Garbled("{file} is nested too deeply.", file=shape.file) from None
    paths.end()


def json_beginning(head: IO[bytes], shape: Shape) -> Iterator[Row]:
    """The rows of which all is in the beginning of a file. What none of them has may still come later."""
    paths = Paths(shape)
    way = tuple(filter(None, shape.rows.split("/")))
    try:
        for number, (_, item) in enumerate(objects_in(as_utf8(head, shape), way), 1):
            yield paths.row(_found(msgspec.Raw(item), paths.steps, shape.file, number))
    except msgspec.DecodeError:
        raise Garbled("{file} is not a list of objects.", file=shape.file) from None


def as_utf8(head: IO[bytes], shape: Shape) -> bytes:
    """The beginning of a text, which may be cut within a sign."""
    content = head.read()
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    encoding = MARKS.get(mark, shape.encoding)
    return content if encoding == "utf-8" else content.decode(encoding, "ignore").encode()


def _utf8(whole: IO[bytes], encoding: str) -> bytes:
    content = whole.read()
    return content if encoding == "utf-8" else content.decode(encoding).encode()


def _list(content: bytes, shape: Shape) -> bytes | msgspec.Raw:
    """The text of the list that `rows` leads to."""
    # The whole text is looked through first, so that what is wrong is told with its line.
    found: bytes | msgspec.Raw = msgspec.json.decode(content, type=msgspec.Raw)
    for step in filter(None, shape.rows.split("/")):
        fields = _once(found, shape.file)
        if step not in fields:
            raise Drifted("{file} no longer has {rows}.", file=shape.file, rows=shape.rows)
        found = fields[step]
    return found


def _found(item: msgspec.Raw, paths: Sequence[tuple[str, ...]], file: str, row: int) -> list[tuple[bool, Any]]:
    """(whether it is there, value) at the end of each path; each object on the way is taken apart once."""
    objects: dict[tuple[str, ...], dict[str, msgspec.Raw]] = {(): _once(item, file, row)}
    found = []
    for *way, last in paths:
        inside: tuple[str, ...] = ()
        for step in way:
            above, inside = objects[inside], (*inside, step)
            if inside not in objects:
                objects[inside] = _once(above[step], file, row) if step in above else {}
        fields = objects[inside]
        found.append((True, _value(fields[last])) if last in fields else (False, None))
    return found


def _once(text: bytes | msgspec.Raw, file: str, row: int = 0) -> dict[str, msgspec.Raw]:
    """The fields of an object, none of null; Garbled when one is there twice: which is meant nobody can tell."""
    told = _fields(text) or {}
    fields = {key.name: value for key, value in told.items()}
    if len(fields) < len(told):
        if not row:
            raise Garbled("{file} has the same key twice.", file=file)
        raise Garbled("Row {row} of {file} has the same key twice.", row=row, file=file)
    return fields


def _where(fault: str, content: bytes, shape: Shape) -> str:
    if found := _BYTE.search(fault):
        line = content.count(b"\n", 0, int(found[1])) + 1
        return f"Line {line} of {shape.file} is not proper JSON."
    return f"{shape.file} ends before its JSON does. It may have been cut on the way."
