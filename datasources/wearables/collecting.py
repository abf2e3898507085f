"""What a reading tells beside its points: counts, files that were not understood, whether it broke off."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from datasources.wearables.points import Apart, PassedOver, Report
from datasources.wearables.routes.gathering import Gatherer

_LONGEST_NAME = 100
_MOST_NAMES = 200


@dataclass
class Collector:
    """Handed to `formats.read` and on to `take_in`.

    `zone` is the city's: the time of what tells local time only. `exported_at` is of the file that is being read,
    where it tells. `counted` are the points that were read; see Report for the sum that holds. `routes` are no points:
    they stand beside them, and only where the person asked for them.
    """

    zone: tzinfo
    exported_at: datetime | None = None
    partial: bool = False
    read: int = 0
    added: int = 0
    merged: int = 0
    apart: Counter[Apart] = field(default_factory=Counter)
    not_understood: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    passed_over: set[PassedOver] = field(default_factory=set)
    routes: Gatherer = field(default_factory=Gatherer)

    def refuse(self, why: Apart, *, count: int = 1) -> None:
        """So many rows of the file that became no point, or points that are part of no figure."""
        self.read += count
        self.apart[why] += count

    def leave(self, name: str) -> None:
        """A file within the export that was not understood; names beyond the 200th are not kept."""
        if len(self.not_understood) < _MOST_NAMES:
            self.not_understood.append(shown(name))

    def pass_over(self, what: PassedOver) -> None:
        """The file tells this too, and nothing of it is kept."""
        self.passed_over.add(what)

    def found(self, name: str) -> None:
        """A format that the export holds, named once."""
        if name not in self.formats:
            self.formats.append(name)

    def report(self) -> Report:
        """As it stands."""
        return Report(
            self.read, self.added, self.merged, {why: count for why, count in self.apart.items() if count},
            tuple(self.not_understood), self.partial, tuple(self.formats),
            tuple(each for each in PassedOver if each in self.passed_over), self.routes.counts(),
        )  # fmt: skip


def shown(name: str) -> str:
    """A name that somebody else wrote, of 100 characters at most, without what turns or hides the text around it."""
    plain = unicodedata.normalize("NFC", name[: _LONGEST_NAME * 4])
    kept = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return " ".join(kept.split())[:_LONGEST_NAME]
