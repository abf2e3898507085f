"""XML of any size, element by element: no document type, no entities, nothing fetched, nothing kept.

The document type is passed over rather than refused: every Apple export has one, and since iOS 16 it is malformed.
Without it an entity means nothing, so that what refers to one is refused.
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree  # type: ignore[import-untyped]

from datasources.wearables.points import Point
from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.troubles import Trouble, Unusable

# What XML 1.0 forbids and exports hold all the same, 0x0B above all.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])
_MARK = b"\xef\xbb\xbf"
_ROOT = re.compile(rb"<[A-Za-z_]")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?P<opens>[\[>])")
_DOCTYPE_END = re.compile(rb"\]\s*>")
_LARGEST_PROLOG = 1 << 20
_LONGEST_TAG = 1 << 20
_ENTITY_FAULTS = {
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY, etree.ErrorTypes.WAR_UNDECLARED_ENTITY, etree.ErrorTypes.ERR_ENTITY_LOOP
}  # fmt: skip
_DEEP_FAULTS = {etree.ErrorTypes.ERR_INTERNAL_ERROR, etree.ErrorTypes.ERR_NAME_TOO_LONG, 116, 114}


class Target(Protocol):
    """What lxml calls: https://lxml.de/parsing.html#the-target-parser-interface. `drained` and `rest` are ours."""

    def start(self, tag: str, attributes: Any, /) -> None:
        """An element begins."""

    def close(self) -> None:
        """The document ends."""

    def drained(self) -> list[Point]:
        """Points that are whole, once each."""
        ...

    def rest(self) -> list[Point]:
        """What can be made of the rest when the file breaks off."""
        ...


def root_of(head: bytes) -> str:
    """The name of the root element without its prefix, empty when it is no XML."""
    text = head.removeprefix(_MARK).lstrip()
    if not text.startswith(b"<"):
        return ""
    text = _after_doctype(text) or b""
    found = re.search(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", text)
    return found[1].decode() if found else ""


def points_of(stream: Forward, target: Target) -> Iterator[list[Point]]:
    """What `target` makes of the file. Broken after the last that was whole; Unusable(DANGEROUS, TOO_DEEP)."""
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
    yield target.drained()
    if fault:
        yield target.rest()
        raise fault


def _told(fault: "etree.XMLSyntaxError") -> Exception:
    if fault.code in _ENTITY_FAULTS:
        return Unusable(Trouble.DANGEROUS)
    if fault.code in _DEEP_FAULTS or "depth" in str(fault):
        return Unusable(Trouble.TOO_DEEP)
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
    begun = _DOCTYPE.search(prolog)
    root = _ROOT.search(prolog)
    if begun is None or (root and root.start() < begun.start()):
        return prolog if root and b"<!DOCTYPE" not in prolog[: root.start()] else None
    if begun["opens"] == b">":
        return prolog[begun.end() :] if _ROOT.search(prolog, begun.end()) else None
    ended = _DOCTYPE_END.search(prolog, begun.end())
    return prolog[ended.end() :] if ended else None
