"""What a department sends about its people, taken apart and checked before anything of it is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasources.connectors.push.shape import Settings, Shape
from datasources.errors import Garbled
from datasources.protocol import Holding, holding


@dataclass(frozen=True)
class Sent:
    """All that the department holds on one person in one dataset; no records mean that nothing is held any more."""

    identity_code: str = field(repr=False)
    records: Sequence[Mapping[str, Any]] = field(repr=False)


def holdings_of(people: Sequence[Sent], shape: Shape, settings: Settings) -> Iterator[Holding]:
    """One holding a person. Garbled with the place, counted from 1, and never a value."""
    if len(people) > settings.most_people:
        raise Garbled("One delivery may tell about {most} people at most.", most=settings.most_people)
    names, seen = shape.selected, set[str]()
    for place, person in enumerate(people, 1):
        code = person.identity_code.strip().upper()
        if code in seen:
            raise Garbled("Person {person} stands in the delivery twice. Which is whole nobody can tell.", person=place)
        seen.add(code)
        if len(person.records) > settings.most_records:
            raise Garbled("Person {person} has more than {most} records.", person=place, most=settings.most_records)
        rows = [_row(record, names, shape, (n, place)) for n, record in enumerate(person.records, 1)]
        yield holding(person.identity_code, names, rows)


def _row(record: Mapping[str, Any], names: Sequence[str], shape: Shape, where: tuple[int, int]) -> tuple[Any, ...]:
    if odd := sorted(record.keys() - set(names)):
        raise Garbled(
            "Record {record} of person {person} has a field that was not agreed: {fields}.",
            record=where[0],
            person=where[1],
            fields=", ".join(map(_shown, odd)),
        )
    if gone := [name for name in names if name not in record and name not in shape.may_lack]:
        raise Garbled(
            "Record {record} of person {person} lacks {fields}.",
            record=where[0],
            person=where[1],
            fields=", ".join(gone),
        )
    return tuple(record.get(name) for name in names)


def _shown(name: str) -> str:
    """A name that was not agreed could be anything."""
    return name if name.isidentifier() and len(name) <= 60 else "one of an odd name"  # noqa: PLR2004
