"""Staff signed in at their own door, with the second step taken as passed: that door has tests of its own."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from portal.keys.indexes import blind_index
from portal.people.doors import STAFF, cookie_name
from portal.people.models import User, UserKind
from portal.staff import site
from portal.walls import Role, scope

HOST = {"host": "localhost", "accept-language": "en"}
Hire = Callable[..., Client]


@pytest.fixture
def hire(loaded_city: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Hire:
    """hire("desk", "sports", code="..."): a browser of somebody in this group, of these departments."""
    monkeypatch.setattr(site, "second_step_passed", lambda _: True)

    def hired(group: str, *departments: str, code: str = "") -> Client:
        facts = {"kind": UserKind.STAFF, "is_staff": True, "departments": [*departments]}
        index = blind_index(code) if code else None
        user = User.objects.create(username=str(uuid4()), own_index=index, **facts)
        with scope(Role.STAFF, departments=["*"]):
            user.groups.set(Group.objects.filter(name=group))
        browser = Client(headers=HOST)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
        browser.cookies[cookie_name(STAFF, settings.SESSION_COOKIE_NAME)] = session.value
        return browser

    return hired
