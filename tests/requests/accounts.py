"""Two accounts of one woman, who signed in by her new code before the city was told of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.ledger.actor import system
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.behalf.sessions import keep_earlier
from portal.people.codes import RESIDENTS, account_id
from portal.people.doors import RESIDENT, cookie_name
from portal.people.models import User
from portal.people.queries import accounts_before
from portal.requests.life.joining import join_accounts
from tests.requests.lives import CASE
from tests.requests.taking import signed_in_again
from tests.requests.test_new_code import NEW
from tests.residents import CODES, Resident, enter

Two = tuple[Resident, Resident]
BY = system("tests")


@pytest.fixture
def two(city: None) -> Two:
    """(known by the old code, known by the new one): the same woman, who signed in before the city was told."""
    both = enter("amira"), enter("uusi", code=NEW)
    for one, code in zip(both, (CODES["amira"], NEW), strict=True):
        user = User.objects.get(person_id=one.person)
        SocialAccount.objects.create(user=user, provider=RESIDENTS, uid=account_id(RESIDENTS, code))
    return both


def never_here() -> UUID:
    """Known by the old code, as somebody's child is; never signed in."""
    return find_or_make(Arrival(CODES["amira"], Names("Testi", "Amira")), at=timezone.now()).pk


def joined(two: Two) -> None:
    stays, _ = two
    join_accounts(stays.person, NEW, reference=CASE, by=BY, at=timezone.now())


@contextmanager
def session_of(one: Resident) -> Iterator[HttpRequest]:
    """A request with the session that their browser holds; what is written into it is kept."""
    name = cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)
    one.browser.cookies[settings.SESSION_COOKIE_NAME] = one.browser.cookies[name].value
    request = HttpRequest()
    request.session = one.browser.session
    yield request
    request.session.save()
    del one.browser.cookies[settings.SESSION_COOKIE_NAME]


def back(one: Resident) -> Resident:
    """Signed in again, with what the sign-in notes."""
    again = signed_in_again(one)
    with session_of(again) as request:
        keep_earlier(request, accounts_before(one.person))
    return again
