"""One line of a push: whose record, under which key, observed when; or what is wrong with the line, never a value."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NoReturn

import msgspec

from datasources.connectors.push.lines import LONGEST
from datasources.connectors.push.shape import Shape

# A department's clock may be ahead of ours by so much.
SKEW = timedelta(seconds=60)
MOST_TEXT = 200
_EPOCH, _STEP = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# Not `\\u0000`, which is a backslash and five characters.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_NAME = re.compile(r"[^\W\d]\w{0,59}")
_INSIDE = re.compile(r"\[.*")
_STRANGE = "Object contains unknown field"
_encode = msgspec.json.encode

Scalar = str | int | float | bool | None
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]


class RecordIn(msgspec.Struct, forbid_unknown_fields=True):
    """One line. Name the person by `identity_code` or by `subject`. `key` tells the record from the person's others.

    Either `observed_at` and the whole `record`, which takes the place of what was held under the key; or `deleted`.
    """

    key: Text
    subject: Text | None = None
    identity_code: Text | None = None
    observed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    record: dict[str, Scalar | list[Scalar]] | None = None
    deleted: bool = False


class BadLine(Exception):
    """A line that is not taken: `code` for programs, `sentence` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@dataclass(frozen=True, slots=True)
class Told:
    """What a line tells. `at` in microseconds since 1970, None for a deletion that names no time.

    `row` holds each value as JSON in the order of `Shape.selected`; None for a deletion.
    """

    identity_code: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    key: str = field(repr=False)
    at: int | None
    row: tuple[msgspec.Raw, ...] | None = field(repr=False)


class Reader:
    """Reads lines about one dataset. `readable`, {name in the record: whether a value can be read as its field}."""

    def __init__(self, shape: Shape, readable: Mapping[str, Callable[[Any], bool]]) -> None:
        self._names, self._readable = shape.selected, readable
        self._needed = [name for name in self._names if name not in shape.may_lack]
        self._known = set(self._names)
        self._decode = msgspec.json.Decoder(RecordIn).decode
        self._once = json.JSONDecoder(object_pairs_hook=_names_are_told_once).decode

    def told(self, line: bytes | None, *, at: datetime) -> Told:
        """What the line tells, which came at this time; BadLine."""
        if line is None:
            raise BadLine("too_long", f"The line is longer than {LONGEST >> 20} MiB.")
        given = self._decoded(line)
        if (given.identity_code is None) == (given.subject is None):
            raise BadLine("person", "Name the person by identity_code or by subject, by one of them.")
        if given.observed_at is not None and given.observed_at > at + SKEW:
            raise BadLine("in_future", "observed_at lies in the future.")
        when = None if given.observed_at is None else (given.observed_at - _EPOCH) // _STEP
        if given.deleted:
            if given.record is not None:
                raise BadLine("deleted", "A record is deleted or told, not both.")
            return Told(given.identity_code, given.subject, given.key, when, None)
        if when is None or given.record is None:
            raise BadLine("lacks", "The line needs observed_at and record, or deleted.")
        return Told(given.identity_code, given.subject, given.key, when, self._row(given.record))

    def _decoded(self, line: bytes) -> RecordIn:
        try:
            given = self._decode(line)
            # Of two values under one name another program may take the other one (RFC 8259 §4).
            self._once(line.decode())
        except msgspec.ValidationError as fault:
            _tell(str(fault))
        except _Twice:
            raise BadLine("name_twice", "An object tells the same name twice.") from None
        except (ValueError, RecursionError):
            raise BadLine(*_no_json(line)) from None
        if b"\\u0000" in line and _NUL.search(line):
            raise BadLine("nul", "A text holds the character NUL.")
        return given

    def _row(self, record: Mapping[str, Any]) -> tuple[msgspec.Raw, ...]:
        if odd := record.keys() - self._known:
            shown = ", ".join(sorted({_shown(name) for name in odd}))
            raise BadLine("unknown_field", f"The record has a field that was not agreed: {shown}.")
        if gone := [name for name in self._needed if name not in record]:
            raise BadLine("lacks", f"The record lacks {', '.join(gone)}.")
        values = [record.get(name) for name in self._names]
        for name, value in zip(self._names, values, strict=True):
            if value is not None and not self._readable[name](value):
                raise BadLine("wrong_type", f"What stands in {name} cannot be read as that field.")
        return tuple(msgspec.Raw(_encode(value)) for value in values)


class _Twice(Exception):
    """A name stands twice in an object."""


def _names_are_told_once(pairs: list[tuple[str, Any]]) -> None:
    # Nothing is built: msgspec has made the value already.
    if len(pairs) > 1 and len({name for name, _ in pairs}) != len(pairs):
        raise _Twice


def _tell(told: str) -> NoReturn:
    # msgspec writes "Expected `str`, got `int` - at `$.key`": names of types and of our own fields, never a value.
    sentence, _, place = told.partition(" - at `$")
    if sentence.startswith(_STRANGE):
        named = _shown(sentence.removeprefix(_STRANGE).strip(" `"))
        raise BadLine("unknown_field", f"The line has a field that it may not have: {named}.")
    where = _INSIDE.sub(", in a value", place.rstrip("`").lstrip("."))
    raise BadLine("wrong_type", f"{sentence}{f' ({where})' if where else ''}.")


def _no_json(line: bytes) -> tuple[str, str]:
    try:
        line.decode()
    except UnicodeDecodeError:
        return "not_utf8", "The line is not UTF-8."
    return "not_json", "The line is not JSON."


def _shown(name: str) -> str:
    """A name that was not agreed could be anything, an identity code among others."""
    return name if _NAME.fullmatch(name) else "one of an odd name"
