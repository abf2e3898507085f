"""What may be sent along with a request: a PDF without anything that runs, a PNG or a JPEG; told by its content. Pure.

Nothing here opens a file as a viewer would. Each is kept sealed, and handed to staff only as a download.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum

MOST_FILES = 3
MOST_BYTES = 10 * 1024 * 1024
# More than any camera of a telephone; beyond it an image is a way to fill a reader's memory.
MOST_PIXELS = 120_000_000
_MOST_UNPACKED = 64 * 1024 * 1024


class EvidenceKind(StrEnum):
    """By content."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


class Flaw(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    RUNS = "runs"
    LOCKED = "locked"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


class NotEvidence(Exception):
    """This file is not taken."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def kind_of(content: bytes) -> EvidenceKind:
    """The kind by its first bytes, after its whole was looked through. NotEvidence."""
    if not content:
        raise NotEvidence(Flaw.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotEvidence(Flaw.TOO_BIG)
    for mark, kind, look in _KINDS:
        if content.startswith(mark):
            try:
                look(content)
            except (struct.error, IndexError, ValueError, zlib.error):
                raise NotEvidence(Flaw.BROKEN) from None
            return kind
    raise NotEvidence(Flaw.UNKNOWN)


# ---- PDF (ISO 32000-1) ----------------------------------------------------------------------------------------------
# Actions that run, open or bring something else, and what carries other files: 12.6.4, 12.7.8, 7.11.4, 13.
_RUNS = frozenset(
    {
        *(b"JavaScript", b"Launch", b"SubmitForm", b"ImportData", b"GoToE", b"GoToR", b"XFA"),
        *(b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"Rendition", b"Movie", b"Sound"),
    }
)
_NAME = re.compile(rb"/((?:[^\x00\t\n\f\r ()<>\[\]{}/%#]|#[0-9A-Fa-f]{2}){3,40})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# Objects may stand packed in streams (7.5.7); those that are packed in any other way than by Flate stay unread.
_PACKED = re.compile(rb"/ObjStm")
_MOST_PACKED, _NEAR, _TIMES = 10_000, 512, 20


def _look_through_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-4096:]:
        raise NotEvidence(Flaw.BROKEN)
    names, left = _names(content), _MOST_UNPACKED
    if b"Encrypt" in names or _hides_objects(content):
        raise NotEvidence(Flaw.LOCKED)
    for unpacked in _unpacked(content):
        left -= len(unpacked)
        if left < 0:
            raise NotEvidence(Flaw.TOO_BIG)
        names |= _names(unpacked)
    if not _RUNS.isdisjoint(names):
        raise NotEvidence(Flaw.RUNS)


def _names(text: bytes) -> set[bytes]:
    """Names as a reader understands them; a letter that is written as a number (7.3.5) hides something."""
    found = {match[1] for match in _NAME.finditer(text)}
    for name in found:
        if any(bytes([int(code[1], 16)]).isalnum() for code in _ESCAPE.finditer(name)):
            raise NotEvidence(Flaw.RUNS)
    return found


def _hides_objects(content: bytes) -> bool:
    """Objects are packed so that they cannot be looked through."""
    for count, match in enumerate(_PACKED.finditer(content)):
        around = content[max(0, content.rfind(b"obj", 0, match.start()), match.start() - _NEAR) : match.end() + _NEAR]
        told = around.partition(b"stream")[0]
        ways = {name for name in _names(told) if name.endswith(b"Decode")}
        readable = ways == {b"FlateDecode"} if b"/Filter" in told else not ways
        if count >= _MOST_PACKED or not readable or b"/Predictor" in told:
            return True
    return False


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What its streams hold that are packed by Flate; pictures are not, and are passed over.

    Wherever a stream seems to begin, one within another too; together no more than a few times the whole file.
    """
    whole, left, at = memoryview(content), _TIMES * MOST_BYTES, content.find(b"stream")
    while at >= 0:
        begins = at + len(b"stream")
        begins += 2 if content[begins : begins + 2] == b"\r\n" else 1
        ends = content.find(b"endstream", begins)
        ends = len(content) if ends < 0 else ends
        if (left := left - (ends - begins)) < 0:
            raise NotEvidence(Flaw.LOCKED)
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(whole[begins:ends], _MOST_UNPACKED + 1)
        at = content.find(b"stream", begins)


# ---- PNG (ISO/IEC 15948) --------------------------------------------------------------------------------------------
_PNG = b"\x89PNG\r\n\x1a\n"


def _look_through_png(content: bytes) -> None:
    at, kinds = len(_PNG), []
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise NotEvidence(Flaw.BROKEN)
        if kind == b"IHDR":
            _hold_size(*struct.unpack_from(">II", body))
        kinds.append(kind)
        at += 12 + length
    # Nothing stands behind its end: a file that is two kinds at once is neither.
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or kinds.count(b"IEND") != 1 or b"IDAT" not in kinds:
        raise NotEvidence(Flaw.BROKEN)


# ---- JPEG (ISO/IEC 10918-1) -----------------------------------------------------------------------------------------
_FRAMES = {0xC0, 0xC1, 0xC2}
_MARK, _SCAN, _END = 0xFF, 0xDA, b"\xff\xd9"


def _look_through_jpeg(content: bytes) -> None:
    at, framed = 2, False
    while content[at] == _MARK:
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _FRAMES:
            high, wide = struct.unpack_from(">HH", content, at + 5)
            _hold_size(wide, high)
            framed = True
        at += 2 + length
        if marker == _SCAN:
            break
    if not framed or _END not in content[at:]:
        raise NotEvidence(Flaw.BROKEN)


def _hold_size(wide: int, high: int) -> None:
    if not 0 < wide * high <= MOST_PIXELS:
        raise NotEvidence(Flaw.TOO_BIG)


_KINDS: tuple[tuple[bytes, EvidenceKind, Callable[[bytes], None]], ...] = (
    (b"%PDF-", EvidenceKind.PDF, _look_through_pdf),
    (_PNG, EvidenceKind.PNG, _look_through_png),
    (b"\xff\xd8\xff", EvidenceKind.JPEG, _look_through_jpeg),
)
