"""A package asked for, made and taken, as a resident's browser and a worker do it."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from msgspec import json

from portal.pages.tasks import make_package
from portal.requests.models import Package, Part, Piece, Request
from portal.walls import Role, scope
from tests.residents import Resident


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
        return dict(Part.objects.filter(request=request).values_list("source", "state"))


def row_of(request: str) -> Request:
    with scope(Role.WORKER):
        return Request.objects.get(pk=request)
