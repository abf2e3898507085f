"""From the bytes of a whole file to rows, one reader for each format."""

from collections.abc import Callable, Iterator
from typing import IO

from datasources.connectors.files.reading.delimited import delimited_rows
from datasources.connectors.files.reading.json_list import json_beginning, json_rows
from datasources.connectors.files.reading.rows import Row
from datasources.connectors.files.reading.workbook import workbook_rows
from datasources.connectors.files.reading.xml_tree import xml_rows
from datasources.connectors.files.shape import Shape
from datasources.errors import Garbled

_READERS: dict[str, Callable[[IO[bytes], Shape], Iterator[Row]]] = {
    "csv": delimited_rows,
    "tsv": delimited_rows,
    "xlsx": workbook_rows,
    "json": json_rows,
    "xml": xml_rows,
}
_PAGE = (b"<!doctype html", b"<html")


def rows_of(whole: IO[bytes], shape: Shape, *, cut: bool = False) -> Iterator[Row]:
    """The rows of a file, in its order. Drifted names what is gone; Garbled tells where it cannot be read.

    `cut`: there is more of the file than is here, which of a list in JSON makes a difference.
    """
    hold_no_page(whole, shape)
    return json_beginning(whole, shape) if cut and shape.kind == "json" else _READERS[shape.kind](whole, shape)


def hold_no_page(whole: IO[bytes], shape: Shape) -> None:
    """Garbled when it is a web page, as of a server that is in maintenance."""
    head = whole.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    whole.seek(0)
    if head.startswith(_PAGE):
        raise Garbled("{file} is a web page, not data.", file=shape.file)
