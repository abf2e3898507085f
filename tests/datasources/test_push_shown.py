"""Keepers see of a system that sends who may, what came last, and that it is silent for longer than it promised."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import override

from datasources.admin.sources import SourceAdmin
from datasources.models import Source
from datasources.queries.health import health_text
from datasources.queries.holdings import departments_of
from portal.rest.actions import Wishes, make_client
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, arrive, source
from tests.datasources.pushing import gone, let_it_send, loan, push


@pytest.fixture(autouse=True)
def library_sends(catalogue: None) -> None:
    let_it_send()


def shown(slug: str = "library") -> dict[str, str]:
    """What stands beside the labels on the page of a source."""
    page = SourceAdmin(Source, admin.site)
    with scope(Role.STAFF, departments=["*"]), override("en"):
        row = source(slug)
        fields: list[Any] = [name for _, part in page.get_fieldsets(HttpRequest(), row) for name in part["fields"]]
        return {name: str(getattr(page, name)(row)) for name in page.how_it_sends if name in fields}


def test_who_may_send_and_what_came_last() -> None:
    told = {"who_may_send": "None. Give one the right to send (data:write).", "last_push": "–"}
    assert shown() == told
    with scope(Role.STAFF, departments=["library"]):
        for name, right in (("Loans desk", "data:write"), ("Questions", "consents:check")):
            make_client("library", Wishes(name=name, scopes=[right], jwks={}), by=BY, at=NIGHT)
    arrive("mikael")
    push(loan("mikael", "1"), loan("mikael", "2"), loan("raili"), b"[]", gone("mikael", "2"), loan("mikael", "1"))
    assert shown() == {
        "who_may_send": "Loans desk",
        "last_push": "24\xa0November\xa02026 at\xa004.10: 6 lines, of which 2 changed a record, "
        "1 deleted one, 1 changed nothing, 1 were about people who do not use the service, and 1 could not be taken.",
    }


def test_a_system_that_is_read_has_none_of_it() -> None:
    assert shown("sports") == {}


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [(1, "It last sent records 24\xa0November\xa02026 at\xa004.10."), (50, "which is longer ago than it promised.")],
)
def test_a_longer_silence_than_it_promised_is_told(hours: int, sentence: str) -> None:
    push(loan("raili"))
    with override("en"):
        assert sentence in health_text(source("library"), at=NIGHT + timedelta(hours=hours + 1))


def test_what_has_never_sent_and_what_is_off_are_told_apart() -> None:
    library = source("library")
    with override("en"):
        never = health_text(library, at=NIGHT)
        library.switched_on = False
        assert (never, health_text(library, at=NIGHT)) == (
            "It has not sent anything yet.",
            "Nothing is taken from it at the moment.",
        )


def test_a_system_that_sends_does_not_speak_for_one_that_is_read() -> None:
    mikael = arrive("mikael")
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="sports-gates").update(last_success_at=NIGHT)
        Source.objects.filter(slug="sports").update(last_success_at=NIGHT - timedelta(days=9), failures=3)
    with scope(Role.RESIDENT, persons=[mikael]):
        states = {card.slug: card.source for card in departments_of(mikael)}
    sports = states["sports"]
    assert sports is not None
    assert (sports.failed, sports.last_success_at) == (True, NIGHT - timedelta(days=9))
