"""CSV (RFC 4180) and TSV: a header, then lines of as many fields; quotes may hold delimiters and line ends."""

import csv
import io
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from datasources.connectors.files.reading.rows import Row, places_of, row_of
from datasources.connectors.files.reading.text import encoding_of
from datasources.connectors.files.shape import Shape
from datasources.errors import Garbled

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

# In characters. Ten thousand columns fit; a line without an end does not fill the memory.
_LONGEST_LINE = 1 << 22


def delimited_rows(whole: IO[bytes], shape: Shape) -> Iterator[Row]:
    """One row for each line; the values stay text."""
    lines = _lines(_text(whole, shape), shape)
    try:
        header = next(lines, [])
        places = places_of(header, shape)
        for line in lines:
            if not line:
                continue
            if len(line) < len(header):
                raise Garbled("Line {line} of {file} is shorter than its header.", line=lines.line_num, file=shape.file)
            if len(line) > len(header) and any(line[len(header) :]):
                raise Garbled("Line {line} of {file} is longer than its header.", line=lines.line_num, file=shape.file)
            yield row_of([line[place] for place in places], shape)
    except csv.Error as fault:
        raise Garbled(
            "Line {line} of {file} is not proper CSV ({fault}).", line=lines.line_num, file=shape.file, fault=fault
        ) from None


def header_of(whole: IO[bytes], shape: Shape) -> list[str]:
    """The names in the first line; Garbled when that is no proper CSV."""
    text = _text(whole, shape)
    try:
        return next(_lines(text, shape), [])
    except csv.Error as fault:
        told = {"line": 1, "file": shape.file, "fault": fault}
        raise Garbled("Line {line} of {file} is not proper CSV ({fault}).", **told) from None
    finally:
        # Or it would close the file as it goes.
        text.detach()


def _text(whole: IO[bytes], shape: Shape) -> io.TextIOWrapper:
    return io.TextIOWrapper(whole, encoding_of(whole, shape), newline="")


def _lines(text: io.TextIOWrapper, shape: Shape) -> "CsvReader":
    delimiter = "\t" if shape.kind == "tsv" else shape.delimiter
    return csv.reader(_bounded(text, shape), delimiter=delimiter, strict=True)


def _bounded(text: io.TextIOWrapper, shape: Shape) -> Iterator[str]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise Garbled(
                "Line {line} of {file} is longer than {most} characters.",
                line=number,
                file=shape.file,
                most=_LONGEST_LINE,
            )
        yield line
