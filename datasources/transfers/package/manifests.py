"""Reading the manifest out of RO-Crate metadata. What is not told as agreed is refused; what is more is left alone."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import (
    FORMAT,
    LANGUAGES,
    NAME,
    VERSION,
    File,
    Head,
    Label,
    Listed,
    ListedFact,
    Manifest,
    Origin,
    PersonDigest,
)
from portal.cities import Text

_HEX, _NONCE = re.compile("[0-9a-f]{64}", re.ASCII), re.compile("[A-Za-z0-9_-]{16,64}", re.ASCII)
_SIZE = re.compile("[0-9]{1,12}", re.ASCII)
_LONGEST_TEXT, _MOST_RULEBOOKS = 400, 4
PAGES = tuple(f"read-me.{language}.html" for language in LANGUAGES)
JSON, CSV, SCHEMA, HTML, SD_JWT = (
    *("application/json", "text/csv", "application/schema+json", "text/html", "application/dc+sd-jwt"),
)
Graph = Mapping[str, Mapping[str, Any]]


def manifest_of(data: bytes) -> Manifest:
    """What the metadata tells. Refused: MANIFEST, VERSION."""
    try:
        graph = _graph(data)
        root = graph["./"]
        # Of another version nothing else may be taken to mean what it means in this one.
        if root.get("formatVersion") != FORMAT:
            raise Refused(Reason.VERSION)
        items = tuple(_item(graph, part) for part in graph if part.startswith("#item-"))
        facts = tuple(_fact(graph, part) for part in graph if part.startswith("#fact-"))
        pages = tuple(_file(graph, name, name, HTML) for name in PAGES)
        manifest = Manifest(_head(graph, root), items, facts, pages)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        raise Refused(Reason.MANIFEST) from None
    names = [file.name for file in manifest.files]
    if len(set(names)) < len(names):
        raise Refused(Reason.MANIFEST)
    return manifest


def _graph(data: bytes) -> Graph:
    told = msgspec.json.decode(data)["@graph"]
    graph = {entity["@id"]: entity for entity in _list(told)}
    if len(graph) < len(told):
        raise ValueError
    return graph


def _head(graph: Graph, root: Mapping[str, Any]) -> Head:
    city = graph[_id(root["publisher"])]
    audience = root.get("audience")
    url = _text(city["url"])
    if urlsplit(url).scheme not in {"https", "http"}:
        raise ValueError
    return Head(
        city=_slug(city["citySlug"]),
        city_name=_named(city),
        url=url,
        issued=_moment(root["datePublished"]),
        expires=_moment(root["expires"]),
        person=PersonDigest(_matching(_HEX, root["personSalt"]), _matching(_HEX, root["personDigest"])),
        audience=None if audience is None else _slug(audience),
        rulebooks=_rulebooks(root.get("rulebookVersion", [])),
        nonce=_matching(_NONCE, root["nonce"]),
    )


def _rulebooks(told: Any) -> dict[str, str]:
    pairs = [_text(each).partition("=") for each in _list(told)]
    if len(pairs) > _MOST_RULEBOOKS:
        raise ValueError
    return {_slug(city): _matching(VERSION, version) for city, _, version in pairs}


def _item(graph: Graph, part: str) -> Listed:
    told, name = graph[part], _slug(part.removeprefix("#item-"))
    count = told["rowCount"]
    if type(count) is not int or count < 0:
        raise ValueError
    return Listed(
        id=name,
        dataset=_slug(told["dataset"]),
        label=Label(told["legalLabel"]),
        title=_named(told),
        department=_words(told["departmentName"]),
        register=_words(told["registerName"]),
        as_of=_moment(told["asOf"]),
        row_count=count,
        origin=_origin(told),
        json=_file(graph, told["item"]["@id"], f"data/{name}.json", JSON),
        csv=_file(graph, told["table"]["@id"], f"data/{name}.csv", CSV),
        schema=_file(graph, told["rowSchema"]["@id"], f"schemas/{name}.json", SCHEMA),
    )


def _origin(told: Mapping[str, Any]) -> Origin | None:
    if "originCity" not in told:
        return None
    city, *words = _list(told["originCity"])
    return Origin(_slug(_text(city).removeprefix("#city-")), _words(words), _moment(told["originIssued"]))


def _fact(graph: Graph, part: str) -> ListedFact:
    told, name = graph[part], _slug(part.removeprefix("#fact-"))
    return ListedFact(name, _named(told), _file(graph, told["fact"]["@id"], f"facts/{name}.sd-jwt", SD_JWT))


def _file(graph: Graph, name: str, expected: str, media_type: str) -> File:
    told = graph[name]
    size = told["contentSize"]
    if name != expected or told["encodingFormat"] != media_type or not _SIZE.fullmatch(size):
        raise ValueError
    return File(expected, int(size), _matching(_HEX, told["sha256"]), media_type)


def _named(told: Mapping[str, Any]) -> Text:
    return _words([told["name"], told["nameSv"], told["nameEn"]])


def _words(told: Any) -> Text:
    fi, sv, en = map(_text, _list(told))
    return Text(fi=fi, sv=sv, en=en)


def _id(told: Any) -> str:
    return _text(told["@id"])


def _text(told: Any) -> str:
    # Shown to people: a name cannot turn a page around, nor fill it.
    if not isinstance(told, str) or not 1 <= len(told) <= _LONGEST_TEXT or not told.isprintable():
        raise ValueError
    return told


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError
    return told


def _slug(told: Any) -> str:
    return _matching(NAME, told)


def _matching(pattern: re.Pattern[str], told: Any) -> str:
    if not isinstance(told, str) or not pattern.fullmatch(told):
        raise ValueError
    return told


def _moment(told: Any) -> datetime:
    at = datetime.fromisoformat(_text(told))
    if at.tzinfo is None:
        raise ValueError
    return at
