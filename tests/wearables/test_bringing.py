"""A file from a watch: never without a yes, sealed from its first byte, read once, and gone whatever came of it."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from datasources.wearables import spool
from datasources.wearables.actions import reading
from datasources.wearables.actions.bringing import GIVEN_UP_AFTER, MOST_AT_ONCE, sweep
from datasources.wearables.models import DayBooks, Figures, Import
from datasources.wearables.points import Apart
from datasources.wearables.queries.figures import held_by
from datasources.wearables.queries.imports import ImportReport, report_of
from demo.people.person import identity_code
from demo.watches import EXPORTS, days
from portal.jobs.models import Job
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident, enter
from tests.wearables.bringing import WORKER, allow, bring, days_ago, newest, read_all

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]
EXPORT = EXPORTS["apple"](days(days_ago(20), 20))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """The spool of this test alone."""
    settings.WATCH_SPOOL = tmp_path / "spool"
    return tmp_path / "spool"


def lying(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def told(one: Resident, row: Import) -> ImportReport:
    with scope(Role.RESIDENT, persons=[one.person]):
        report = report_of(row)
        assert report is not None
        return report


def figures(person: UUID) -> dict[tuple[str, str, str], float]:
    with scope(Role.RESIDENT, persons=[person]):
        return {(each.measure.value, str(each.day), each.source): each.value for each in held_by(person).figures}


def test_without_a_yes_not_one_byte_is_kept(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    assert bring(raili, EXPORT).headers["Location"] == "/fi/devices/"
    assert raili.browser.post("/fi/devices/parts/", {"size": "10"}).status_code == 404
    with scope(Role.WORKER):
        assert (lying(folder), Import.objects.count()) == ([], 0)


def test_a_file_is_sealed_read_and_gone(folder: Path, resident_in: Enter, superuser: psycopg.Connection) -> None:
    raili = resident_in("raili")
    allow(raili)
    answer = bring(raili, EXPORT)
    [path] = lying(folder)
    # Sealed: neither the export nor the beginning of any archive stands in it.
    assert b"PK\x03\x04" not in path.read_bytes()
    row = read_all(raili)
    assert answer.headers["Location"] == f"/fi/devices/files/{row.pk}/"
    assert (row.state, row.sealed_key, lying(folder)) == ("done", None, [])
    report = told(raili, row).report
    assert report.read == report.added + report.merged + sum(report.apart.values()) > 0
    assert {measure for measure, _, _ in figures(raili.person)} >= {"steps", "heart_rate", "sleep"}
    with scope(Role.WORKER):
        sealed = [*Figures.objects.values_list("sealed", flat=True), *DayBooks.objects.values_list("sealed", flat=True)]
        stored = b"".join(map(bytes, sealed))
        arguments = [job.arguments for job in Job.objects.filter(name="wearables.read_import")]
    assert (b"step_count" in stored, arguments) == (False, [{"import_id": str(row.pk)}])


def test_the_same_file_twice_is_once(resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    bring(raili, EXPORT)
    read_all(raili)
    before = figures(raili.person)
    bring(raili, EXPORT)
    report = told(raili, read_all(raili)).report
    assert figures(raili.person) == before
    assert report.added == 0
    assert report.merged > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xd8\xff\xe0" + b"x" * 4000, "muodossa"), (b"<!doctype html><html></html>", "verkkosivu"), (b"", "tyhj")],
)
def test_what_cannot_be_read_is_told_in_words_and_gone(
    content: bytes, words: str, folder: Path, resident_in: Enter
) -> None:
    raili = resident_in("raili")
    allow(raili)
    answer = bring(raili, content)
    page = answer.content.decode()
    if answer.status_code == 302:
        row = read_all(raili)
        assert row.state == "failed"
        page = raili.browser.get(answer.headers["Location"]).content.decode()
    assert words in page
    assert (lying(folder), figures(raili.person)) == ([], {})


def test_what_breaks_unexpectedly_leaves_nothing(
    folder: Path, resident_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    raili = resident_in("raili")
    allow(raili)
    bring(raili, EXPORT)
    [path] = lying(folder)
    # A byte of the sealed file is changed: its seal does not open any more.
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    row = read_all(raili)
    assert (row.state, row.fault, row.sealed_key, lying(folder)) == ("failed", "other", None, [])


def test_parts_make_the_same_file_and_a_part_that_came_twice_is_once(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    content = EXPORTS["apple"](days(days_ago(300), 300, every=2))
    assert len(content) > spool.CHUNK
    begun = raili.browser.post("/fi/devices/parts/", {"size": str(len(content))}).json()
    received = 0
    for begins in (0, 0, spool.CHUNK):
        part = content[begins : begins + spool.CHUNK] if begins == 0 else content[begins:]
        answer = raili.browser.post(f"{begun['next']}?from={begins}", part, "application/octet-stream").json()
        received = answer["received"]
    assert (received, answer["done"]) == (len(content), f"/fi/devices/files/{newest(raili.person).pk}/")
    assert read_all(raili).state == "done"
    by_parts = figures(raili.person)
    otso = resident_in("otso")
    allow(otso)
    bring(otso, content)
    read_all(otso)
    assert figures(otso.person) == by_parts


@pytest.mark.parametrize("begins", ["7", "-1", "x", str(spool.CHUNK)])
def test_a_part_out_of_turn_ends_it_or_changes_nothing(begins: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    begun = raili.browser.post("/fi/devices/parts/", {"size": str(3 * spool.CHUNK)}).json()
    answer = raili.browser.post(f"{begun['next']}?from={begins}", b"x" * 10, "application/octet-stream")
    assert (answer.status_code, answer.json().get("received", 0)) in [(200, 0), (409, 0)]


def test_more_than_four_gigabytes_are_refused_before_they_come(resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    answer = raili.browser.post("/fi/devices/parts/", {"size": str(spool.LARGEST + 1)})
    assert (answer.status_code, "4 gigatavua" in answer.json()["told"]) == (413, True)


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """No file may grow beyond this: the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_in_words_and_keeps_nothing(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    with no_room(100_000):
        answer = bring(raili, b"PK\x03\x04" + b"x" * (3 * spool.CHUNK))
    assert (answer.status_code, "ei ole juuri nyt tilaa" in answer.content.decode()) == (507, True)
    with scope(Role.WORKER):
        assert (lying(folder), Import.objects.count()) == ([], 0)


def test_a_worker_that_died_is_followed_by_another_and_nothing_counts_twice(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    bring(raili, EXPORT)
    upload = newest(raili.person)
    # Half read: the row says so, the file is there, and nobody goes on.
    assert reading._claimed(upload.pk, at=timezone.now()) is not None
    reading.read_import(upload.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert (newest(raili.person).state, lying(folder)) == ("done", [])
    report = told(raili, newest(raili.person)).report
    assert (report.merged, report.apart.get(Apart.DUPLICATE, 0)) == (0, report.apart.get(Apart.DUPLICATE, 0))


def test_a_file_that_was_read_is_not_read_again(resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    bring(raili, EXPORT)
    row = read_all(raili)
    # The bell may ring twice.
    reading.read_import(row.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert newest(raili.person).state == "done"
    reading.read_import(uuid4(), by=WORKER, at=timezone.now(), now=timezone.now)


def test_of_two_files_at_once_the_second_waits(resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    bring(raili, EXPORT)
    first = newest(raili.person)
    bring(raili, EXPORT)
    second = newest(raili.person)
    assert reading._claimed(first.pk, at=timezone.now()) is not None
    reading.read_import(second.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    assert newest(raili.person).state == "waiting"
    with scope(Role.WORKER):
        later = Job.objects.filter(name="wearables.read_import", due_at__gt=timezone.now())
        assert [job.arguments for job in later] == [{"import_id": str(second.pk)}]


def test_nobody_fills_the_disk_alone(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    told = [bring(raili, EXPORT).status_code for _ in range(MOST_AT_ONCE + 1)]
    assert (told, len(lying(folder))) == ([302] * MOST_AT_ONCE + [409], MOST_AT_ONCE)


def test_what_nobody_goes_on_with_is_swept_away(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    raili.browser.post("/fi/devices/parts/", {"size": "5000000"})
    bring(raili, EXPORT)
    left = folder / ("0" * 32)
    left.write_bytes(b"sealed")
    later = timezone.now() + GIVEN_UP_AFTER + timedelta(minutes=1)
    sweep(by=WORKER, at=later)
    with scope(Role.WORKER):
        rows = {(row.state, row.fault, row.sealed_key) for row in Import.objects.all()}
    assert (rows, lying(folder)) == ({("failed", "broken_off", None)}, [])


@pytest.mark.parametrize("path", ["devices/", "devices/remove/", "devices/figures/steps/"])
def test_below_fifteen_it_is_not_there(path: str, city: None) -> None:
    child = enter("child", code=identity_code(date(2014, 5, 6), 912, sign="A"))
    assert child.browser.get(f"/fi/{path}").status_code == 404
    assert bring(child, EXPORT).status_code == 404


def test_a_form_that_is_not_ours_brings_nothing(folder: Path, resident_in: Enter) -> None:
    raili = resident_in("raili")
    allow(raili)
    strict = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    strict.cookies = raili.browser.cookies
    answer = bring(Resident(strict, raili.person), EXPORT)
    assert (answer.status_code, lying(folder)) == (403, [])
    assert folder == settings.WATCH_SPOOL
