"""For a moment outside a scope, in its transaction: log-ins are seen, people are not, and the scope is given back."""

from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from portal.people.models import Person, User, UserKind
from portal.walls import Role, current_role, outside, scope
from tests.residents import arrived

pytestmark = pytest.mark.django_db


@pytest.fixture
def raili() -> UUID:
    person = arrived("raili")
    User.objects.create(username="raili", kind=UserKind.RESIDENT, person_id=person)
    return person


def test_log_ins_are_seen_and_people_are_not(raili: UUID) -> None:
    with scope(Role.STAFF, persons=[raili]):
        assert not User.objects.filter(person_id=raili).exists()
        with outside():
            assert (current_role(), User.objects.filter(person_id=raili).count()) == ("none", 1)
            with pytest.raises(ProgrammingError), transaction.atomic():
                Person.objects.exists()


def test_the_scope_is_given_back(raili: UUID) -> None:
    with scope(Role.STAFF, persons=[raili]):
        with outside():
            pass
        assert (current_role(), Person.objects.get().pk) == (Role.STAFF.value, raili)


def test_what_is_done_there_goes_back_with_the_scope(raili: UUID) -> None:
    with transaction.atomic():
        with scope(Role.WORKER), outside():
            User.objects.filter(person_id=raili).update(is_active=False)
        transaction.set_rollback(True)
    assert User.objects.get(person_id=raili).is_active
