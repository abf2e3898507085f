"""Months whose entries are gone: that they went in their time is told by an entry of the log, or they did not. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from portal.ledger.parts import Parts, month_of
from portal.ledger.verification.findings import Fault, Finding

# The kind of what retention leaves in a month's place, as it stands in the bytes; what drops months stands above.
MONTH_REMOVED = b'"privacy.month_removed"'
# So long a month is kept, before it is dropped whole (docs/log.md).
KEPT_YEARS = 10


class _Counts(msgspec.Struct):
    """`month` reads `YYYY-MM`; `before` holds what entries of that month had told in their turn."""

    month: str
    entries: int
    before: dict[str, int] = {}


_counts = msgspec.json.Decoder(_Counts)


@dataclass
class Months:
    """By month (`YYYY_MM`): where bodies are gone, from number to before number, and how many an entry says went."""

    gone: defaultdict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    told: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, other: "Months") -> None:
        """What another part of the log has."""
        for month, spans in other.gone.items():
            self.gone[month] += spans
        for month, counts in other.told.items():
            self.told[month] |= counts

    def lose(self, month: str, indexes: Iterable[int]) -> None:
        """Bodies of a month that is not kept."""
        self.gone[month] += _spans(sorted(indexes))

    def hear(self, parts: Parts, entry: UUID) -> None:
        """What an entry tells, if months are what it tells of; a month that was too young when it was written, is not.

        The entry's number and content hold, or nobody would ask.
        """
        if bytes(parts.kind) != MONTH_REMOVED:
            return
        try:
            counts = _counts.decode(parts.counts)
        except msgspec.DecodeError:
            return
        for month, count in {counts.month: counts.entries, **counts.before}.items():
            if over_for(month := month.replace("-", "_"), month_of(entry)):
                self.told[month].add(count)

    def judge(self, now: str) -> Iterator[Finding]:
        """What is wrong with the months that are gone; `now` is one too."""
        for month, spans in self.gone.items():
            if fault := self._fault(month, now):
                yield from (Finding(first, end, fault, month) for first, end in spans)

    def _fault(self, month: str, now: str) -> Fault | None:
        if not over_for(month, now):
            return Fault.DROPPED
        if month not in self.told:
            return Fault.UNTOLD
        return None if self._count(month) in self.told[month] else Fault.OTHERS

    def _count(self, month: str) -> int:
        return sum(end - first for first, end in self.gone[month])

    def expired(self, now: str) -> Mapping[str, int]:
        """How many bodies went in their time, by the month."""
        return Counter({month: self._count(month) for month in self.gone if not self._fault(month, now)})


def over_for(month: str, now: str) -> bool:
    """A month had been kept for long enough in the month `now`."""
    year, _, number = month.partition("_")
    return year.isdigit() and f"{int(year) + KEPT_YEARS:04}_{number}" < now


def _spans(indexes: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and found[-1][1] == index:
            found[-1] = found[-1][0], index + 1
        else:
            found.append((index, index + 1))
    return found
