"""Tables that a spreadsheet program opens: no cell of them is ever worked out as a formula (CWE-1236)."""

import csv
from collections.abc import Iterable
from io import StringIO

# What a program takes for the beginning of a formula, or skips before one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# By which programs know that a file is UTF-8.
MARK = b"\xef\xbb\xbf"


def cell(text: str) -> str:
    """The text, behind an apostrophe where it would begin a formula."""
    if text[:1].isalnum():
        return text
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def table(rows: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with its mark and semicolons, as spreadsheet programs here open it (RFC 4180 but for the sign between)."""
    written = StringIO()
    csv.writer(written, delimiter=";").writerows([[cell(text) for text in row] for row in rows])
    return MARK + written.getvalue().encode()
