"""A web interface that can tell that nothing has changed is asked just that, and believed no further than it may be."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from datasources.actions.asking import ask_for, fetch_person
from datasources.actions.pulls import pull_source
from datasources.errors import Drifted, Garbled, Same
from datasources.models import Pull, PullKind, Reading, Sheet, Source
from datasources.queries.freshness import with_age
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import WebInterface, connector

LOANS = "library-loans"
MAPPING = {
    "listing": "/books", "search": "/search", "key": "code", "columns": {"title": "title"}, "items": "items",
    "next": "next", "paging": "cursor", "sweep_days": 7,
}  # fmt: skip


def tagged(content: bytes) -> dict[str, str]:
    return {"ETag": f'"{hashlib.sha256(content).hexdigest()}"'}


def dated(content: bytes) -> dict[str, str]:
    day = 1 + hashlib.sha256(content).digest()[0] % 27
    return {"Last_Modified": f"Sun, {day:02d} Nov 2020 10:00:00 GMT"}


def weak(content: bytes) -> dict[str, str]:
    return {"ETag": f"W/{tagged(content)['ETag']}"}


@pytest.fixture
def interface() -> Iterator[WebInterface]:
    with served(WebInterface(auth="none")) as running:
        running.validators = tagged
        running.items = [{"code": CODES[slug], "title": f"{slug} {n}"} for n in (1, 2) for slug in ("raili", "mikael")]
        yield running


@pytest.fixture
def library(catalogue: None, interface: WebInterface) -> Source:
    with scope(Role.STAFF, departments=["*"]):
        told = {"url": interface.url, "auth": "none", "page_size": 2}
        Source.objects.filter(slug="library").update(settings=told, sealed_secrets=None, mapping={LOANS: MAPPING})
    return source("library")


def night(number: float, *, kind: PullKind = PullKind.NIGHTLY) -> Pull:
    return pull_source(source("library").pk, kind=kind, by=BY, at=NIGHT + timedelta(days=number))


def listed(interface: WebInterface) -> list[dict[str, str]]:
    """Headers of the requests for the list since the last look."""
    told = [request.headers for request in interface.seen if request.path == "/api/books"]
    interface.seen.clear()
    return told


def sheets() -> dict[Any, tuple[Any, ...]]:
    with scope(Role.WORKER):
        # xmin tells that a row was written.
        rows = Sheet.objects.extra(select={"xmin": "xmin::text"}).values_list("person_id", "xmin", "pulled_at")
        return {row[0]: row for row in rows}


def as_of() -> set[datetime]:
    with scope(Role.WORKER):
        return set(with_age(Sheet.objects.all()).values_list("as_of", flat=True))


@pytest.mark.usefixtures("library")
class TestNights:
    @pytest.mark.parametrize("said", [tagged, dated, weak])
    def test_a_list_that_is_the_same_confirms_its_sheets_and_writes_none(
        self, said: Any, interface: WebInterface
    ) -> None:
        interface.validators = said
        arrive("raili"), arrive("mikael")
        assert night(0).changed == 2
        before, asked = sheets(), listed(interface)
        again = night(1)
        assert (again.error, again.changed, again.removed, again.rows_read) == ("", 0, 0, 0)
        assert (sheets(), as_of()) == (before, {NIGHT + timedelta(days=1)})
        conditional = [
            headers for headers in listed(interface) if {"if-none-match", "if-modified-since"} & set(headers)
        ]
        assert len(conditional) == len(asked) == 2

    def test_a_change_on_the_last_page_is_found_and_the_next_night_is_the_same_again(
        self, interface: WebInterface
    ) -> None:
        arrive("raili"), arrive("mikael")
        night(0)
        interface.items[-1]["title"] = "another"
        again = night(1)
        assert (again.changed, again.unchanged, again.rows_read) == (1, 1, 4)
        assert night(2).rows_read == 0

    def test_whoever_came_since_is_asked_about(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        newcomer = arrive("mikael", at=NIGHT + timedelta(hours=9))
        listed(interface)
        again = night(1)
        assert (again.changed, again.removed, len(listed(interface))) == (1, 0, 2)
        assert newcomer in sheets()

    def test_whoever_came_is_read_with_everyone_where_nobody_can_be_asked_about(self, interface: WebInterface) -> None:
        with scope(Role.STAFF, departments=["*"]):
            Source.objects.filter(slug="library").update(mapping={LOANS: MAPPING | {"search": ""}})
        arrive("raili")
        night(0)
        newcomer = arrive("mikael", at=NIGHT + timedelta(hours=9))
        assert night(1).rows_read == 4
        assert newcomer in sheets()

    def test_what_was_told_meanwhile_and_undone_again_is_asked_anew(self, interface: WebInterface) -> None:
        person = arrive("raili")
        night(0)
        first = sheets()
        interface.items[0]["title"] = "for a day"
        ask_for(person, by=resident(person), at=NIGHT + timedelta(hours=9))
        fetch_person(person, by=BY, at=NIGHT + timedelta(hours=9))
        assert sheets() != first
        interface.items[0]["title"] = "raili 1"
        assert night(1).changed == 1

    def test_after_a_week_everything_is_read(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0), night(6)
        assert night(7).rows_read == 4

    def test_by_hand_everything_is_read(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        assert night(1, kind=PullKind.BY_HAND).rows_read == 4

    @pytest.mark.parametrize(
        "change",
        [
            {"mapping": {LOANS: MAPPING | {"columns": {"title": "code"}}}},
            {"mapping_version": 2},
            {"settings": {"url": "URL", "auth": "none", "page_size": 3}},
            {"keeps_for": "all", "keeps_for_ground": "A ground."},
        ],
    )
    def test_another_setting_or_mapping_sends_no_condition(
        self, change: dict[str, Any], interface: WebInterface
    ) -> None:
        arrive("raili")
        night(0)
        if "settings" in change:
            change = {"settings": change["settings"] | {"url": interface.url}}
        with scope(Role.STAFF, departments=["*"]):
            Source.objects.filter(slug="library").update(**change)
        listed(interface)
        assert night(1).rows_read == 4
        assert not [headers for headers in listed(interface) if "if-none-match" in headers]

    def test_an_answer_that_was_cut_off_leaves_the_old_mark(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        with scope(Role.WORKER):
            before = Reading.objects.get().seen
        interface.items[0]["title"] = "another"
        interface.lie = {"next": {"odd": 1}}
        assert night(1).error
        with scope(Role.WORKER):
            assert (Reading.objects.get().seen, Reading.objects.get().read_at) == (before, NIGHT)
        interface.lie = {}
        assert night(2).changed == 1


class TestWhoLies:
    def test_a_304_that_nobody_asked_for_is_a_fault(self, interface: WebInterface) -> None:
        interface.always_304 = True
        with (
            closing(connector(interface, auth="none", secrets={})) as open_one,
            pytest.raises(Garbled, match="it was not asked"),
        ):
            list(open_one.everyone("books"))

    def test_a_304_about_another_page_is_not_believed(self, interface: WebInterface) -> None:
        with closing(connector(interface, auth="none", secrets={})) as open_one:
            seen = _seen(open_one)
            interface.always_304 = True
            interface.validators = lambda _: {"ETag": '"of something else"'}
            with (
                open_one.parts("books", seen=seen) as (part,),
                pytest.raises(Garbled, match="it was not asked"),
            ):
                list(part)

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"ETag": "no quotes"},
            {"ETag": '"010190-999X"'},
            {"Last_Modified": "yesterday"},
            {"Last_Modified": "Sun, 01 Nov 2099 10:00:00 GMT"},
        ],
    )
    def test_what_cannot_be_known_again_has_no_mark(self, said: dict[str, str], interface: WebInterface) -> None:
        interface.validators = lambda _: said
        with closing(connector(interface, auth="none", secrets={})) as open_one:
            assert _seen(open_one) == ""

    def test_one_page_without_a_tag_and_there_is_no_mark(self, interface: WebInterface) -> None:
        interface.validators = lambda content: {} if b'"next": null' in content else tagged(content)
        with closing(connector(interface, auth="none", secrets={})) as open_one:
            assert _seen(open_one) == ""

    def test_what_was_not_read_to_its_end_has_no_mark(self, interface: WebInterface) -> None:
        with closing(connector(interface, {"columns": {"x": "gone"}}, auth="none", secrets={})) as open_one:
            with pytest.raises(Drifted):
                list(open_one.everyone("books"))
            assert open_one.mark("books").seen == ""

    def test_a_mark_that_fits_is_told_the_same(self, interface: WebInterface) -> None:
        with closing(connector(interface, auth="none", secrets={})) as open_one:
            with open_one.parts("books", seen=_seen(open_one)) as (part,), pytest.raises(Same):
                list(part)
            with open_one.parts("books", seen="no mark at all") as (part,):
                assert len(list(part)) == 2


def _seen(open_one: Any) -> str:
    with open_one.parts("books") as (part,):
        list(part)
    return str(open_one.mark("books").seen)
