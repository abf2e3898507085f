"""The beginning of a file that is otherwise read whole: the first objects of JSON, the first rows of a workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import IO

from datasources.connectors.files.reading.workbook import BROKEN
from datasources.errors import Garbled

Way = tuple[str, ...]
# Possessive (++, *+): a text of megabytes is gone through in one go, and once only when it is cut.
_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_OPENS, _CLOSES = (b"{", b"["), (b"}", b"]")

_SHEETS, _TEXTS = "xl/worksheets/", "xl/sharedstrings.xml"
_NEEDED = {"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
_MOST_SHEETS, _BLOCK = 50, 1 << 15
# In bytes, unpacked.
_OF_A_SHEET, _OF_THE_TEXTS, _OF_A_PART = 1 << 20, 16 << 20, 4 << 20
_ROW_ENDS = re.compile(rb"</(?:(\w+):)?row\s*>")
_TEXT_ENDS = re.compile(rb"</(?:(\w+):)?si\s*>|<(?:(\w+):)?si\s*/>")
_NAMES_A_TEXT = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")


def objects_in(head: bytes, way: Way | None) -> Iterator[tuple[Way, bytes]]:
    """Each whole object of the list at `way` (None: of the first list of objects), with its way, as JSON text.

    `head` is the beginning of UTF-8 JSON, cut anywhere. An object that is not whole is not told; what is not well made
    ends it or is found out by whoever takes the object apart.
    """
    open_ones = _Open()
    start, depth, here = -1, 0, way
    for token in _TOKEN.finditer(head):
        sign = token[0]
        if sign == b"{" and start < 0 and open_ones.is_list and here in (None, open_ones.way):
            start, depth, here = token.start(), len(open_ones.stack), open_ones.way
        open_ones.take(token)
        if sign in _CLOSES and start >= 0 and len(open_ones.stack) == depth:
            yield here or (), head[start : token.end()]
            start = -1


class _Open:
    """The brackets that are open at a place in a JSON text, each with the key that it stands under."""

    def __init__(self) -> None:
        self.stack: list[tuple[bytes, str]] = []
        self._text = self._key = ""

    def take(self, token: re.Match[bytes]) -> None:
        """The next token."""
        sign = token[0]
        if token[1] is not None:
            self._text = token[1].decode("utf-8", "replace")
        elif sign == b":":
            self._key = self._text
        elif sign in _OPENS:
            self.stack.append((sign, self._key if self.stack and self.stack[-1][0] == b"{" else ""))
        elif sign in _CLOSES and self.stack:
            self.stack.pop()

    @property
    def is_list(self) -> bool:
        """What is open is a list that no other list is around."""
        return bool(self.stack) and self.stack[-1][0] == b"[" and all(sign == b"{" for sign, _ in self.stack[:-1])

    @property
    def way(self) -> Way:
        """The keys down to here."""
        return tuple(key for _, key in self.stack[1:])


def beginning_of_workbook(whole: IO[bytes], file: str) -> IO[bytes]:
    """A small workbook of the same form: the first rows of each sheet, and the texts that they name.

    `whole` is read here and there, and in all no more than the rows take. Garbled when no row ends within a mebibyte.
    """
    small = io.BytesIO()
    try:
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(small, "w") as other:
            _copy_beginning(archive, other, file)
    except BROKEN:
        raise Garbled("{file} is not a proper XLSX file.", file=file) from None
    small.seek(0)
    return small


def _copy_beginning(archive: zipfile.ZipFile, other: zipfile.ZipFile, file: str) -> None:
    highest = -1
    parts = {part.filename.lower(): part for part in archive.infolist()}
    sheets = [name for name in parts if name.startswith(_SHEETS) and name.endswith(".xml")]
    for name in sheets[:_MOST_SHEETS]:
        content = _first_rows(archive, parts[name], file)
        highest = max([highest, *(int(number) for number in _NAMES_A_TEXT.findall(content))])
        other.writestr(parts[name].filename, content)
    for name in _NEEDED & parts.keys():
        if parts[name].file_size <= _OF_A_PART:
            other.writestr(parts[name].filename, archive.read(parts[name]))
    if _TEXTS in parts and highest >= 0:
        other.writestr(parts[_TEXTS].filename, _first_texts(archive, parts[_TEXTS], highest + 1, file))


def _first_rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> bytes:
    """The sheet, cut after its last whole row within a mebibyte, and closed."""
    with archive.open(part) as content:
        # In small blocks: of what is asked for, as many packed bytes would be fetched.
        blocks = iter(lambda: content.read(_BLOCK), b"")
        head = b"".join(islice(blocks, _OF_A_SHEET // _BLOCK))
        if not content.read(1):
            return head
    last = None
    for last in _ROW_ENDS.finditer(head):  # noqa: B007 - the last one is wanted
        pass
    if last is None:
        raise Garbled("The beginning of {file} holds no whole row.", file=file)
    prefix = last[1] + b":" if last[1] else b""
    return head[: last.end()] + b"</%ssheetData></%sworksheet>" % (prefix, prefix)


def _first_texts(archive: zipfile.ZipFile, part: zipfile.ZipInfo, count: int, file: str) -> bytes:
    """So many of the texts that cells share, and closed. They are kept in the order in which cells first name them."""
    head, at, found = bytearray(), 0, 0
    prefix = b""
    with archive.open(part) as content:
        while found < count and (block := content.read(_BLOCK)):
            head += block
            if len(head) > _OF_THE_TEXTS:
                raise Garbled("The beginning of {file} holds no whole row.", file=file)
            for end in islice(_TEXT_ENDS.finditer(head, at), count - found):
                at, found, prefix = end.end(), found + 1, end[1] or end[2] or b""
        if found < count:
            return bytes(head)
    return bytes(head[:at]) + b"</%ssst>" % (prefix + b":" if prefix else b"")
