"""An item held against what this city has of the same kind: the same, new, or different, in rows. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

Row = Mapping[str, Any]


class Verdict(StrEnum):
    """How an item stands beside what is here."""

    # This city has no name for such data: it is shown by what the package tells of it.
    UNKNOWN = "unknown"
    # It has a name for it, and nothing of this person.
    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Comparison:
    """In rows: how many are here, came, are in both, came only, are only here. `new`: places of those that came only.

    `columns`: by which they were compared.
    """

    verdict: Verdict
    here: int
    came: int
    both: int
    new: tuple[int, ...]
    columns: tuple[str, ...] = ()

    @property
    def only_came(self) -> int:
        """Rows that this city does not have."""
        return len(self.new)

    @property
    def only_here(self) -> int:
        """Rows that the package does not have."""
        return self.here - self.both


def compared(came: Sequence[Row], here: Sequence[Row] | None, *, known: Collection[str] | None) -> Comparison:
    """`known`: the columns that this city has names for, None where it has no such dataset; `here`: None: nothing held.

    Rows are the same when every column that both have says the same; each is counted once, in whatever order they are.
    """
    everything = tuple(range(len(came)))
    if known is None:
        return Comparison(Verdict.UNKNOWN, 0, len(came), 0, everything)
    if not here:
        return Comparison(Verdict.NEW, 0, len(came), 0, everything)
    columns = tuple(sorted(set(known) & _named(came) & _named(here)))
    left = Counter(_key(row, columns) for row in here) if columns else Counter[bytes]()
    new = []
    for number, row in enumerate(came):
        key = _key(row, columns)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(number)
    both = len(came) - len(new)
    verdict = Verdict.SAME if not new and both == len(here) else Verdict.DIFFERENT
    return Comparison(verdict, len(here), len(came), both, tuple(new), columns)


def _named(rows: Iterable[Row]) -> set[str]:
    return set[str]().union(*rows)


def _key(row: Row, columns: Sequence[str]) -> bytes:
    return msgspec.json.encode([_plain(row.get(name)) for name in columns])


def _plain(value: Any) -> Any:
    """One spelling of what two systems may write in two ways."""
    if value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal | float | int):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, str) and value[10:11] == "T":
        value = _read(value)
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else str(value.timestamp())
    return value.isoformat() if isinstance(value, date) else value


def _read(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
