"""A changed identity code: the same person, found by the new code and by no older one."""

from collections.abc import Callable
from datetime import date

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.utils import timezone

from demo.people.person import identity_code
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.ledger.models import Entry
from portal.people.actions import Arrival, Names, find_or_make, identity_code_of
from portal.people.arriving import resident_arrives
from portal.people.behalf.refreshing import refresh_rights
from portal.people.codes import RESIDENTS, account_id
from portal.people.models import ActingRight, PairwiseSubject, Person, User
from portal.people.refusals import SignInRefused
from portal.people.subjects import subjects_of
from portal.requests.life.errors import AnotherPerson, CodeTaken
from portal.walls import Role, scope
from tests.acting import register
from tests.pages.conftest import city, resident_in
from tests.requests.lives import Officer, row_of
from tests.residents import CODES, Resident

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
NEW = identity_code(date(1958, 5, 14), 977, sign="-")


@pytest.fixture
def amira(resident_in: Enter) -> Resident:
    one = resident_in("amira")
    user = User.objects.get(person_id=one.person)
    SocialAccount.objects.create(user=user, provider=RESIDENTS, uid=account_id(RESIDENTS, CODES["amira"]))
    return one


def changed(one: Resident, new: str = NEW) -> None:
    Officer("auditor").confirms(Officer().tells(one.person, new), one.person, new)


def arrives(code: str) -> User:
    """As from the identity service."""
    account = SocialAccount(provider=RESIDENTS, uid=account_id(RESIDENTS, code))
    login = SocialLogin(user=User(username="new"), account=account)
    login.lookup()
    arrival = Arrival(code, Names("Testi", "Uusi"))
    resident_arrives(login, arrival, assurance="loa2", at=timezone.now())
    user: User = login.user
    return user


def test_the_new_code_signs_in_the_same_person(amira: Resident) -> None:
    before = arrives(CODES["amira"])
    changed(amira)
    after = arrives(NEW)
    assert (after.pk, after.person_id) == (before.pk, amira.person)
    with scope(Role.RESIDENT, persons=[amira.person]):
        assert identity_code_of(Person.objects.get(pk=amira.person)) == NEW


def test_the_old_code_finds_nobody(amira: Resident) -> None:
    changed(amira)
    with scope(Role.WORKER):
        assert not Person.objects.filter(blind_index=blind_index(CODES["amira"])).exists()


def test_who_is_signed_in_signs_in_again_and_nothing_else_is_lost(amira: Resident) -> None:
    page = amira.browser.get("/en/home/")
    changed(amira)
    user = User.objects.get(person_id=amira.person)
    assert (page.status_code, user.is_active) == (200, True)
    with scope(Role.WORKER):
        kinds = Entry.objects.filter(subject=amira.person, kind__startswith="life.").order_by("id")
        assert [row.kind for row in kinds] == ["life.told", "life.confirmed", "life.code_changed"]


def test_pseudonyms_that_departments_know_stay(amira: Resident) -> None:
    pair = ("sports", amira.person)
    with scope(Role.WORKER):
        before = subjects_of([pair])
    changed(amira)
    with scope(Role.WORKER):
        assert (subjects_of([pair]), PairwiseSubject.objects.filter(person=amira.person).count()) == (before, 1)


def test_rights_to_act_come_along(amira: Resident, register: Population) -> None:
    refresh_rights(amira.person, at=timezone.now())
    changed(amira)
    with scope(Role.WORKER):
        [right] = ActingRight.objects.filter(actor_id=amira.person)
        assert bytes(right.actor_index) == blind_index(NEW)


def test_a_code_of_somebody_here_changes_nothing(amira: Resident) -> None:
    other = find_or_make(Arrival(NEW, Names("Toinen", "Testi")), at=timezone.now())
    with pytest.raises(CodeTaken):
        changed(amira)
    assert bytes(row_of(amira.person).blind_index) == blind_index(CODES["amira"])
    assert bytes(row_of(other.pk).blind_index) == blind_index(NEW)
    # The confirmation went back with it: it can be dropped, or confirmed when there is one person only.
    with scope(Role.WORKER):
        assert not Entry.objects.filter(subject=amira.person, kind="life.confirmed").exists()
    assert arrives(CODES["amira"]).person_id == amira.person


def test_the_second_person_has_to_know_the_new_code_too(amira: Resident) -> None:
    change = Officer().tells(amira.person, NEW)
    with pytest.raises(AnotherPerson):
        Officer("auditor").confirms(change, amira.person, CODES["otso"])
    assert bytes(row_of(amira.person).blind_index) == blind_index(CODES["amira"])


def test_who_has_died_is_not_let_in(amira: Resident) -> None:
    Officer("auditor").confirms(Officer().tells(amira.person), amira.person)
    with pytest.raises(SignInRefused, match="closed"):
        arrives(CODES["amira"])
