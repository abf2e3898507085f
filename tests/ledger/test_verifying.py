"""`manage.py verify_ledger`: read by two processes, told in sentences, with an exit code that a night job sees."""

from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from portal.ledger.copies import to_folder
from portal.ledger.models import Checkpoint
from portal.ledger.verification import whole
from portal.ledger.verification.findings import Fault, Finding, elsewhere, merged, of
from tests.ledger.sealed import leave, seal


def verified(folder: Path) -> tuple[list[str], bool]:
    """(what is said, whether it holds)."""
    said = StringIO()
    try:
        call_command("verify_ledger", copies=folder, processes=2, stdout=said)
    except CommandError:
        return said.getvalue().splitlines(), False
    return said.getvalue().splitlines(), True


def test_the_command_says_that_it_holds_and_where_it_does_not(
    committed_db: str, superuser: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small parts, so that both processes have some.
    monkeypatch.setattr(whole, "CHUNK", 64)
    monkeypatch.setattr(whole, "TILES", 1)
    leave(600)
    for batch in (10, 290, 300):
        seal(batch=batch)
    to_folder(tmp_path, Checkpoint.objects.get(size=300))
    before = verified(tmp_path)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM ledger_leaf WHERE index BETWEEN 60 AND 70)"
    )
    superuser.execute(
        "UPDATE ledger_tile SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) WHERE (level, number) = (0, 1)"
    )
    after = verified(tmp_path)
    assert before == (
        [
            "600 entries are numbered under 3 seals; 600 were hashed again.",
            "1 copies of seals were compared.",
            "The log holds.",
        ],
        True,
    )
    assert after == (
        [
            "600 entries are numbered under 3 seals; 589 were hashed again.",
            "1 copies of seals were compared.",
            "Entries 60 to 70: the entry is gone, though its month is kept.",
            "Entry 256: the tree holds another hash than the leaf.",
        ],
        False,
    )


def test_without_the_copies_it_does_not_say_that_it_holds(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nobody can tell"):
        call_command("verify_ledger", copies=tmp_path / "away", processes=1)


def test_neighbours_with_one_fault_are_told_as_one() -> None:
    found = [of(3, Fault.MISSING), of(1, Fault.MISSING), of(2, Fault.MISSING), of(3, Fault.TREE), of(7, Fault.MISSING)]
    assert merged([*found, elsewhere(Fault.WAITING, "5")]) == [
        elsewhere(Fault.WAITING, "5"),
        Finding(1, 4, Fault.MISSING),
        of(3, Fault.TREE),
        of(7, Fault.MISSING),
    ]
