"""Entries against their leaves: each is hashed again from its bytes, its content too; what is shown is its bytes."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.ring import ring
from portal.ledger.parts import Parts, parts_of, salt_of
from portal.ledger.verification.findings import Fault, Finding, elsewhere, of
from portal.walls import Role, bulk, scope

# Rows of either side that have no match are faults too.
_ROWS = """
SELECT l.index, l.hash, coalesce(e.id, l.entry_id), e.body, e.subject, e.department
FROM (SELECT id, body, subject, department FROM ledger_entry WHERE id BETWEEN %b AND %b) AS e
FULL JOIN (SELECT index, hash, entry_id FROM ledger_leaf WHERE entry_id BETWEEN %b AND %b) AS l ON l.entry_id = e.id
"""
_MONTHS = (
    "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE 'ledger\\_entry\\_%%'"
)
_NOBODY = b"null"

# The first and the last id, and the oldest month (`YYYY_MM`) that must be kept.
Ids = tuple[UUID, UUID, str]


@dataclass
class Account:
    """Of a part of the log: what was wrong, how many entries there were, and what cannot be checked any more."""

    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    expired: Counter[str] = field(default_factory=Counter)
    keyless: int = 0
    since: str = ""


def check_bodies(ids: Ids) -> Account:
    """All entries and leaves whose ids lie between these two, both included."""
    first, last, since = ids
    account = Account(since=since)
    with scope(Role.WORKER):
        rows = bulk(_ROWS, [first, last, first, last])
        subjects = {row[4] for row in rows if row[4] is not None}
        keys = existing_person_keys(subjects, KeyScope.LOG) if subjects else {}
        months = kept_months()
    account.findings.extend(finding for row in rows for finding in _check(row, keys, months, account))
    return account


def kept_months() -> frozenset[str]:
    """`YYYY_MM` of the months whose entries are kept; within a scope."""
    return frozenset(str(row[0]).removeprefix("ledger_entry_") for row in bulk(_MONTHS, []))


def month_of(entry: UUID) -> str:
    """`YYYY_MM` that an id (UUIDv7) was made in."""
    return datetime.fromtimestamp((entry.int >> 80) / 1000, UTC).strftime("%Y_%m")


def _check(
    row: tuple[Any, ...], keys: dict[UUID, bytes], months: frozenset[str], account: Account
) -> Iterator[Finding]:
    index, kept, entry, body, subject, department = row
    if index is None:
        yield elsewhere(Fault.NO_LEAF, str(entry))
    elif body is None:
        yield from _absent(index, month_of(entry), months, account)
    else:
        account.checked += 1
        try:
            parts = parts_of(body)
            if fault := _fault(parts, body, kept, entry, subject, department):
                yield of(index, fault)
        except (msgspec.DecodeError, ValueError):
            yield of(index, Fault.UNREADABLE)
            return
        if (held := _keeps_its_word(parts, entry, subject, keys)) is None:
            account.keyless += 1
        elif not held:
            yield of(index, Fault.CONTENT)


def _absent(index: int, month: str, months: frozenset[str], account: Account) -> Iterator[Finding]:
    if month in months:
        yield of(index, Fault.MISSING)
    elif month >= account.since:
        yield of(index, Fault.DROPPED, month)
    else:
        account.expired[month] += 1


def _fault(parts: Parts, body: bytes, kept: bytes, entry: UUID, subject: UUID | None, department: str) -> Fault | None:
    if parts.whole != body:
        return Fault.UNREADABLE
    if hashlib.sha256(b"\x00" + parts.opened).digest() != kept or bytes(parts.id) != b'"%b"' % str(entry).encode():
        return Fault.CHANGED
    told = _NOBODY if subject is None else b'"%b"' % str(subject).encode()
    if bytes(parts.subject) != told or not _says(bytes(parts.department), department):
        return Fault.LOOK_UP
    return None


@lru_cache(maxsize=4096)
def _says(told: bytes, shown: str) -> bool:
    return bool(json.loads(told) == shown)


def _keeps_its_word(parts: Parts, entry: UUID, subject: UUID | None, keys: dict[UUID, bytes]) -> bool | None:
    """None: the key has ended, and nobody can tell any more."""
    if subject is not None:
        key = keys.get(subject)
        return None if key is None else parts.keeps_its_word(salt_of(key, entry))
    versions = ring().secrets["salts"]
    return any(parts.keeps_its_word(salt_of(versions[version], entry)) for version in sorted(versions, reverse=True))
