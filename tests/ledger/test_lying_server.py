"""A server that lies: whatever somebody with all rights does to the log, the verifier names where."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key
from portal.ledger.copies import to_folder
from portal.ledger.models import Checkpoint
from portal.ledger.tiles import TreeBroken
from portal.ledger.verification.findings import Fault
from portal.ledger.verification.whole import Report, verify
from portal.walls import Role, scope
from tests.databases import inside, point_to
from tests.ledger.attacks import ATTACKS
from tests.ledger.sealed import AT, leave, seal
from tests.servers import drop_database, fresh_name, make_database

SOON = AT + timedelta(seconds=1)
# A superuser switches every trigger off, those of foreign keys too.
OFF, ON = "SET LOCAL session_replication_role = replica", "SET LOCAL session_replication_role = origin"


@pytest.fixture(scope="module")
def sealed_log(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A database whose log has 700 entries, and the folder of its copies; every attack starts from it."""
    before, database, folder = str(connection.settings_dict["NAME"]), fresh_name(), tmp_path_factory.mktemp("copies")
    with django_db_blocker.unblock():
        make_database(database)
        try:
            with inside(database):
                entries(folder)
            yield database, folder
        finally:
            point_to(before)
            drop_database(database)


@pytest.fixture
def lying(sealed_log: tuple[str, Path], django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[Path]:
    """Whoever holds the database itself: a superuser, whose deeds are undone at the end. The copies of its seals."""
    settings, folder = connections.settings["default"], tmp_path / "copies"
    shutil.copytree(sealed_log[1], folder)
    before = settings["USER"], settings["NAME"]
    with django_db_blocker.unblock():
        point_to(sealed_log[0])
        connections.close_all()
        settings["USER"] = "postgres"
        try:
            with transaction.atomic():
                yield folder
                transaction.set_rollback(True)
        finally:
            connections.close_all()
            settings["USER"] = before[0]
            point_to(str(before[1]))


def do(*attacks: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for attack in (OFF, *attacks):
            cursor.execute(attack)


def entries(folder: Path) -> None:
    """Seven hundred, sealed at 300, 512 and 700, and one that waits; the last two seals are copied out."""
    leave(500)
    leave(200, about=uuid4())
    for batch in (300, 212, 188):
        seal(batch=batch)
    leave(1)
    for checkpoint in Checkpoint.objects.filter(size__gt=300):
        to_folder(folder, checkpoint)


def verified(folder: Path | None = None) -> Report:
    return verify(at=SOON, folder=folder, processes=1)


def found(folder: Path | None = None) -> list[tuple[Fault, int, int]]:
    return [(each.fault, each.first, each.end) for each in verified(folder).findings]


def test_an_honest_log_holds(lying: Path) -> None:
    report = verified(lying)
    assert (report.findings, report.notes, report.keyless, report.expired) == ([], [], 0, {})
    assert (report.size, report.checked, report.seals, report.copies) == (700, 700, 3, 2)


@pytest.mark.security("F19")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_where_it_was(attack: str, lying: Path) -> None:
    sql, wanted = ATTACKS[attack]
    do(
        *(["ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_pkey"] if "twice" in attack else []),
        "ALTER TABLE ledger_leaf DROP CONSTRAINT ledger_leaf_index_check",
        sql,
    )
    told = found()
    if wanted == {(None, 699, 700)}:
        # Which bit it is tells whether it is still JSON.
        assert [each[1:] for each in told] == [(699, 700)]
    else:
        assert set(told) == wanted
        assert len(told) == len(wanted)


def test_a_month_that_is_old_by_now_and_of_which_no_entry_tells_was_taken_away(lying: Path) -> None:
    do(str(ATTACKS["the current month taken away"][0]))
    report = verify(at=AT + timedelta(days=11 * 365), folder=None, processes=1)
    told = [(each.fault, each.first, each.end) for each in report.findings]
    assert (told, report.expired) == ([(Fault.WAITING, -1, -1), (Fault.UNTOLD, 0, 700)], {})


def test_an_ended_key_takes_the_content_along_and_leaves_the_proof(lying: Path) -> None:
    person = uuid4()
    leave(4, about=person)
    seal()
    with scope(Role.WORKER):
        destroy_key(person, KeyScope.LOG, at=AT)
    report = verified()
    assert (report.findings, report.keyless, report.checked) == ([], 4, 705)


@pytest.mark.security("F19")
def test_a_log_rolled_back_in_all_its_parts_is_found_by_the_copies(lying: Path) -> None:
    do(
        "DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM ledger_leaf WHERE index >= 512)",
        "DELETE FROM ledger_leaf WHERE index >= 512",
        "DELETE FROM ledger_tile WHERE (level, number) = (0, 2)",
        "DELETE FROM ledger_checkpoint WHERE size > 512",
    )
    assert (found(), found(lying)) == ([], [(Fault.ROLLED_BACK, 512, 700)])


@pytest.mark.security("F19")
def test_a_log_written_anew_with_all_keys_is_found_by_the_copies(lying: Path, tmp_path: Path) -> None:
    do("TRUNCATE ledger_entry, ledger_pending, ledger_leaf, ledger_tile, ledger_checkpoint")
    do(ON)
    entries(tmp_path)
    assert found() == []
    told = verified(lying).findings
    assert [(each.fault, each.first, each.end) for each in told] == [(Fault.FORKED, 0, 512)]
    assert str(told[0]).startswith("Entries 0 to 511: the log is not the one that was copied out;")


def test_a_copy_that_was_touched_is_named(lying: Path) -> None:
    (copy,) = lying.glob("*/*512.checkpoint")
    copy.write_text(copy.read_text().replace("512", "513"))
    (far,) = lying.glob("*/*700.checkpoint")
    far.rename(far.with_name(f"{9999:020}.checkpoint"))
    assert [str(each) for each in verified(lying).findings] == [
        f"The copy {name:020}.checkpoint is not a seal that a key of this log signed." for name in (512, 9999)
    ]


def test_what_waits_too_long_is_told(lying: Path) -> None:
    report = verify(at=AT + timedelta(days=300), folder=None, processes=1)
    assert [str(each) for each in report.findings] == ["1 wait to be numbered for more than a minute."]


@pytest.mark.security("F21")
def test_a_clock_that_goes_back_is_told_and_the_order_stays(lying: Path) -> None:
    for at in (AT + timedelta(hours=1), AT, AT + timedelta(hours=2)):
        leave(3)
        seal(at=at)
    report = verified()
    assert (report.findings, report.notes) == (
        [],
        ["The clock went back by 1:00:00 before the seal over 707 entries."],
    )


@pytest.mark.security("F19")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_tile SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))",
        "UPDATE ledger_tile SET hashes = hashes || '\\x00' WHERE (level, number) = (0, 2)",
        "UPDATE ledger_tile SET hashes = hashes || substr(hashes, 1, 32) WHERE (level, number) = (0, 2)",
        "DELETE FROM ledger_tile",
        "DELETE FROM ledger_checkpoint",
        "DELETE FROM ledger_checkpoint WHERE size = 700",
        "UPDATE ledger_checkpoint SET note = replace(note, '700', '701')",
        "DELETE FROM ledger_leaf WHERE index = 699",
    ],
)
def test_nothing_is_sealed_on_top_of_a_tree_that_was_touched(attack: str, lying: Path) -> None:
    do("ALTER TABLE ledger_tile DROP CONSTRAINT tile_holds_whole_hashes", attack, ON)
    with pytest.raises(TreeBroken):
        seal()
