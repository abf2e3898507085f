"""What a connector is: it reads one department system and hands on rows as the system gave them."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic.config import JsonDict

from datasources.errors import Declined, MisSet, Reason

# Numbers stay numbers; dates, times and UUIDs become text in ISO 8601 and RFC 9562.
_encode = msgspec.json.Encoder(decimal_format="number", enc_hook=str).encode
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST_WORDS = 1000
_encode_decimals_as_text = msgspec.json.Encoder(decimal_format="string", enc_hook=str).encode


@dataclass(frozen=True)
class Holding:
    """All that one dataset holds on one person. `key` is the identity code as the source writes it.

    `body` is a JSON document `{"columns": [name, ...], "values": [[value of row 1, ...] of column 1, ...]}`: what is
    digested, compressed and sealed. Column names are the source's own. `born`: the birth dates the source tells beside
    the code, as it writes them; only compared with the code, never kept. Not `whole`: the system tells only that
    something about this person changed, and is asked what they have now; `body` is empty.
    """

    key: str = field(repr=False)
    body: bytes = field(repr=False)
    row_count: int
    born: frozenset[str] = field(default=frozenset(), repr=False)
    whole: bool = True


@dataclass(frozen=True)
class Limits:
    """How long a connector may take, in seconds: to connect, to wait for an answer, in all for one statement."""

    connect: float = 10.0
    answer: float = 60.0
    statement: float = 1800.0

    @classmethod
    def within(cls, seconds: float) -> "Limits":
        """Everything within `seconds`: for asking while a resident waits."""
        return cls(connect=seconds, answer=seconds, statement=seconds)


@dataclass(frozen=True)
class Mark:
    """How far a reading came, in the system's own words; each is empty when the system has none.

    `reached`: the watermark of what was read, at most 60 characters. `seen`: by which the system can tell next time
    that all of it is still the same; nobody but the connector knows what it means.
    """

    reached: str = ""
    seen: str = ""


class Connector(Protocol):
    """One department system, open. Every method raises `datasources.errors.SourceFault`, with a sentence."""

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Everybody's holdings in one dataset, each person once."""
        ...

    def look(self, dataset: str, *, people: int) -> Iterator[Holding]:
        """So many people's holdings, or fewer, by reading little: for a trial. They need not be whole."""
        ...

    def parts(
        self, dataset: str, *, since: str | None = None, seen: str = ""
    ) -> AbstractContextManager[Sequence[Iterator[Holding]]]:
        """The same in one part or more, each of other people, which threads may read side by side.

        `since`, a watermark: whole holdings of those only of whom a row was changed then or later. `seen`, of an
        earlier mark: the reading of a part raises `Same` when everything is as it was then.
        """
        ...

    def mark(self, dataset: str) -> Mark:
        """The mark of what `parts` has just handed on to its end; of anything less there is none."""
        ...

    def finds_one(self, dataset: str) -> bool:
        """One person can be asked about, and that is less work than to read everyone."""
        ...

    def newest(self, dataset: str) -> str:
        """The newest watermark, asked before reading, of a dataset whose mapping names one; else empty."""
        ...

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the system answers about one person: nothing or one holding, unless it answers about others."""
        ...

    def close(self) -> None:
        """Let the system go."""
        ...


class Whole:
    """A connector that reads a dataset in one part, and whose system does not tell what changed."""

    def look(self: "Connector", dataset: str, *, people: int) -> Iterator[Holding]:
        """The first of everyone."""
        return islice(self.everyone(dataset), people)

    @contextmanager
    def parts(
        self: "Connector", dataset: str, *, since: str | None = None, seen: str = ""
    ) -> Iterator[Sequence[Iterator[Holding]]]:
        """Everyone in one part."""
        yield [self.everyone(dataset)]

    def mark(self, dataset: str) -> Mark:
        """None."""
        return Mark()

    def finds_one(self, dataset: str) -> bool:
        """Everything is read each time, so nobody is asked about beside it."""
        return False

    def newest(self, dataset: str) -> str:
        """No watermark: everything is read each time."""
        return ""


@runtime_checkable
class Settles(Protocol):
    """A connector that wants to know when what it handed on is safe: only a real reading tells it, never a trial."""

    def settle(self, dataset: str) -> None:
        """All of the dataset is in the sheets, committed. SourceFault when the system cannot take note of that."""
        ...


@runtime_checkable
class Elsewhere(Protocol):
    """A connector of which reading all takes so much of this process that another may be worth it."""

    def elsewhere(self, dataset: str) -> Callable[[], Connector] | None:
        """What opens the same system in another process, and can be pickled; None when the dataset is not worth it.

        Such a reading leaves no mark.
        """
        ...


@runtime_checkable
class Erases(Protocol):
    """A connector whose system can be made to erase what it holds on a person (GDPR 17), where its settings say so.

    Every method raises SourceFault: `Declined` with the system's reasons when it will not. Counts are of rows; None
    where the system tells none; 0 where there is nothing to erase, or nothing any more.
    """

    def can_erase(self, datasets: Collection[str]) -> bool:
        """Exactly these can be erased, and nothing else goes with them."""
        ...

    def rehearse_erasure(self, datasets: Collection[str], identity_code: str) -> int | None:
        """What an erasure would take away; nothing is changed."""
        ...

    def erase_records(self, datasets: Collection[str], identity_code: str, *, reference: str) -> int | None:
        """Erase; asked again by the same reference it has no further effect."""
        ...


def declined(told: object) -> Declined | None:
    """The refusal in the answer of a system, `{"errors": [{"code", "message": {"fi", "sv", "en"}}]}`; None without."""
    errors = told.get("errors") if isinstance(told, dict) else None
    reasons = tuple(map(_reason, errors)) if isinstance(errors, list) else ()
    return Declined(reasons) if reasons else None


def _reason(error: Any) -> Reason:
    told: dict[str, Any] = error if isinstance(error, dict) else {}
    code, message = told.get("code"), told.get("message")
    texts: dict[str, Any] = message if isinstance(message, dict) else {}
    known = code if isinstance(code, str) and _CODE.fullmatch(code) else "unknown"
    return Reason(known, *(str(texts.get(language) or "")[:_LONGEST_WORDS] for language in ("fi", "sv", "en")))


def words(text: str) -> str:
    """Marks a text for people, which the back office translates where it shows it."""
    return text


SECRET: JsonDict = {"secret": True}


_Told = TypeVar("_Told", bound=BaseModel)


def settings_as(model: type[_Told], told: dict[str, Any], system: str) -> _Told:
    """The settings and secrets of `system` ("the web interface"), checked; MisSet names those that cannot be used."""
    try:
        return model.model_validate(told)
    except ValidationError as fault:
        # The first step only: further ones could be identity codes, as in the ids of a GDPR API.
        raise MisSet(
            "The settings of {system} cannot be used: {places}.", system=system, places=_places(fault, depth=1)
        ) from None


def shape_as(model: type[_Told], dataset: str, mapping: dict[str, Any]) -> _Told:
    """The mapping of one dataset, checked; MisSet names the parts that cannot be used."""
    try:
        return model.model_validate(mapping)
    except ValidationError as fault:
        raise MisSet(
            "The mapping of {dataset} cannot be used: {places}.", dataset=dataset, places=_places(fault)
        ) from None


def _places(fault: ValidationError, *, depth: int | None = None) -> str:
    """Names of fields; a rule over several fields says the names itself. Never what was told: it may be secret."""
    places = (
        ".".join(map(str, error["loc"][:depth])) or error["msg"].removeprefix("Value error, ")
        for error in fault.errors()
    )
    return ", ".join(dict.fromkeys(places))


def opening(columns: Sequence[str]) -> bytes:
    """The first bytes of a body; the values follow, then `}`."""
    return b'{"columns":' + _encode(columns) + b',"values":'


def holding(
    key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, born: frozenset[str] = frozenset()
) -> Holding:
    """The holding of rows that were read one by one, each in the order of `columns`."""
    return held_by_columns(key, columns, list(zip(*rows, strict=True)), born=born)


def held_by_columns(
    key: str, columns: Sequence[str], values: Sequence[Sequence[Any]], *, born: frozenset[str] = frozenset()
) -> Holding:
    """The same of rows that stand column by column, one column at least."""
    return Holding(key, opening(columns) + _values(values) + b"}", len(values[0]) if values else 0, born)


def _values(values: Sequence[Sequence[Any]]) -> bytes:
    told = _encode(values)
    # JSON has no number for a decimal that is infinite or none at all; text may hold these words as well.
    return _encode_decimals_as_text(values) if b"NaN" in told or b"Infinity" in told else told
