"""L5: entries come fast; the sequencer, a process of its own, stays close behind and leaves no gap."""

import asyncio
import time
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

from consents.kinds import ConsentEntry
from portal.ledger.actions import record
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal
from tests.proof.loads.town import Town

# (entries a second, seconds)
STEPS = ((20.0, 30.0), (100.0, 20.0))
MOST_BEHIND, MOST_LATE = 5.0, 1.0
_SETTLES_SECONDS = 20.0
# An entry's id tells its millisecond (UUIDv7).
_BEHIND = """
SELECT count(*), coalesce(max(extract(epoch FROM l.sequenced_at - uuid_extract_timestamp(l.entry_id))), 0)
FROM ledger_leaf l WHERE uuid_extract_timestamp(l.entry_id) >= %s
"""
_GAPS = "SELECT count(*) - (max(index) + 1) FROM ledger_leaf"
_PENDING = "SELECT count(*) FROM ledger_pending"


async def held(town: Town) -> str:
    """Each entry a commit of its own, and numbered within seconds."""
    told = []
    for rate, seconds in STEPS:
        late, behind = await asyncio.to_thread(_append, town.portal, rate, seconds)
        name = f"L5 log {rate:.0f}/s"
        count = round(rate * seconds)
        print(f"{'':8}  {name:<28} {count:6}  numbered {behind:.1f} s later at most", flush=True)
        assert late <= MOST_LATE, f"entries at {rate:.0f}/s came {late:.1f} s late"
        assert behind <= MOST_BEHIND, f"at {rate:.0f}/s the sequencer was {behind:.1f} s behind"
        told.append(f"{rate:.0f}/s {behind:.1f} s")
    return f"log numbered behind {', '.join(told)}"


def _append(portal: Portal, rate: float, seconds: float) -> tuple[float, float]:
    """(most seconds that an entry was late, most seconds until one was numbered)."""
    since, count = datetime.now(UTC), round(rate * seconds)
    began, late = time.monotonic(), 0.0
    try:
        for number in range(count):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            with scope(Role.WORKER):
                record(ConsentEntry.EXPIRED, by=system("load"), at=timezone.now(), department="sports")
            late = max(late, time.monotonic() - due)
    finally:
        connection.close()
    return late, _numbered(portal, since, count)


def _numbered(portal: Portal, since: datetime, count: int) -> float:
    deadline = time.monotonic() + _SETTLES_SECONDS
    with portal.server.connect(DATABASE) as opened:
        while (waiting := opened.execute(_PENDING).fetchone()) != (0,):
            assert time.monotonic() < deadline, f"{waiting} entries are not numbered"
            time.sleep(0.2)
        found = opened.execute(_BEHIND, [since]).fetchone()
        assert found is not None
        assert found[0] >= count, f"{count} entries were written and {found[0]} numbered"
        assert opened.execute(_GAPS).fetchone() == (0,), "the numbers have a gap"
    return float(found[1])
