"""XML of any size, element by element: no document type, no entities, nothing fetched, nothing kept.

The document type is passed over rather than refused: every Apple export has one, and since iOS 16 it is malformed.
Without it an entity means nothing, so that what refers to one is refused.
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

from lxml import etree  # type: ignore[import-untyped]

from datasources.wearables.points import Point
from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.troubles import Trouble, Unusable

# What XML 1.0 forbids and exports hold all the same, 0x0B above all.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_MARK = b"\xef\xbb\xbf"
# The declaration and comments.
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_LONGEST_NAME = 9
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?P<opens>[\[>])")
_DOCTYPE_END = re.compile(rb"\]\s*>")
_LARGEST_PROLOG = 1 << 20
_LONGEST_TAG = 1 << 20
DEEPEST = 100
_LONGEST_TEXT = 200
_ENTITY_FAULTS = {
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY, etree.ErrorTypes.WAR_UNDECLARED_ENTITY, etree.ErrorTypes.ERR_ENTITY_LOOP
}  # fmt: skip


Found = TypeVar("Found", covariant=True)


class Target(Protocol[Found]):
    """What lxml calls: https://lxml.de/parsing.html#the-target-parser-interface. `drained` and `rest` are ours.

    Found: points, in whatever form a format makes them.
    """

    def start(self, tag: str, attributes: Any, /) -> None:
        """An element begins."""

    def close(self) -> None:
        """The document ends."""

    def drained(self) -> Found:
        """Points that are whole, once each; asked now and then."""
        ...

    def rest(self) -> Found:
        """All that are left, and what can be made of the rest where the file breaks off."""
        ...


class Texts:
    """A target that is told of each element with its text, `above` it the names of those that it lies in.

    `wanted` are the elements whose text is kept, `_LONGEST_TEXT` characters of it. Too deep is unusable.
    """

    wanted: frozenset[str]

    def __init__(self) -> None:
        self.above: list[str] = []
        self.found: list[Point] = []
        self._text: str | None = None

    def begins(self, name: str, attributes: Any) -> None:
        """An element, without its prefix, begins; it is the last of `above`."""

    def ends(self, name: str, text: str) -> None:
        """An element ends; it is no longer in `above`."""

    def start(self, tag: str, attributes: Any, /) -> None:
        """An element begins."""
        name = tag.rpartition("}")[2]
        self.above.append(name)
        if len(self.above) > DEEPEST:
            raise Unusable(Trouble.TOO_DEEP)
        self._text = "" if name in self.wanted else None
        self.begins(name, attributes)

    def data(self, text: str) -> None:
        """Of elements that are wanted."""
        if self._text is not None and len(self._text) < _LONGEST_TEXT:
            self._text += text

    def end(self, _tag: str) -> None:
        """An element ends."""
        text, self._text = (self._text or "").strip(), None
        self.ends(self.above.pop(), text)

    def close(self) -> None:
        """All is told."""

    def drained(self) -> list[Point]:
        """Points that are whole, once each."""
        found, self.found = self.found, []
        return found


def root_of(head: bytes) -> str:
    """The name of the root element without its prefix, empty when it is no XML or stands further on."""
    text = _after_doctype(head) or b""
    before = _BEFORE.match(text)
    found = _ROOT.match(text, before.end() if before else 0)
    return found[1].decode() if found else ""


def points_of(stream: Forward, target: Target[Found]) -> Iterator[Found]:
    """What `target` makes of the file. Broken after the last that was whole; Unusable(DANGEROUS).

    Depth is for the target to count: where no tree is built the parser does not.
    """
    parser = etree.XMLParser(target=target, resolve_entities=False, load_dtd=False, no_network=True)
    fault: Exception | None = None
    try:
        for chunk in _safe(stream):
            parser.feed(chunk)
            yield target.drained()
        parser.close()
    except etree.XMLSyntaxError as found:
        fault = _told(found)
    except Broken as found:
        fault = found
    if isinstance(fault, Unusable):
        raise fault
    yield target.rest()
    if fault:
        raise fault


def _told(fault: "etree.XMLSyntaxError") -> Exception:
    if fault.code in _ENTITY_FAULTS:
        return Unusable(Trouble.DANGEROUS)
    return Broken()


def _safe(stream: Forward) -> Iterator[bytes]:
    """Without document type and forbidden bytes; Unusable(DANGEROUS) at a tag or a text that does not end."""
    since = 0
    for chunk in _without_doctype(stream.chunks()):
        place = chunk.rfind(b">")
        since = since + len(chunk) if place < 0 else len(chunk) - place
        if since > _LONGEST_TAG:
            raise Unusable(Trouble.DANGEROUS)
        yield chunk.translate(None, _FORBIDDEN)


def _without_doctype(chunks: Iterator[bytes]) -> Iterator[bytes]:
    prolog = b""
    for chunk in chunks:
        prolog += chunk
        if (rest := _after_doctype(prolog)) is not None:
            yield rest.removeprefix(_MARK).lstrip()
            break
        if len(prolog) > _LARGEST_PROLOG:
            raise Unusable(Trouble.DANGEROUS)
    else:
        raise Broken
    yield from chunks


def _after_doctype(prolog: bytes) -> bytes | None:
    """From the root on, or the whole where there is no document type; None when more is to be read first."""
    before = _BEFORE.match(prolog)
    at = before.end() if before else 0
    if prolog[at : at + 1] == b"<" and prolog[at + 1 : at + 2] not in (b"", b"!", b"?"):
        return prolog
    begun = _DOCTYPE.match(prolog, at)
    if begun is None:
        return None if len(prolog) - at < _LONGEST_NAME or prolog[at : at + 1] == b"<" else prolog
    if begun["opens"] == b">":
        return prolog[begun.end() :]
    ended = _DOCTYPE_END.search(prolog, begun.end())
    return prolog[ended.end() :] if ended else None
