"""Reading the log for people: some entries whole, what stands sealed in them, and what programs did alike as one."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import opener, place, unseal_by_ring
from portal.ledger.entries import Json, details_place
from portal.ledger.models import Entry

# The residents' day: rows of one day stand together whatever the server's clock is set to.
HERE = ZoneInfo("Europe/Helsinki")
_PROGRAMS = ("system", "client")
_AT_ONCE = 500
# By so much the clock of who tells of a use may be ahead of ours.
AHEAD = timedelta(minutes=5)


def details_of_each(entries: Iterable[Entry], person: UUID, *, kinds: Sequence[str]) -> dict[UUID, dict[str, Json]]:
    """{entry: its sealed details, opened} of entries about one person that are of these kinds; one statement or none.

    Entries must have been read with their `body`; whatever was sealed under a key that has ended is left out.
    """
    sealed = {}
    for entry in entries:
        if entry.kind in kinds and (told := json.loads(bytes(entry.body)).get("details")):
            sealed[entry.id] = told
    plain = details_opened(sealed.items(), person)
    return {entry: json.loads(told) for entry, told in plain.items()}


def details_opened(sealed: Collection[tuple[UUID, str]], person: UUID) -> dict[UUID, bytes]:
    """{entry: details in JSON} of what stands sealed in entries about one person; nothing when the key has ended."""
    key = existing_person_keys([person], KeyScope.LOG).get(person) if sealed else None
    if key is None:
        return {}
    unsealed = opener(key)
    return {entry: unsealed(b64decode(told), details_place(entry)) for entry, told in sealed}


class _Who(msgspec.Struct):
    kind: str
    id: str


class Glance(msgspec.Struct):
    """What tells which entries are alike, read from an entry's bytes: a tenth of what the database takes for it."""

    id: UUID
    at: datetime
    kind: str
    actor: _Who
    department: str
    purpose: str
    datasets: list[str]


_glance = msgspec.json.Decoder(Glance)


def glances(entries: QuerySet[Entry]) -> Iterator[Glance]:
    """Entries in the order in which they came, the newest first; as many are read as are taken, some at a time."""
    bodies = entries.values_list("body", flat=True).order_by("-id").iterator(chunk_size=_AT_ONCE)
    return (_glance.decode(bytes(body)) for body in bodies)


@dataclass
class Alike:
    """What an entry stands for: how many, itself too, and the slugs of the data of all of them."""

    newest: Glance
    count: int = 0
    datasets: set[str] = field(default_factory=set)

    def take(self, other: Glance) -> None:
        """One more."""
        self.newest = max(self.newest, other, key=_order)
        self.count += 1
        self.datasets.update(other.datasets)


def _order(one: Glance) -> tuple[datetime, bytes]:
    return one.at, one.id.bytes


@dataclass(frozen=True)
class Asked:
    """What of a log is read: what `wants` lets through, nothing of before `since`, `most` folds after `first`.

    `groups` is `{kind: group}` of what is alike, where programs did it.
    """

    wants: Callable[[Glance], bool]
    groups: Mapping[str, str]
    since: datetime | None
    first: int
    most: int


def folded(found: Iterable[Glance], asked: Asked) -> dict[UUID, Alike]:
    """The newest of what programs did alike on one day here, and every other entry alone; the newest first.

    `found` in the order of `glances`; alike are kinds of one group, by the same program, for the same department and
    purpose. An entry comes when it happened or later: once older ones come than all that is asked for, no more is read.
    """
    folds: dict[Hashable, Alike] = {}
    days: Counter[date] = Counter()
    horizon = date.max
    for one in found:
        came = _came(one.id) + AHEAD
        if asked.since and came < asked.since:
            break
        if (day := _day(came)) < horizon:
            horizon = day
            if sum(count for day, count in days.items() if day > horizon) >= asked.first + asked.most:
                break
        if not asked.wants(one):
            continue
        key = _key(one, asked.groups)
        if key not in folds:
            folds[key] = Alike(one)
            days[_day(one.at)] += 1
        folds[key].take(one)
    newest = sorted(folds.values(), key=lambda fold: _order(fold.newest), reverse=True)
    return {fold.newest.id: fold for fold in newest[asked.first : asked.first + asked.most]}


def _key(one: Glance, groups: Mapping[str, str]) -> Hashable:
    if one.kind not in groups or one.actor.kind not in _PROGRAMS:
        return one.id
    return _day(one.at), groups[one.kind], one.department, one.purpose, one.actor.id


def _came(entry: UUID) -> datetime:
    """When the entry was written: UUIDv7 begins with it (RFC 9562 5.7)."""
    return datetime.fromtimestamp(int.from_bytes(entry.bytes[:6], "big") / 1000, UTC)


def _day(at: datetime) -> date:
    return at.astimezone(HERE).date()


def whole_entries(person: UUID, ids: Sequence[UUID]) -> QuerySet[Entry]:
    """These entries about this person, with their bytes; newest first."""
    return Entry.objects.filter(subject=person, id__in=ids).order_by("-at", "-id")


def name_in(entry: Entry) -> str:
    """The sealed name of who acted, opened; empty where none was written. Whoever asks leaves an entry first."""
    sealed = json.loads(bytes(entry.body))["actor"].get("name")
    if not sealed:
        return ""
    return unseal_by_ring("names", b64decode(sealed), aad=place("ledger_entry", "actor", entry.id)).decode()
