"""Many entries at once are the same bytes as one by one."""

from datetime import UTC, datetime
from uuid import uuid4

from datasources.kinds import SourcesEntry
from portal.ledger.actor import system
from portal.ledger.entries import Facts, alike, body

AT = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)


def test_an_entry_of_a_batch_is_the_entry_it_would_be_alone() -> None:
    entry, subject, key = uuid4(), uuid4(), bytes(range(32))
    facts = Facts(subject, "library", "", ["library-loans"], "a pull", {})
    alone = body(entry, SourcesEntry.SHEET_CHANGED, by=system("test"), at=AT, facts=facts, log_key=key, details=None)
    make = alike(SourcesEntry.SHEET_CHANGED, by=system("test"), at=AT, facts=facts)
    assert make(entry, subject, key) == alone
