"""What a view leaves to be read later: rendering stays behind the wall, and a stream reads nothing at all."""

from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone

from consents.models import Consent
from portal.ledger.actions import record
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.pages.door import ResidentRequest, resident_page
from portal.people.kinds import PeopleEntry
from portal.people.models import User, UserKind
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


def _later(request: HttpRequest, rows: Any, shown: str) -> TemplateResponse:
    """A response that reads every row there is, when it is rendered."""
    template = engines["django"].from_string("{% for row in rows %}{{ row." + shown + " }} {% endfor %}")
    return TemplateResponse(request, cast("Any", template), {"rows": rows})


def _streamed(rows: Any) -> StreamingHttpResponse:
    """A response that reads every row there is, when it is sent."""

    def lines() -> Iterator[str]:
        yield from (str(row.pk) for row in rows)

    return StreamingHttpResponse(lines())


def _asking(person: Resident) -> ResidentRequest:
    request = RequestFactory().get("/")
    request.user = User.objects.get(person=person.person)
    return cast("ResidentRequest", request)


def test_what_a_residents_page_renders_is_their_own(resident_in: Enter) -> None:
    mine, _ = resident_in("raili"), resident_in("otso")
    page = resident_page(lambda request: _later(request, Consent.objects.all(), "person_id"))
    told = page(_asking(mine)).content.decode().split()
    assert (len(told) > 0, set(told)) == (True, {str(mine.person)})


def test_what_a_residents_page_streams_is_nothing(resident_in: Enter) -> None:
    mine = resident_in("raili")
    answer = resident_page(lambda _: cast("HttpResponse", _streamed(Consent.objects.all())))(_asking(mine))
    with pytest.raises(DatabaseError):
        b"".join(cast("StreamingHttpResponse", answer))


@pytest.fixture
def at_the_library(db: None) -> HttpRequest:
    """A request of the library's keeper, who has passed the second step; two departments have entries."""
    with scope(Role.WORKER):
        for department in ("library", "sports"):
            by = system("tests")
            record(PeopleEntry.SIGN_IN_REFUSED, by=by, at=timezone.now(), department=department)
    user = User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, is_staff=True, departments=["library"])
    request = RequestFactory().get("/admin/")
    request.user, request.door, request._second_step_passed = user, "staff", True  # type: ignore[attr-defined]
    return request


@pytest.mark.security("V8.4.1")
def test_what_the_back_office_renders_is_of_ones_own_department(at_the_library: HttpRequest) -> None:
    view: Callable[..., Any] = admin.site.admin_view(lambda each: _later(each, Entry.objects.all(), "department"))
    assert view(at_the_library).content.decode().split() == ["library"]


def test_what_the_back_office_streams_is_nothing(at_the_library: HttpRequest) -> None:
    answer = admin.site.admin_view(lambda _: cast("HttpResponse", _streamed(Entry.objects.all())))(at_the_library)
    with pytest.raises(DatabaseError):
        b"".join(cast("StreamingHttpResponse", answer))
