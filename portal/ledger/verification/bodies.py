"""Entries against their leaves: each is hashed again from its bytes, its content too; what is shown is its bytes."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.ring import ring
from portal.ledger.parts import Parts, month_of, parts_of
from portal.ledger.verification.findings import Fault, Finding, elsewhere, of
from portal.ledger.verification.months import Months
from portal.walls import Role, bulk, scope

# Rows of either side that have no match are faults too.
_ROWS = """
SELECT l.index, l.hash, coalesce(e.id, l.entry_id)::text, uuid_send(e.id), e.body, e.kind, e.subject::text, e.department
FROM (SELECT id, body, kind, subject, department FROM ledger_entry WHERE id BETWEEN %b AND %b) AS e
FULL JOIN (SELECT index, hash, entry_id FROM ledger_leaf WHERE entry_id BETWEEN %b AND %b) AS l ON l.entry_id = e.id
"""
_MONTHS = (
    "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE 'ledger\\_entry\\_%%'"
)

# The first and the last.
Ids = tuple[UUID, UUID]


@dataclass
class Account:
    """Of a part of the log: what was wrong, how many entries there were, and what cannot be checked any more."""

    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    months: Months = field(default_factory=Months)
    keyless: int = 0

    def lack(self, absent: Mapping[str, list[int]], kept: frozenset[str]) -> None:
        """Entries whose bodies are not there, by their months: gone, or with the month."""
        for month, indexes in absent.items():
            if month in kept:
                self.findings.extend(of(index, Fault.MISSING) for index in indexes)
            else:
                self.months.lose(month, indexes)


@dataclass(frozen=True)
class _Keys:
    """What content is checked with: keys of people, by their ids as text, and those of entries that are of nobody."""

    people: Mapping[str, bytes]
    nobody: Sequence[bytes]

    def of(self, subject: str | None) -> Sequence[bytes]:
        if subject is None:
            return self.nobody
        return (self.people[subject],) if subject in self.people else ()


def check_bodies(ids: Ids) -> Account:
    """All entries and leaves whose ids lie between these two, both included."""
    first, last = ids
    account, absent = Account(), defaultdict(list)
    with scope(Role.WORKER):
        rows = bulk(_ROWS, [first, last, first, last])
        people = existing_person_keys(map(UUID, {row[6] for row in rows} - {None}), KeyScope.LOG)
        months = kept_months()
    salts = ring().secrets["salts"]
    keys = _Keys(
        {str(person): key for person, key in people.items()},
        [salts[version] for version in sorted(salts, reverse=True)],
    )
    for row in rows:
        if row[0] is None:
            account.findings.append(elsewhere(Fault.NO_LEAF, row[2]))
        elif row[4] is None:
            absent[month_of(UUID(row[2]))].append(row[0])
        elif fault := _fault(row, keys, account):
            account.findings.append(of(row[0], fault))
    account.lack(absent, months)
    return account


def kept_months() -> frozenset[str]:
    """`YYYY_MM` of the months whose entries are kept; within a scope."""
    return frozenset(str(row[0]).removeprefix("ledger_entry_") for row in bulk(_MONTHS, []))


def _fault(row: tuple[Any, ...], keys: _Keys, account: Account) -> Fault | None:
    _, kept, entry, raw, body, kind, subject, department = row
    account.checked += 1
    try:
        parts = parts_of(body)
    except (msgspec.DecodeError, ValueError):
        return Fault.UNREADABLE
    # What is shown is put in for what the bytes say: they must come out the same, to the last one.
    shown = parts.with_look_up(b'"%b"' % entry.encode(), _told(kind), _told(subject), _told(department))
    if shown != body:
        return _which(parts, body, entry)
    if hashlib.sha256(b"\x00" + parts.opened).digest() != kept:
        return Fault.CHANGED
    having = keys.of(subject)
    if not having:
        account.keyless += 1
        return None
    # The newest key comes first, and is nearly always the one.
    for key in having:
        if parts.keeps_its_word(hmac.digest(key, raw, "sha256")):
            if subject is None:
                account.months.hear(parts, UUID(entry))
            return None
    return Fault.CONTENT


def _which(parts: Parts, body: bytes, entry: str) -> Fault:
    if parts.whole != body:
        return Fault.UNREADABLE
    return Fault.LOOK_UP if bytes(parts.id) == b'"%b"' % entry.encode() else Fault.CHANGED


@lru_cache(maxsize=1 << 14)
def _told(text: str | None) -> bytes:
    return b"null" if text is None else msgspec.json.encode(text)
