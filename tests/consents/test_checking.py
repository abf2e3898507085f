"""A check as the database sees it: the same statements whoever is asked about, and nothing without its entry."""

from itertools import islice

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.checking import check
from demo.people import everyone
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.subjects import Named, by_code
from portal.walls import Role, pipelined, scope
from tests.residents import CODES, enter

PURPOSE, DATASETS = "swimming-reminders", ["sports-courses"]
SPORTS = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")


def _asked(named: list[Named]) -> list[str]:
    """The statements of one check."""
    with scope(Role.API, lookups=[each.lookup for each in named]), CaptureQueriesContext(connection) as asked:
        check(PURPOSE, DATASETS, named, by=SPORTS, at=timezone.now())
    return [query["sql"].strip()[:40] for query in asked]


def _check_and_fail(named: list[Named]) -> None:
    with pipelined(), scope(Role.API, lookups=[named[0].lookup]), connection.cursor() as cursor:
        check(PURPOSE, DATASETS, named, by=SPORTS, at=timezone.now())
        cursor.execute("INSERT INTO ledger_pending (id, body) VALUES (gen_random_uuid(), 'no entry')")


def test_one_or_many_known_or_not_the_statements_are_the_same(city: None) -> None:
    enter("raili")
    known, stranger = by_code("sports", CODES["raili"]), by_code("sports", CODES["lempi"])
    many = [by_code("sports", person.identity_code) for person in islice(everyone(), 100)]
    asked = _asked([known])
    # The people, the purpose, their answers; then pseudonyms are kept and the entry is written.
    assert len(asked) == 5
    assert asked == _asked([stranger]) == _asked(many)


def test_sent_together_a_check_whose_entry_fails_answers_nothing(loaded_city: None, committed_db: None) -> None:
    """What is pipelined is told of its failure before anybody is answered, and leaves nothing."""
    enter("raili")
    named = [by_code("sports", CODES["raili"])]
    with pytest.raises(DatabaseError):
        _check_and_fail(named)
    with scope(Role.STAFF, departments=["*"]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_log WHERE kind = 'consents.checked'")
        assert cursor.fetchone() == (0,)
