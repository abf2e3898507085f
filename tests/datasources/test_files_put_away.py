"""A file is put away once all that was read from it is safe, and never by a trial."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from datasources.actions.asking import ask_for, fetch_person
from datasources.actions.pulls import pull_source
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.models import Asking, Pull, PullKind, PullState, Sheet, Source, TrialKind
from datasources.queries.sources import secrets_place
from portal.keys.seals import seal_by_ring
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, connect, source
from tests.datasources.dropping import mapping_of, opened, written
from tests.datasources.file_server import PASSWORD, FileServer, file_server

FIRST = written("csv", [(CODES["raili"], "Halli", "1")])
SECOND = written("csv", [(CODES["raili"], "Halli", "2")])
VISITS = {"sports-visits": mapping_of()}
# Two datasets from one file: the second wants a column that only a good file has.
SHARED = VISITS | {"sports-courses": mapping_of(columns={"course": "kurssi"})}
DONE, FAILED = (PullState.DONE, ""), PullState.FAILED


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    (tmp_path / "drop").mkdir()
    with file_server(tmp_path / "drop") as running:
        yield running


@pytest.fixture(params=["sftp", "folder"])
def way(request: pytest.FixtureRequest, catalogue: None, server: FileServer, tmp_path: Path, settings: Any) -> Any:
    """Settings of a source that is reached this way."""
    settings.SOURCES_DROP_FOLDERS = tmp_path
    arrive("raili")
    return server.settings if request.param == "sftp" else {"via": "folder", "folder": "drop"}


def lead(way: dict[str, Any], mapping: dict[str, Any] = VISITS, **settings: Any) -> None:
    """Have the sports services' source read this way."""
    secrets = seal_by_ring("sources", json.dumps({"password": PASSWORD}).encode(), aad=secrets_place("sports"))
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="sports").update(settings=way | settings, mapping=mapping, sealed_secrets=secrets)


def pull(*, minutes: int = 0) -> Pull:
    at = NIGHT + timedelta(minutes=minutes)
    return pull_source(source("sports").pk, kind=PullKind.NIGHTLY, by=BY, at=at)


def told(done: Pull) -> tuple[str, str]:
    return done.state, done.error


def held() -> dict[str, bytes]:
    with scope(Role.WORKER):
        return {slug: bytes(digest) for slug, digest in Sheet.objects.values_list("dataset__slug", "digest")}


def put(folder: Path, content: bytes = FIRST, name: str = "visits.csv") -> None:
    (folder / name).write_bytes(content)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def archived(folder: Path) -> list[tuple[str, bytes]]:
    """(name without its time, content) in the order of their times."""
    kept = sorted((folder / "archive").iterdir()) if (folder / "archive").exists() else []
    return [(path.name.partition("Z-")[2], path.read_bytes()) for path in kept]


def promise(content: bytes) -> dict[str, Any]:
    return {"name": "visits.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": 1}


def test_what_was_read_is_archived_and_nothing_is_overwritten(way: Any, server: FileServer) -> None:
    lead(way, after_reading="archive")
    for minutes, content in enumerate((FIRST, SECOND, FIRST)):
        put(server.folder, content)
        done = pull(minutes=minutes)
        assert (told(done), done.changed, left(server.folder)) == (DONE, 1, [])
    assert archived(server.folder) == [("visits.csv", FIRST), ("visits.csv", SECOND), ("visits.csv", FIRST)]


def test_a_night_without_a_new_file_is_no_fault_and_the_sheets_stay(way: Any, server: FileServer) -> None:
    lead(way, after_reading="remove")
    put(server.folder)
    pull()
    before = held()
    done = pull(minutes=1)
    assert (left(server.folder), told(done), done.rows_read, done.removed) == ([], DONE, 0, 0)
    assert (len(before), held(), source("sports").failures) == (1, before, 0)


def test_without_the_setting_a_file_stays_where_it_is(way: Any, server: FileServer) -> None:
    lead(way)
    put(server.folder)
    pull()
    assert (left(server.folder), archived(server.folder)) == (["visits.csv"], [])


def test_a_file_of_two_datasets_waits_for_both(way: Any, server: FileServer) -> None:
    lead(way, SHARED, after_reading="archive")
    put(server.folder)
    assert told(pull()) == (FAILED, "sports-courses: visits.csv no longer has the column kurssi.")
    assert left(server.folder) == ["visits.csv"]
    whole = written("csv", [(CODES["raili"], "Halli", "1", "Uinti")], ("henkilotunnus", "paikka", "maara", "kurssi"))
    put(server.folder, whole)
    assert told(pull(minutes=1)) == DONE
    assert archived(server.folder) == [("visits.csv", whole)]


def test_a_refused_file_stays_where_it_is(way: Any, server: FileServer) -> None:
    lead(way, {"sports-visits": mapping_of(born="syntynyt")}, after_reading="archive")
    put(server.folder, f"henkilotunnus;paikka;maara;syntynyt\n{CODES['raili']};Halli;1;1.1.1900\n".encode())
    done = pull()
    assert (done.state, done.rejected, held(), left(server.folder)) == (FAILED, 1, {}, ["visits.csv"])


def test_a_checksum_goes_with_its_file(way: Any, server: FileServer) -> None:
    lead(way, after_reading="archive", check_by="checksum")
    beside = f"{hashlib.sha256(FIRST).hexdigest()} *visits.csv\n".encode()
    put(server.folder)
    put(server.folder, beside, "visits.csv.sha256")
    assert (told(pull()), left(server.folder)) == (DONE, [])
    assert archived(server.folder) == [("visits.csv", FIRST), ("visits.csv.sha256", beside)]


def test_a_manifest_goes_with_the_last_file_that_it_names(way: Any, server: FileServer) -> None:
    others = mapping_of(file="courses.csv", columns={"course": "paikka"})
    lead(way, VISITS | {"sports-courses": others}, after_reading="remove", check_by="manifest")
    courses = promise(FIRST) | {"name": "courses.csv"}
    put(server.folder, json.dumps({"files": [promise(FIRST), courses | {"rows": 9}]}).encode(), "manifest.json")
    put(server.folder)
    put(server.folder, name="courses.csv")
    assert told(pull())[0] == FAILED
    assert left(server.folder) == ["courses.csv", "manifest.json"]
    put(server.folder, json.dumps({"files": [courses]}).encode(), "manifest.json")
    assert (told(pull(minutes=1)), left(server.folder)) == (DONE, [])


@pytest.mark.parametrize("kind", list(TrialKind))
def test_a_trial_puts_nothing_away(way: Any, server: FileServer, kind: TrialKind) -> None:
    lead(way, after_reading="remove")
    put(server.folder)
    file = {"file": "visits.csv"}
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source("sports"), kind, by=BY, at=NIGHT, reason="To see that it stays.", asked_for=file)
    assert (run_trial(trial.pk, by=BY, at=NIGHT).error, left(server.folder)) == ("", ["visits.csv"])


def test_a_file_that_came_meanwhile_stays(way: Any, server: FileServer, tmp_path: Path) -> None:
    connector = opened(way | {"after_reading": "remove"}, VISITS, root=tmp_path)
    put(server.folder)
    assert len(list(connector.everyone("sports-visits"))) == 1
    put(server.folder, SECOND + b"\n")
    connector.settle("sports-visits")
    connector.close()
    assert left(server.folder) == ["visits.csv"]


def test_what_was_not_read_to_its_end_is_not_put_away(way: Any, server: FileServer, tmp_path: Path) -> None:
    connector = opened(way | {"after_reading": "remove"}, VISITS, root=tmp_path)
    put(server.folder)
    next(connector.everyone("sports-visits"))
    connector.settle("sports-visits")
    connector.close()
    assert left(server.folder) == ["visits.csv"]


def test_asking_about_one_person_when_nothing_new_is_there_is_no_failure(way: Any, server: FileServer) -> None:
    lead(way, after_reading="remove")
    put(server.folder)
    pull()
    before = held()
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.exclude(slug="sports").update(switched_on=False)
        Source.objects.filter(slug="sports").update(live=True)
    raili = arrive("raili")
    ask_for(raili, by=resident(raili), at=NIGHT + timedelta(minutes=1))
    fetch_person(raili, by=BY, at=NIGHT + timedelta(minutes=1))
    with scope(Role.WORKER):
        answers = list(Asking.objects.exclude(answered_at=None).values_list("error", flat=True))
    assert (len(before), held(), source("sports").failures, answers) == (1, before, 0, [""])


@pytest.mark.parametrize("way", ["sftp"], indirect=True)
@pytest.mark.parametrize("after", ["archive", "remove"])
def test_a_server_that_lets_nothing_be_put_away_is_told_of(way: Any, server: FileServer, after: str) -> None:
    lead(way, SHARED | {"sports-courses": mapping_of(file="b.csv", columns={"course": "paikka"})}, after_reading=after)
    put(server.folder)
    put(server.folder, name="b.csv")
    server.kept = {"visits.csv"}
    sentence = "sports-visits: visits.csv was read, but the file server does not let the portal put it away."
    assert told(pull()) == (FAILED, sentence)
    assert (len(held()), left(server.folder)) == (2, ["visits.csv"])


@pytest.mark.parametrize("way", ["folder"], indirect=True)
def test_an_archive_that_is_a_link_is_not_followed(way: Any, server: FileServer, tmp_path: Path) -> None:
    lead(way, after_reading="archive")
    put(server.folder)
    (tmp_path / "elsewhere").mkdir()
    (server.folder / "archive").symlink_to(tmp_path / "elsewhere")
    assert told(pull()) == (FAILED, "sports-visits: visits.csv was read, but it could not be put away.")
    assert (len(held()), left(server.folder), left(tmp_path / "elsewhere")) == (1, ["visits.csv"], [])


def test_a_file_is_put_away_only_after_its_sheets_are_committed(
    loaded_city: None, city: City, committed_db: str, superuser: psycopg.Connection, server: FileServer
) -> None:
    connect(city)
    arrive("raili")
    lead(server.settings, after_reading="archive")
    put(server.folder)
    seen: list[Any] = []
    server.when_moved = lambda: seen.append(superuser.execute("SELECT count(*) FROM datasources_sheet").fetchone())
    assert (told(pull()), seen) == (DONE, [(1,)])
