"""XLSX (ECMA-376): one sheet whose first row is the header.

A workbook is a packed archive, and a few bytes of it can stand for gigabytes: how much it unpacks to, and how large a
table it opens, is measured before anything is built.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from datasources.connectors.files.reading.rows import Row, places_of, row_of
from datasources.connectors.files.shape import Shape
from datasources.errors import Drifted, Garbled

_BLOCK = 1 << 20
_MOST_PARTS = 10_000
# In bytes. Excel packs about 10:1.
_MOST_UNPACKED = 1 << 30
_MOST_RATIO, _SMALL = 100, 10 << 20
# Excel's own bounds are 16,384 columns and 1,048,576 rows; not both at once, or the table alone takes the memory.
_MOST_CELLS = 20_000_000
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_LONGEST_CELL = 32
# RuntimeError: a part is locked; NotImplementedError: a way of packing that is not Excel's.
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError)


def workbook_rows(whole: IO[bytes], shape: Shape) -> Iterator[Row]:
    """One row for each row of the sheet that is not empty. Whole numbers have no decimals; days and times are ISO."""
    with _opened(whole, shape) as sheet:
        yield from _rows(sheet, shape)


def header_of(whole: IO[bytes], shape: Shape) -> list[str]:
    """The names in the first row of the sheet."""
    with _opened(whole, shape) as sheet:
        return [str(cell) for cell in next(sheet.iter_rows(), [])]


@contextmanager
def _opened(whole: IO[bytes], shape: Shape) -> Iterator[CalamineSheet]:
    _measure(whole, shape)
    whole.seek(0)
    try:
        with CalamineWorkbook.from_filelike(whole) as book:
            yield _sheet(book, shape)
    except PasswordError:
        raise Garbled("{file} is locked with a password.", file=shape.file) from None
    except CalamineError:
        raise Garbled("{file} is not a proper XLSX file.", file=shape.file) from None


def _sheet(book: CalamineWorkbook, shape: Shape) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(shape.sheet) if shape.sheet else book.get_sheet_by_index(0)
    except WorksheetNotFound:
        raise Drifted("{file} no longer has the sheet {sheet}.", file=shape.file, sheet=shape.sheet or 1) from None


def _rows(sheet: CalamineSheet, shape: Shape) -> Iterator[Row]:
    lines = sheet.iter_rows()
    places = places_of([str(cell) for cell in next(lines, [])], shape)
    for line in lines:
        if any(cell != "" for cell in line):
            yield row_of([_plain(line[place]) for place in places], shape)


def _plain(cell: Any) -> Any:
    """The cell as a source's value: Excel knows numbers with decimals only, and days that begin at midnight."""
    match cell:
        case float() if cell.is_integer():
            return int(cell)
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case "":
            return None
    return cell


def _measure(whole: IO[bytes], shape: Shape) -> None:
    """Unpack once and let go: Garbled when it unpacks to too much, or its sums do not agree (APPNOTE.TXT 4.4.7)."""
    try:
        with zipfile.ZipFile(whole) as archive:
            parts = archive.infolist()
            unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
            bomb = unpacked > _SMALL and unpacked > packed * _MOST_RATIO
            if bomb or unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
                raise Garbled("{file} would unpack to far more than a table. It is refused.", file=shape.file)
            for part in parts:
                _measure_part(archive, part, shape)
    except BROKEN:
        raise Garbled("{file} is not a proper XLSX file.", file=shape.file) from None


def _measure_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, shape: Shape) -> None:
    width = height = 0
    tail = b""
    with archive.open(part) as content:
        while block := content.read(_BLOCK):
            for column, row in _CELL.findall(tail + block):
                width, height = max(width, _number(column)), max(height, int(row))
            tail = block[-_LONGEST_CELL:]
    if width * height > _MOST_CELLS:
        raise Garbled(
            "{file} has a table of {width} columns and {height} rows, which is too large.",
            file=shape.file,
            width=width,
            height=height,
        )


def _number(column: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
