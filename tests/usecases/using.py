"""Uses of data in the log, as departments' systems leave them there, for tests."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.usecases.actions.counting import count_uses
from consents.usecases.models import UsesOfMonth
from portal.ledger.actions import record_each, sequence
from portal.ledger.actor import system
from portal.ledger.entries import Facts, Told
from portal.walls import Role, scope
from tests.residents import arrived

PURPOSE = "swimming-reminders"
OCTOBER = datetime(2026, 10, 15, 9, tzinfo=UTC)


def people(count: int) -> list[UUID]:
    """So many residents who are known here."""
    return [arrived(f"p{number:04}") for number in range(101, 101 + count)]


def used(
    whose: Iterable[UUID],
    *,
    at: datetime = OCTOBER,
    kind: ConsentEntry = ConsentEntry.USE_REPORTED,
    purpose: str = PURPOSE,
    records: int = 1,
) -> None:
    """Each of these was looked at once, and it is numbered."""
    counts = {"records": records} if kind in (ConsentEntry.DISCLOSED, ConsentEntry.ALGORITHM_GIVEN) else {}
    told = [
        Told(kind.value, at, Facts(person, "sports", purpose, ("sports-courses",), counts=counts)) for person in whose
    ]
    with scope(Role.WORKER):
        record_each(told, by=system("tests"))
    number()


def number() -> None:
    """Every entry that waits gets its number; the clock of the machine may be behind."""
    with scope(Role.WORKER):
        while sequence(at=timezone.now() + timedelta(seconds=1)):
            pass


def count(batch: int = 20_000) -> int:
    """Count until nothing is left; how many entries were looked at."""
    looked_at = 0
    while True:
        with scope(Role.WORKER):
            step = count_uses(at=timezone.now(), batch=batch)
        looked_at += step
        if not step:
            return looked_at


def counts() -> Sequence[tuple[str, str, str, int, bool]]:
    """(purpose, kind, month, uses, whether it may be told), without algorithms first."""
    rows = UsesOfMonth.objects.order_by("purpose", "kind", "month", "by_algorithm")
    return [(row.purpose, row.kind, f"{row.month:%Y-%m}", row.uses, row.of_enough) for row in rows]
