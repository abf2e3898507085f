"""Whose copies were erased: readings and pushes pass them over until they want to be seen here again."""

from datetime import timedelta
from uuid import UUID

import pytest

from datasources.actions.asking import ask_for, fetch_person
from datasources.actions.erased import copy_again, erase_all_copies, erase_copies
from datasources.actions.expiry import expire_sheets
from datasources.actions.pulls import pull_source
from datasources.models import Asking, Dataset, NotCopied, Pull, PullKind, Sheet
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")
LATER = NIGHT + timedelta(days=1)


def read(slug: str, *, nights: int = 0) -> Pull:
    return pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(days=nights))


def held(person: UUID) -> set[str]:
    with scope(Role.WORKER):
        return set(Sheet.objects.filter(person_id=person).values_list("dataset__slug", flat=True))


def test_the_next_readings_pass_them_over_and_count_them() -> None:
    raili, mikael = arrive("raili"), arrive("mikael")
    before = read("library")
    library, others = held(raili), held(mikael)
    with scope(Role.WORKER):
        assert erase_copies(raili, ["library-loans"], by=BY, at=NIGHT) == 1
    again = read("library", nights=1)
    assert (held(raili), held(mikael)) == (library - {"library-loans"}, others)
    assert again.people_passed_over == before.people_passed_over + 1


def test_a_reading_that_began_before_the_erasure_leaves_nothing_for_long() -> None:
    """Its transaction may end after the erasure's: the nightly look removes what it left."""
    raili = arrive("raili")
    read("library")
    with scope(Role.WORKER):
        dataset = Dataset.objects.get(slug="library-loans")
        NotCopied.objects.create(person_id=raili, dataset=dataset, since_at=NIGHT)
    assert "library-loans" in held(raili)
    assert expire_sheets(by=BY, at=NIGHT) == 1
    assert "library-loans" not in held(raili)


def test_of_whom_all_was_erased_no_system_is_asked() -> None:
    raili = arrive("raili")
    read("library")
    with scope(Role.WORKER):
        erase_all_copies(raili, by=BY, at=NIGHT)
    assert ask_for(raili, by=resident(raili), at=LATER) is False
    fetch_person(raili, by=BY, at=LATER)
    read("library", nights=1)
    with scope(Role.WORKER):
        assert Asking.objects.filter(person_id=raili).count() == 0
    assert held(raili) == set()


def test_who_wants_it_again_has_new_keys_and_is_read_again() -> None:
    raili = arrive("raili")
    read("library")
    before = held(raili)
    with scope(Role.WORKER):
        erase_all_copies(raili, by=BY, at=NIGHT)
    by = resident(raili)
    assert (copy_again(raili, by=by, at=LATER), copy_again(raili, by=by, at=LATER)) == (True, False)
    assert ask_for(raili, by=by, at=LATER) is True
    read("library", nights=2)
    assert (held(raili), bool(before)) == (before, True)
