"""The log: appended in the caller's transaction, numbered once, changed by nobody."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.keys.errors import KeyDestroyed
from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key, person_key
from portal.ledger.actions import record, sequence
from portal.ledger.actor import resident, system
from portal.ledger.entries import leaf_hash
from portal.ledger.models import Entry
from portal.ledger.queries import details_of, entries_about
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def leave(count: int = 1) -> None:
    with scope(Role.WORKER):
        for _ in range(count):
            record(PeopleEntry.SIGN_IN_REFUSED, by=system("tests"), at=AT)


@pytest.mark.django_db
def test_an_entry_is_shown_as_it_was_written() -> None:
    person = uuid4()
    with scope(Role.RESIDENT, persons=[person]):
        made = record(PeopleEntry.SIGNED_IN, by=resident(person), about=person, at=AT, reference="26-1")
        entry = entries_about(person).get()
    assert (entry.id, entry.kind, entry.at, entry.subject, entry.reference, entry.index) == (
        made,
        "people.signed_in",
        AT,
        person,
        "26-1",
        None,
    )


@pytest.mark.django_db
def test_details_open_with_the_persons_key_and_end_with_it() -> None:
    person = uuid4()
    with scope(Role.RESIDENT, persons=[person]):
        record(PeopleEntry.SIGNED_IN, by=resident(person), about=person, at=AT, details={"seen": "kirja"})
        entry = Entry.objects.get()
        opened = details_of(entry)
        destroy_key(person, KeyScope.LOG, at=AT)
        assert (opened, details_of(entry)) == ({"seen": "kirja"}, {})
        assert b"kirja" not in bytes(entry.body)


@pytest.mark.django_db
def test_entries_get_numbers_without_gaps_in_their_order() -> None:
    leave(5)
    with scope(Role.WORKER):
        assert [sequence(at=AT, batch=3), sequence(at=AT, batch=3), sequence(at=AT)] == [3, 2, 0]
        rows = list(Entry.objects.order_by("id").values_list("index", flat=True))
    assert rows == [0, 1, 2, 3, 4]


@pytest.mark.security("V2.3.3")
def test_without_a_transaction_nothing_is_written(committed_db: str) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(PeopleEntry.SIGNED_IN, by=system("tests"), at=AT)


@pytest.mark.security("V16.4.2")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_entry SET body = body",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_leaf",
        "UPDATE ledger_pending SET body = body",
        "DELETE FROM ledger_pending",
    ],
)
def test_no_role_changes_or_loses_an_entry(attack: str) -> None:
    leave(2)
    with scope(Role.WORKER):
        sequence(at=AT, batch=1)
    with pytest.raises(DatabaseError), scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.security("V16.4.2")
def test_not_even_a_superuser_changes_an_entry_by_a_plain_statement(
    committed_db: str, superuser: psycopg.Connection
) -> None:
    leave(2)
    with scope(Role.WORKER):
        sequence(at=AT, batch=1)
    for attack in ("UPDATE ledger_entry SET body = body", "DELETE FROM ledger_pending", "TRUNCATE ledger_pending"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute(attack.encode())


def test_two_sequencers_number_each_entry_once(committed_db: str) -> None:
    leave(3)
    with scope(Role.WORKER):
        first = sequence(at=AT)
    with scope(Role.WORKER):
        second = sequence(at=AT)
    assert (first, second) == (3, 0)


@pytest.mark.django_db
def test_the_leaf_commits_to_what_is_personal_and_tells_nothing_of_it() -> None:
    person = uuid4()
    with scope(Role.RESIDENT, persons=[person]):
        record(PeopleEntry.SIGNED_IN, by=resident(person), about=person, at=AT)
        body = bytes(Entry.objects.get().body)
    changed = json.loads(body) | {"subject": None, "actor": None, "details": None}
    assert leaf_hash(json.dumps(changed).encode()) == leaf_hash(body)
    altered = json.loads(body) | {"commitment": "0" * 64}
    assert leaf_hash(json.dumps(altered).encode()) != leaf_hash(body)


@pytest.mark.django_db
def test_a_key_is_made_once_and_not_again_after_its_end() -> None:
    person = uuid4()
    with scope(Role.RESIDENT, persons=[person]):
        first = person_key(person, KeyScope.RECORDS)
        assert person_key(person, KeyScope.RECORDS) == first
        destroy_key(person, KeyScope.RECORDS, at=timezone.now())
        with pytest.raises(KeyDestroyed):
            person_key(person, KeyScope.RECORDS)
