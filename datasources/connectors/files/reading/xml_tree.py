"""XML 1.0, element by element: no document type, so no entities of its own; nothing is fetched; no prefixes."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

from lxml import etree  # type: ignore[import-untyped]

from datasources.connectors.files.reading.rows import Paths, Row
from datasources.connectors.files.shape import Shape
from datasources.errors import Drifted, Garbled

_DEEPEST = 6


def xml_rows(whole: IO[bytes], shape: Shape) -> Iterator[Row]:
    """One row for each element at `rows`; values are text, several at one path a list. Memory holds one row.

    The encoding is what the XML itself declares (XML 1.0, 4.3.3).
    """
    paths = Paths(shape)
    for element in elements_of(whole, shape):
        yield paths.row([_found(element, steps) for steps in paths.steps])
    paths.end()


def elements_of(whole: IO[bytes], shape: Shape) -> Iterator[etree._Element]:
    """The element of each row, whole, until the next one is asked for."""
    events = etree.iterparse(
        whole, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        yield from _elements(events, shape)
    except etree.XMLSyntaxError as fault:
        raise Garbled("Line {line} of {file} is not proper XML.", line=fault.lineno or 1, file=shape.file) from None


def repeated(whole: IO[bytes]) -> str:
    """The way below the root to the first elements, from the top, that come twice and have parts; else nothing.

    `whole` may be cut off: what there is of it is looked at.
    """
    counts: dict[tuple[str, ...], int] = {}
    above: list[str] = []
    events = etree.iterparse(whole, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True)
    with suppress(etree.XMLSyntaxError):
        for event, element in events:
            if event == "start":
                above.append(name_of(element))
            else:
                way = tuple(above[1:])
                above.pop()
                if len(element) or element.attrib:
                    counts[way] = counts.get(way, 0) + 1
                if len(way) > _DEEPEST:
                    element.clear()
    often = [way for way, count in counts.items() if count > 1 and way]
    often.sort(key=len)
    return "/".join(often[0]) if often else ""


def _elements(events: "etree.iterparse[Any]", shape: Shape) -> Iterator[etree._Element]:
    """Each row, whole; everything before and beside it is let go."""
    way = shape.rows.split("/")
    above: list[str] = []
    parent_seen = len(way) == 1
    for event, element in events:
        if event == "start":
            if not above:
                _refuse_document_type(element, shape)
            above.append(name_of(element))
            parent_seen = parent_seen or above[1:] == way[:-1]
            continue
        here = above[1:]
        above.pop()
        if here == way:
            yield element
        if here[: len(way)] != way or here == way:
            _let_go(element)
    if not parent_seen:
        raise Drifted("{file} no longer has {rows}.", file=shape.file, rows=shape.rows)


def _refuse_document_type(root: etree._Element, shape: Shape) -> None:
    if root.getroottree().docinfo.doctype:
        raise Garbled(
            "{file} brings a document type (DTD) with it, which may hide other texts. It is refused.", file=shape.file
        )


def _let_go(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _found(row: etree._Element, steps: Sequence[str]) -> tuple[bool, Any]:
    """(whether it is there, text); several texts are a list."""
    elements = [row]
    for step in steps:
        if step.startswith("@"):
            texts = [element.get(step[1:]) for element in elements]
            return _told([text for text in texts if text is not None])
        elements = [child for element in elements for child in element if name_of(child) == step]
    return _told(["".join(element.itertext(etree.Element)) for element in elements])


def _told(texts: list[str]) -> tuple[bool, Any]:
    return bool(texts), texts[0] if len(texts) == 1 else texts or None


def name_of(element: etree._Element) -> str:
    """Without its namespace; nothing for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
