"""What everyone who signs in is asked: once, whoever comes on two devices in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from django.db import connection
from django.utils import timezone

from consents.actions.requesting import ask_on_arrival
from consents.models import Consent, ConsentEvent, Purpose
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.residents import arrived


def ask(person: UUID) -> int:
    with scope(Role.RESIDENT, persons=[person]):
        return ask_on_arrival(person, by=system("tests"), at=timezone.now())


def test_on_two_devices_at_once_they_are_asked_once(loaded_city: None, committed_db: str) -> None:
    person, together = arrived("raili"), Barrier(2)

    def signing_in(_: int) -> int:
        with scope(Role.RESIDENT, persons=[person]):
            together.wait()
            try:
                return ask_on_arrival(person, by=system("tests"), at=timezone.now())
            finally:
                # Both have asked before either is committed, unless one waits for the other.
                connection.cursor().execute("SELECT pg_sleep(0.2)")

    def alone(number: int) -> int:
        try:
            return signing_in(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        new = sorted(pool.map(alone, range(2)))
    with scope(Role.RESIDENT, persons=[person]):
        rows = Consent.objects.filter(person_id=person).count()
        events = ConsentEvent.objects.filter(person_id=person).count()
    assert (new, rows, events) == ([0, rows], rows, rows)
    assert rows > 1


def test_who_was_asked_everything_is_asked_nothing_more(city: None) -> None:
    person = arrived("raili")
    assert (ask(person) > 1, ask(person)) == (True, 0)


def test_a_purpose_that_needs_no_permission_is_asked_of_nobody(city: None) -> None:
    """Whoever marks it so by mistake keeps nobody from signing in."""
    person = arrived("raili")
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(basis="e").update(ask_on_arrival=True)
    ask(person)
    with scope(Role.RESIDENT, persons=[person]):
        assert set(Consent.objects.filter(person_id=person).values_list("purpose__basis", flat=True)) == {"a"}
