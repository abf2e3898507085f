"""A package asked for, made and taken, as a resident's browser and a worker do it."""

from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.conf import settings
from django.test import Client
from django.utils import timezone
from msgspec import json

from portal.pages.tasks import make_package
from portal.people.doors import RESIDENT, cookie_name
from portal.people.models import User
from portal.requests.enums import PartState
from portal.requests.models import Package, Part, Piece, Request
from portal.walls import Role, scope
from tests.residents import Resident, identified


def asks(one: Resident, language: str = "en") -> str:
    """The press; the request's id."""
    answer = one.browser.post(f"/{language}/rights/everything/")
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"]).split("/")[3]


def is_made(request: str) -> None:
    """What the worker does when it is rung."""
    make_package(request_id=request)


def linked(one: Resident, request: str) -> str:
    """The address to which the press on the page leads."""
    answer = one.browser.post(f"/en/rights/{request}/package/")
    assert answer.status_code == 302, answer.content
    return str(answer.headers["Location"])


def taken(one: Resident, request: str) -> ZipFile:
    answer = one.browser.get(linked(one, request))
    assert answer.status_code == 200
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def read(package: ZipFile, name: str) -> Any:
    return json.decode(package.read(name))


def kept() -> tuple[int, int]:
    """How many packages there are, and whether any piece is."""
    with scope(Role.WORKER):
        return Package.objects.count(), Piece.objects.count()


def states(request: str) -> dict[str, str]:
    """{source or register: how far its part is}."""
    with scope(Role.WORKER):
        return dict(Part.objects.filter(request_id=UUID(request)).values_list("source", "state"))


def parts_by_hand(request: str) -> list[Part]:
    """Those that a person looks for."""
    with scope(Role.WORKER):
        return list(Part.objects.filter(request=UUID(request), state=PartState.BY_HAND))


def row_of(request: str) -> Request:
    with scope(Role.WORKER):
        return Request.objects.get(pk=request)


def signed_in_again(one: Resident) -> Resident:
    """The same person in another session: later, or elsewhere."""
    user = User.objects.get(person=one.person)
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    identified(browser, at=timezone.now())
    session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    browser.cookies[cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)] = session.value
    return Resident(browser, one.person)
