"""What was numbered is sealed at once: a signed head over a tree that anybody can check."""

import json
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import DatabaseError, connection

from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind, Right, acting_for, resident
from portal.ledger.checkpoints import checkpoint_of, newest_checkpoint
from portal.ledger.columns import whole_log
from portal.ledger.entries import leaf_hash
from portal.ledger.merkle import EMPTY_ROOT, check_consistency, check_inclusion, folded, joined
from portal.ledger.models import Checkpoint, Entry
from portal.ledger.proofs import bundle, consistency, inclusion, proof_of, seal_of
from portal.ledger.queries import entries_about
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope
from tests.ledger.sealed import AT, checked, leave, seal

pytestmark = pytest.mark.django_db


def test_an_empty_log_has_no_seal() -> None:
    assert (seal(), newest_checkpoint().size, newest_checkpoint().root) == (0, 0, EMPTY_ROOT)


def test_a_seal_is_over_the_leaves_in_their_order() -> None:
    leave(3)
    seal()
    with scope(Role.WORKER):
        a, b, c = (leaf_hash(bytes(entry.body)) for entry in Entry.objects.order_by("index"))
    assert (newest_checkpoint().size, newest_checkpoint().root) == (3, joined(joined(a, b), c))


def test_each_batch_has_a_seal_and_each_is_the_beginning_of_the_next() -> None:
    leave(700)
    sizes = [seal(batch=batch) for batch in (1, 254, 1, 1, 300, 500)]
    heads = [checkpoint_of(note) for note in Checkpoint.objects.order_by("size").values_list("note", flat=True)]
    assert (sizes, [head.size for head in heads]) == ([1, 254, 1, 1, 300, 143], [1, 255, 256, 257, 557, 700])
    for older, newer in pairwise(heads):
        proof = consistency(older.size, newer.size)
        check_consistency(older.size, newer.size, older.root, newer.root, proof)


def test_a_seal_of_an_older_key_holds_after_the_key_was_changed(settings: LazySettings, tmp_path: Path) -> None:
    ring = tmp_path / "keys.json"
    ring.write_bytes(Path(settings.KEY_RING_FILE).read_bytes())
    settings.KEY_RING_FILE = ring
    leave(2)
    seal(batch=1)
    call_command("rotate_signing_key", "checkpoints", stdout=StringIO())
    seal(batch=1)
    notes = list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    assert [checkpoint_of(note).size for note in notes] == [1, 2]
    assert len({note.splitlines()[-1].split()[2][:5] for note in notes}) == 2


def test_every_leaf_is_proven_in_every_tree_it_stands_in() -> None:
    leave(300)
    for batch in (20, 236, 44):
        seal(batch=batch)
    with scope(Role.WORKER):
        leaves = [leaf_hash(bytes(entry.body)) for entry in Entry.objects.order_by("index")]
    for note in Checkpoint.objects.values_list("note", flat=True):
        head = checkpoint_of(note)
        for index in range(0, head.size, 7):
            check_inclusion(leaves[index], index, head.size, inclusion(index, head.size), head.root)


def test_a_full_tile_is_one_hash_of_the_next_level() -> None:
    leave(257)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT level, number, hashes FROM ledger_tile ORDER BY level, number")
        tiles = {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}
    assert {place: len(hashes) // 32 for place, hashes in tiles.items()} == {(0, 0): 256, (0, 1): 1, (1, 0): 1}
    assert folded(tiles[0, 0]) == tiles[1, 0]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_tile SET hashes = hashes",
        "UPDATE ledger_tile SET hashes = set_byte(hashes, 0, 0) || hashes",
        "UPDATE ledger_tile SET number = 9",
        "DELETE FROM ledger_tile",
        "DELETE FROM ledger_checkpoint",
        "UPDATE ledger_checkpoint SET note = ''",
        "INSERT INTO ledger_entry (id, body) SELECT gen_random_uuid(), body FROM ledger_entry",
        "INSERT INTO ledger_entry (id, body) SELECT id, body FROM ledger_pending",
    ],
)
def test_no_role_changes_what_was_sealed_nor_puts_in_what_was_not_pending(attack: str) -> None:
    leave(3)
    seal(batch=2)
    with pytest.raises(DatabaseError), scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute(attack)


def test_leaves_from_before_there_was_a_tree_are_sealed_first() -> None:
    leave(5)
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (id, body, kind, subject, department) "
            "SELECT id, body, kind, subject, department FROM ledger_pending ORDER BY id LIMIT 3"
        )
        cursor.execute("SELECT id, body FROM ledger_entry ORDER BY id")
        for index, (entry, body) in enumerate(cursor.fetchall()):
            cursor.execute("INSERT INTO ledger_leaf VALUES (%s, %s, %s, now())", [index, entry, leaf_hash(bytes(body))])
        cursor.execute("DELETE FROM ledger_pending WHERE id IN (SELECT id FROM ledger_entry)")
    assert ([seal(batch=2), seal(batch=2), seal(batch=2)], newest_checkpoint().size) == ([2, 1, 2], 5)


def test_an_entry_says_since_when_it_is_sealed() -> None:
    person = uuid4()
    leave(1, about=person)
    with scope(Role.RESIDENT, persons=[person]):
        waiting = seal_of(entries_about(person).get())
    seal(at=AT + timedelta(seconds=3))
    with scope(Role.RESIDENT, persons=[person]):
        sealed = seal_of(entries_about(person).get())
    assert (waiting, sealed and (sealed.index, sealed.at)) == (None, (0, AT + timedelta(seconds=3)))


def bundled(person: UUID) -> bytes:
    return b"".join(bundle(whole_log(entries_about(person))))


def test_a_bundle_is_verified_by_a_program_that_knows_nothing_of_us(tmp_path: Path) -> None:
    person = uuid4()
    for count in (3, 200, 97):
        leave(count)
        leave(2, about=person)
    seal()
    leave(1, about=person)
    with scope(Role.RESIDENT, persons=[person]):
        file = json.loads(bundled(person))
    assert checked(tmp_path, [file]) == (
        0,
        ["6 entries stand in the log of 306 entries, as they were sealed. 1 wait to be sealed."],
    )
    assert str(person) not in json.dumps([each["entry"] for each in file["entries"]])


def test_a_bundle_that_was_touched_does_not_verify(tmp_path: Path) -> None:
    person = uuid4()
    leave(5)
    leave(2, about=person)
    seal()
    with scope(Role.RESIDENT, persons=[person]):
        file = json.loads(bundled(person))
    first, second = file["entries"]
    said = first["content"]
    touched = [
        file | {"entries": [first | {"content": said | {"private": said["private"] | {"purpose": "other"}}}, second]},
        file | {"entries": [first | {"entry": first["entry"] | {"at": "2026-11-24T10:00:01.000000Z"}}, second]},
        file | {"entries": [first | {"index": 0}, second]},
        file | {"entries": [first, first]},
        file | {"hashes": dict.fromkeys(file["hashes"], "00" * 32)},
        file | {"hashes": {}},
        file | {"checkpoint": file["checkpoint"].replace("\n7\n", "\n8\n")},
        b"[]",
    ]
    code, said = checked(tmp_path, touched)
    assert (code, [line for line in said if not line.startswith("DOES NOT HOLD: ")]) == (1, [])
    assert len(said) == len(touched)


def test_a_bundle_of_nothing_sealed_lists_what_waits() -> None:
    person = uuid4()
    (made,) = leave(1, about=person)
    with scope(Role.RESIDENT, persons=[person]):
        told = json.loads(bundled(person))
        assert (proof_of(made), told["checkpoint"], told["waiting"]) == (None, None, [str(made)])


def test_a_bundle_names_nobody_else(tmp_path: Path) -> None:
    person, guardian = uuid4(), uuid4()
    with scope(Role.WORKER):
        by_staff = Actor(ActorKind.STAFF, "pseudonym-of-anna", Right.OFFICE, unit="library", name="Anna Ahlgren")
        for by in (by_staff, acting_for(guardian, Right.GUARDIAN), resident(person)):
            record(PeopleEntry.SIGNED_IN, by=by, about=person, at=AT)
    seal()
    with scope(Role.RESIDENT, persons=[person]):
        file = bundled(person)
    assert [who for who in (b"pseudonym-of-anna", b"Ahlgren", str(guardian).encode()) if who in file] == []
    assert ["content" in each for each in json.loads(file)["entries"]] == [False, False, True]
    assert checked(tmp_path, [file], keys=False)[0] == 0
