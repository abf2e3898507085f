"""A web interface that lists what changed since a moment; a file that lies there as it lay."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from datasources.actions.pulls import pull_source
from datasources.connectors.files.connector import FilesConnector
from datasources.errors import MisSet, Same
from datasources.models import Pull, PullKind, Reading, Source
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source
from tests.datasources.dropping import mapping_of, opened, written
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import WebInterface, connector
from tests.datasources.test_files_pickup import checksum

LOANS = "library-loans"
MAPPING = {
    "listing": "/books", "search": "/search", "key": "code", "columns": {"title": "title"}, "items": "items",
    "next": "next", "paging": "cursor", "since_parameter": "changed_since", "sweep_days": 7,
}  # fmt: skip
OLD, NEW = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


@pytest.fixture
def interface() -> Iterator[WebInterface]:
    with served(WebInterface(auth="none")) as running:
        people = ("raili", "mikael", "aino")
        running.items = [{"code": CODES[slug], "title": slug, "changed": OLD} for slug in people if slug in CODES]
        yield running


@pytest.fixture
def library(catalogue: None, interface: WebInterface) -> None:
    with scope(Role.STAFF, departments=["*"]):
        told = {"url": interface.url, "auth": "none", "page_size": 2}
        Source.objects.filter(slug="library").update(settings=told, sealed_secrets=None, mapping={LOANS: MAPPING})


def night(number: float) -> Pull:
    return pull_source(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(days=number))


@pytest.mark.usefixtures("library")
class TestChangedSince:
    def test_whoever_is_known_here_is_asked_about_and_nobody_else(self, interface: WebInterface) -> None:
        arrive("raili")
        assert night(0).changed == 1
        interface.seen.clear()
        for item in interface.items:
            item |= {"title": "another", "changed": NEW}
        again = night(1)
        assert (again.error, again.changed, again.removed) == ("", 1, 0)
        assert [request.path for request in interface.seen].count("/api/search") == 1

    def test_it_asks_from_the_systems_own_time_a_little_earlier(self, interface: WebInterface) -> None:
        night(0)
        interface.seen.clear()
        night(1)
        since = datetime.fromisoformat(interface.seen[0].query["changed_since"])
        assert timedelta(minutes=9) < datetime.now(UTC) - since < timedelta(minutes=12)

    @pytest.mark.parametrize("days", [-3, 3])
    def test_a_clock_that_is_wrong_by_days_is_asked_by_itself(self, interface: WebInterface, days: int) -> None:
        interface.ahead = days * 86_400.0
        night(0)
        interface.seen.clear()
        assert night(1).error == ""
        since = datetime.fromisoformat(interface.seen[0].query["changed_since"])
        theirs = datetime.now(UTC) + timedelta(days=days)
        assert timedelta(minutes=9) < theirs - since < timedelta(minutes=12)

    def test_a_record_that_is_told_to_be_gone_goes(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        interface.items = [item for item in interface.items if item["code"] != CODES["raili"]]
        interface.removed = [{"code": CODES["raili"]}]
        assert night(1).removed == 1

    def test_what_is_gone_untold_is_found_after_a_week(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        interface.items = [item for item in interface.items if item["code"] != CODES["raili"]]
        assert [night(day).removed for day in (1, 6, 7)] == [0, 0, 1]

    def test_whoever_came_since_is_asked_about(self) -> None:
        night(0)
        arrive("mikael", at=NIGHT + timedelta(hours=9))
        assert night(1).changed == 1

    def test_a_night_that_failed_is_made_up_for(self, interface: WebInterface) -> None:
        arrive("raili")
        night(0)
        with scope(Role.WORKER):
            before = Reading.objects.get().watermark
        interface.items[0] |= {"title": "another", "changed": NEW}
        interface.instead = [(404, {})]
        assert night(1).error
        with scope(Role.WORKER):
            assert Reading.objects.get().watermark == before
        assert night(2).changed == 1


def test_changes_without_a_search_cannot_be_used(interface: WebInterface) -> None:
    mapping = {"since_parameter": "since", "search": ""}
    with (
        closing(connector(interface, mapping, auth="none", secrets={})) as open_one,
        pytest.raises(MisSet, match="search"),
    ):
        list(open_one.everyone("books"))


class TestFiles:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        file = tmp_path / "visits.csv"
        file.write_bytes(written("csv", [("A", "Halli", "1")]))
        _age(file)
        return file

    def test_the_same_file_is_not_read_again(self, file: Path) -> None:
        with closing(_drop(file)) as drop, drop.parts("visits", seen=_seen(drop)) as (part,), pytest.raises(Same):
            list(part)

    @pytest.mark.parametrize("same_age", [True, False])
    def test_another_file_is_read(self, file: Path, same_age: bool) -> None:
        with closing(_drop(file)) as drop:
            seen = _seen(drop)
            stamp = file.stat()
            file.write_bytes(written("csv", [("A", "Halli", "12")]))
            if same_age:
                os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
            with drop.parts("visits", seen=seen) as (part,):
                assert len(list(part)) == 1

    def test_a_file_of_just_now_has_no_mark(self, file: Path) -> None:
        file.touch()
        with closing(_drop(file)) as drop:
            assert _seen(drop) == ""

    def test_a_file_that_is_put_away_has_no_mark(self, file: Path) -> None:
        with closing(_drop(file, after_reading="archive")) as drop:
            assert _seen(drop) == ""

    def test_another_promise_is_another_file(self, file: Path) -> None:
        told = file.with_name("visits.csv.sha256")
        told.write_bytes(checksum(file.read_bytes()))
        with closing(_drop(file, check_by="checksum")) as drop:
            seen = _seen(drop)
            with drop.parts("visits", seen=seen) as (part,), pytest.raises(Same):
                list(part)
            told.write_bytes(checksum(b"another"))
            with drop.parts("visits", seen=seen) as (part,), pytest.raises(Exception, match="does not agree"):
                list(part)


def _age(file: Path) -> None:
    long_ago = time.time() - 3600
    os.utime(file, (long_ago, long_ago))


def _drop(file: Path, **settings: Any) -> FilesConnector:
    return opened({"via": "folder"} | settings, {"visits": mapping_of()}, root=file.parent)


def _seen(drop: FilesConnector) -> str:
    with drop.parts("visits") as (part,):
        list(part)
    return drop.mark("visits").seen
