"""One account of two people, told and confirmed by two officers."""

from uuid import UUID

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from portal.people.codes import RESIDENTS, account_id
from portal.people.models import User
from portal.people.queries import found_by
from portal.requests.life.enums import LifeKind
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, confirm_change, say_whose, tell_change
from tests.requests.lives import CASE, Officer
from tests.requests.test_new_code import NEW
from tests.residents import CODES, Resident, enter


@pytest.fixture
def shared(city: None) -> Resident:
    one = enter("amira")
    user = User.objects.get(person_id=one.person)
    SocialAccount.objects.create(user=user, provider=RESIDENTS, uid=account_id(RESIDENTS, CODES["amira"]))
    return one


def told(shared: Resident, officer: Officer | None = None) -> LifeChange:
    happening = Happening(LifeKind.SPLIT, shared.person, CASE, NEW)
    officer = officer or Officer()
    return tell_change(happening, staff=officer.user, by=officer.by, at=timezone.now())


def confirmed(change: LifeChange, person: UUID, *, code: str = NEW) -> tuple[UUID, UUID]:
    officer, now = Officer("auditor"), timezone.now()
    confirm_change(change.pk, person=person, new_code=code, seen="yes", staff=officer.user, by=officer.by, at=now)
    first, second = found_by(CODES["amira"]), found_by(NEW)
    assert first is not None
    assert second is not None
    return first, second


def split(shared: Resident, said: dict[str, str] | None = None) -> tuple[UUID, UUID]:
    officer = Officer()
    change = told(shared, officer)
    say_whose(change.pk, said or {}, by=officer.by, at=timezone.now())
    return confirmed(change, shared.person)
