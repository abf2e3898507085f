"""What the parts of a few records look like: enough to map them by, and nothing to know anyone by.

A value itself is told in one case only: as a code that several people share.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypedDict

from datasources.rules.apart import Apart, apart_of
from datasources.rules.masking import shape_of

# A code list is told from a sample when it is short, each of its codes is held by three people at least, and there are
# many more people than codes: a name or a number of one's own is none of these.
_MOST_CODES, _PEOPLE_OF_A_CODE, _PEOPLE_TO_CODES, _LONGEST_CODE = 12, 3, 4, 24
_SHAPES, _LONG_TEXT = 3, 50
_MOSTLY = 0.8
_CODE = re.compile(r"[\w.+-]{1,24}")
_OF_A_PERSON = re.compile(r"\s*\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\s*", re.IGNORECASE)
_SOMEBODYS = re.compile(r"@|\d{5,}")


class Looks(StrEnum):
    """What most values of a part are."""

    NOTHING = "nothing"
    IDENTITY_CODE = "identity_code"
    DATE = "date"
    WRITTEN_DATE = "written_date"
    MOMENT = "moment"
    WRITTEN_MOMENT = "written_moment"
    BOOLEAN = "boolean"
    NUMBER = "number"
    EUROS = "euros"
    LONG_TEXT = "long_text"
    TEXT = "text"
    PARTS = "parts"


class Part(TypedDict):
    """One part as a report keeps it. `apart`: why it is left out unless somebody decides otherwise (Apart)."""

    name: str
    type: str
    looks: str
    apart: str
    shapes: list[str]
    codes: list[str]


@dataclass(frozen=True)
class Seen:
    """All that is told of a glimpse: `key` is the part whose values are identity codes, empty when there is none."""

    key: str
    people: int
    parts: list[Part]


def seen_in(types: Mapping[str, str], records: Sequence[Mapping[str, Any]], *, key: str = "") -> Seen:
    """What `records` look like, part by part in the order of `types`; `key` as told, or else as it is found out."""
    looks = {name: looks_of([record.get(name) for record in records]) for name in types}
    codes = [name for name, look in looks.items() if look is Looks.IDENTITY_CODE]
    whose = key or next(iter(codes), "")
    people = [str(record.get(whose) or "") for record in records] if whose else []
    parts = [
        Part(
            name=name,
            type=told,
            looks=looks[name].value,
            apart=Apart.WHOSE.value if name == whose else apart_of(name, looks[name].value).value,
            shapes=_shapes([record.get(name) for record in records]),
            codes=_codes(name, looks[name], [record.get(name) for record in records], people),
        )
        for name, told in types.items()
    ]
    return Seen(whose, len(set(filter(None, people))), parts)


def looks_of(values: Sequence[Any]) -> Looks:
    """What four in five of the values are, the narrowest first; nothing when there is none."""
    there = [value for value in values if value is not None and value != ""]
    if not there:
        return Looks.NOTHING
    if _most(there, lambda value: isinstance(value, list | dict)):
        return Looks.PARTS
    if _most(there, lambda value: isinstance(value, bool)):
        return Looks.BOOLEAN
    texts = [str(value) for value in there]
    for look, is_so in _KINDS:
        if _most(texts, is_so):
            return look
    long = sum(map(len, texts)) / len(texts) > _LONG_TEXT and any(" " in text for text in texts)
    return Looks.LONG_TEXT if long else Looks.TEXT


def _most(values: Sequence[Any], is_so: Any) -> bool:
    return sum(bool(is_so(value)) for value in values) >= _MOSTLY * len(values)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return ":" in text


_KINDS = (
    (Looks.IDENTITY_CODE, _OF_A_PERSON.fullmatch),
    (Looks.DATE, _is_day),
    (Looks.MOMENT, _is_moment),
    (Looks.WRITTEN_DATE, re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}").fullmatch),
    (Looks.WRITTEN_MOMENT, re.compile(r"\d{1,2}\.\d{1,2}\.\d{4},? (klo )?\d{1,2}[.:]\d{2}([.:]\d{2})?").fullmatch),
    (Looks.BOOLEAN, re.compile(r"true|false|t|f|kyllä|ei|yes|no|k|e", re.IGNORECASE).fullmatch),
    (Looks.EUROS, re.compile(r"-?\d{1,3}([ \u00a0]?\d{3})*,\d{2}").fullmatch),
    (Looks.NUMBER, re.compile(r"-?\d+([.,]\d+)?").fullmatch),
)


def _shapes(values: Sequence[Any]) -> list[str]:
    """Up to three different shapes, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for value in values:
        if shape := shape_of(value):
            counts[shape] += 1
    return sorted(counts, key=lambda shape: -counts[shape])[:_SHAPES]


def _codes(name: str, looks: Looks, values: Sequence[Any], people: Sequence[str]) -> list[str]:
    if looks not in (Looks.TEXT, Looks.NUMBER, Looks.BOOLEAN) or not people or apart_of(name, looks.value).is_somebodys:
        return []
    holders: dict[str, set[str]] = defaultdict(set)
    for value, person in zip(values, people, strict=True):
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            holders[str(value)].add(person)
    few = len(holders) <= _MOST_CODES and len(holders) * _PEOPLE_TO_CODES <= len(set(people))
    if not few or not all(_is_code(value) for value in holders):
        return []
    return sorted(value for value, held in holders.items() if len(held) >= _PEOPLE_OF_A_CODE)


def _is_code(value: str) -> bool:
    return len(value) <= _LONGEST_CODE and bool(_CODE.fullmatch(value)) and not _SOMEBODYS.search(value)
