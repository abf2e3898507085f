"""The encoding of a text file, checked before anything is read from it."""

import codecs
from typing import IO

from datasources.connectors.files.shape import Shape
from datasources.errors import Garbled

_BLOCK = 1 << 20
_HAS_NUL = "NUL"
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ONE_BYTE = {"iso8859-1", "iso8859-15", "cp1252"}


def encoding_of(whole: IO[bytes], shape: Shape) -> str:
    """The encoding in which all of the file can be read; its byte order mark says more than the mapping.

    Garbled with the line where it cannot be, where it holds a NUL, and when it is UTF-8 though the mapping says
    otherwise: every byte has a meaning in the encodings of one byte, so nothing else would tell.
    """
    head = whole.read(3)
    # Without its mark it is plain UTF-8; the decoder that waits for one forgives a file that ends in the midst of it.
    unmarked = "utf-8" if shape.encoding == "utf-8-sig" else shape.encoding
    encoding = next((name for mark, name in MARKS.items() if head.startswith(mark)), unmarked)
    if encoding == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Garbled("{file} has no byte order mark, without which UTF-16 cannot be read.", file=shape.file)
    fault = _fault(whole, encoding)
    if fault:
        if fault[1] == _HAS_NUL:
            raise Garbled("Line {line} of {file} holds a NUL, which no text does.", line=fault[0], file=shape.file)
        raise Garbled(
            "Line {line} of {file} is not written in the encoding {encoding}.",
            line=fault[0],
            file=shape.file,
            encoding=fault[1],
        )
    if encoding in _ONE_BYTE and not _is_ascii(whole) and not _fault(whole, "utf-8"):
        raise Garbled("{file} is written in UTF-8, not in the encoding {encoding}.", file=shape.file, encoding=encoding)
    whole.seek(0)
    return encoding


def _fault(whole: IO[bytes], encoding: str) -> tuple[int, str] | None:
    """The first line that is not written in the encoding, and its name; or that holds a NUL."""
    whole.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for block in [*iter(lambda: whole.read(_BLOCK), b""), b""]:
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            before = fault.object[: fault.start].decode(fault.encoding, "ignore")
            return line + before.count("\n"), encoding
        if "\0" in text:
            return line + text[: text.index("\0")].count("\n"), _HAS_NUL
        line += text.count("\n")
    return None


def _is_ascii(whole: IO[bytes]) -> bool:
    whole.seek(0)
    return all(block.isascii() for block in iter(lambda: whole.read(_BLOCK), b""))
