"""What a log can tell and what it cannot: since when, how fresh, and which registers tell of their look-ups."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from consents.queries.reported import registers_that_may_tell
from portal.ledger.reading import glances
from portal.pages.door import ResidentRequest
from portal.pages.matters import covers, entries
from portal.people.queries import known_since

# A register that tells of nothing for so long is said to be silent: nobody looked, or its telling broke.
SILENT_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Register:
    """One connected register: whether it tells of look-ups, since when, when it last did, and that it is silent."""

    slug: str
    name: str
    since: date | None
    last_at: datetime | None
    silent: bool


@dataclass(frozen=True)
class Coverage:
    """Of one person's log. `newest_at`: its latest row came then; None when there is none."""

    since: datetime
    newest_at: datetime | None
    telling: list[Register]
    not_yet: list[Register]

    @property
    def heard(self) -> int:
        """How many tell, and are not silent."""
        return sum(not each.silent for each in self.telling)

    @property
    def all(self) -> int:
        """How many registers are connected."""
        return len(self.telling) + len(self.not_yet)


def coverage_of(request: ResidentRequest, *, newest_at: datetime | None, at: datetime) -> Coverage:
    """Two statements; a third where the caller has not seen the newest row."""
    rows = [(row, heard) for row, heard in registers_that_may_tell() if covers(request, row.department.slug)]
    told = [_register(row.slug, row.name, row.reports_uses_since, heard, at) for row, heard in rows]
    return Coverage(
        since=known_since(request.person),
        newest_at=newest_at or next((one.at for one in glances(entries(request))), None),
        telling=[each for each in told if each.since],
        not_yet=[each for each in told if not each.since],
    )


def _register(slug: str, name: str, since: date | None, last_at: datetime | None, at: datetime) -> Register:
    begun = since is not None and since + SILENT_AFTER <= localdate(at)
    silent = begun and (last_at is None or at - last_at > SILENT_AFTER)
    return Register(slug, name, since, last_at, silent)
