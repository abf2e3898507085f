"""Packages made by the tests, of a made-up city with a key of its own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from joserfc.jwk import ECKey

from datasources.transfers.package.shape import Fact, Head, Item, Label, Origin, PersonDigest, Row
from datasources.transfers.package.verifying import Expected, KeyFound, Verified, verify
from datasources.transfers.package.writing import write_package
from demo.people import everyone
from portal.cities import Text

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
CODE, OTHER_CODE = (person.identity_code for person in everyone()[:2])
KEY = ECKey.generate_key("P-256", auto_kid=True)
CITY, HERE, URL = "turku", "espoo", "https://turku.example"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date", "titles": {"fi": "Päivä", "sv": "Dag", "en": "Day"}},
        "count": {"type": ["integer", "null"]},
        "share": {"type": "number"},
        "open": {"type": "boolean"},
        "kind": {"type": "string", "words": {"a": {"fi": "aalto", "sv": "våg", "en": "wave"}}},
        "parts": {"type": ["array", "object", "null"]},
    },
}
ROWS: list[dict[str, Any]] = [
    {"day": "2026-01-02", "count": 3, "share": 0.5, "open": True, "kind": "a", "parts": [1, {"b": [None]}]},
    {"day": '"; =1+1\r\nä', "count": None, "share": 1e-09, "open": False, "kind": "=2+2", "parts": {}},
    {"day": "", "share": 1e20, "open": True, "kind": " -x"},
]


def named(text: str) -> Text:
    return Text(fi=text, sv=f"{text} sv", en=f"{text} en")


def item(slug: str = "school-years", rows: Sequence[Row] = ROWS, **bend: Any) -> Item:
    told: dict[str, Any] = {
        "id": slug,
        "dataset": slug,
        "label": Label.RIGHT,
        "title": named("Lukuvuodet"),
        "department": named("Perusopetus"),
        "register": named("Oppilasrekisteri"),
        "schema": SCHEMA,
        "rows": rows,
        "as_of": NOW - timedelta(days=1),
    }
    return Item(**told | bend)


def head(**bend: Any) -> Head:
    told: dict[str, Any] = {
        "city": CITY,
        "city_name": named("Turku"),
        "url": URL,
        "issued": NOW - timedelta(hours=1),
        "expires": NOW + timedelta(days=3),
        "person": PersonDigest.of(CODE),
        "audience": HERE,
        "rulebooks": {CITY: "2026.1", HERE: "2026.1"},
    }
    return Head(**told | bend)


ORIGIN = Origin("oulu", named("Oulu"), NOW - timedelta(days=400))


def package(*items: Item, facts: Iterable[Fact] = (), key: ECKey = KEY, **bend: Any) -> bytes:
    sink = BytesIO()
    write_package(sink, head(**bend), items or (item(), item("shelf", origin=ORIGIN)), facts=facts, key=key)
    return sink.getvalue()


def key_known(city: str, kid: str) -> KeyFound:
    assert (city, kid) == (CITY, KEY.kid)
    return KeyFound(KEY.as_dict(private=False))


def expected(**bend: Any) -> Expected:
    told: dict[str, Any] = {"identity_code": CODE, "city": HERE, "at": NOW, "seen": lambda _: False}
    return Expected(**told | bend)


def verified(data: bytes, **bend: Any) -> Verified:
    return verify(BytesIO(data), key_known, expected(**bend))
