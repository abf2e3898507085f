"""Whom the identity service names and whose account it says it is: where these do not belong together, nobody is in."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.test import Client
from django.utils import timezone

from portal.people.actions import Arrival, Names, find_or_make
from portal.people.arriving import resident_arrives, staff_arrives
from portal.people.codes import RESIDENTS, account_id
from portal.people.models import User
from portal.people.refusals import SignInRefused
from tests.pages.conftest import city, resident_in
from tests.residents import CODES, enter
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
NOBODYS: dict[str, list[str]] = {"departments": [], "groups": []}


def login(user: User, code: str) -> Any:
    account = SocialAccount(provider=RESIDENTS, uid=account_id(RESIDENTS, code))
    return SocialLogin(user=user, account=account)


def arrival(slug: str) -> Arrival:
    return Arrival(CODES[slug], Names("Testi", slug))


def test_an_account_of_another_person_lets_nobody_in(city: None) -> None:
    raili = User.objects.get(person_id=enter("raili").person)
    with pytest.raises(SignInRefused, match="mix-up"):
        resident_arrives(login(raili, CODES["otso"]), arrival("otso"), assurance="loa2", at=timezone.now())


def test_a_second_account_of_one_person_is_not_made(city: None) -> None:
    enter("raili")
    another = login(User(username="another"), CODES["raili"])
    with pytest.raises(SignInRefused, match="second-account"):
        resident_arrives(another, arrival("raili"), assurance="loa2", at=timezone.now())
    assert not User.objects.filter(username="another").exists()


def test_one_of_the_staff_has_one_account(hire: Hire) -> None:
    hire("desk", "sports", code=CODES["raili"])
    with pytest.raises(SignInRefused, match="second-account"):
        staff_arrives(login(User(username="another"), CODES["raili"]), arrival("raili"), {**NOBODYS})


@pytest.mark.parametrize("told", ["keepers", ["keepers", 7], {"keepers": True}, None])
def test_groups_that_are_no_list_of_words_are_refused(told: object, city: None) -> None:
    with pytest.raises(SignInRefused, match="malformed-claim"):
        staff_arrives(login(User(username="one"), CODES["otso"]), arrival("otso"), {**NOBODYS, "groups": told})


def test_the_picture_of_a_key_is_nobodys_who_sets_up_none(city: None) -> None:
    find_or_make(arrival("raili"), at=timezone.now())
    assert Client(headers={"host": "localhost"}).get("/second-step/picture.svg").status_code == 404
