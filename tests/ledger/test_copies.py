"""Seals outside the database: copied apart from the numbering, tried again, and staff told when it fails for long."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIRequestFactory, force_authenticate

from consents.api.disclosures import DisclosuresView
from portal.ledger.copies import _are_overdue, check_against_copies, copies_in, copy_newest, to_folder
from portal.ledger.management.commands.sequencer import Command
from portal.ledger.models import Checkpoint, Copying
from portal.ledger.posting import CopyFailed
from portal.ledger.tiles import TreeBroken
from portal.outward.addresses import inward, let_inward
from portal.rest.authentication import Caller
from portal.walls import Role, scope
from tests.ledger.sealed import AT, leave, seal
from tests.staffing import Hire, hire
from tests.web import thread_of

__all__ = ["hire"]
SOON = AT + timedelta(seconds=10)


class Keeper(ThreadingHTTPServer):
    """Somebody outside who keeps what is posted, or does not."""

    kept: list[str]
    status: int

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keeping)
        self.kept, self.status = [], 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/seals"


class _Keeping(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert isinstance(self.server, Keeper)
        if self.server.status == 204:
            self.server.kept.append(told)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def keeper(settings: LazySettings) -> Iterator[Keeper]:
    before = inward()
    let_inward(["127.0.0.0/8"])
    server = Keeper()
    settings.CHECKPOINT_URL = server.url
    try:
        with thread_of(server):
            yield server
    finally:
        server.server_close()
        let_inward(before)


def copying() -> Copying:
    with scope(Role.WORKER):
        return Copying.objects.get()


@pytest.mark.django_db
def test_the_newest_seal_is_copied_to_the_folder_once(settings: LazySettings, tmp_path: Path) -> None:
    settings.CHECKPOINT_FOLDER = tmp_path
    for count in (2, 3):
        leave(count)
        seal()
    went = [copy_newest(at=SOON), copy_newest(at=SOON)]
    ((size, path),) = copies_in(tmp_path)
    assert (went, size, path.read_text()) == ([True, True], 5, Checkpoint.objects.get(size=5).note)
    assert (path.parent.name, [each.name for each in path.parent.iterdir()]) == ("2026-11-24", [path.name])
    assert (copying().size, copying().copied_at, copying().failing_since_at) == (5, SOON, None)


@pytest.mark.django_db
def test_a_copy_is_never_written_over(settings: LazySettings, tmp_path: Path) -> None:
    leave(1)
    seal()
    checkpoint = Checkpoint.objects.get()
    to_folder(tmp_path, checkpoint)
    to_folder(tmp_path, checkpoint)
    checkpoint.note = "another"
    with pytest.raises(CopyFailed, match="Another seal of this size is there"):
        to_folder(tmp_path, checkpoint)
    ((_, path),) = copies_in(tmp_path)
    assert path.read_text() == Checkpoint.objects.get().note


@pytest.mark.django_db
def test_a_folder_that_fails_is_tried_again_and_remembered(settings: LazySettings, tmp_path: Path) -> None:
    settings.CHECKPOINT_FOLDER = tmp_path / "away"
    settings.CHECKPOINT_FOLDER.write_text("no folder")
    leave(1)
    seal()
    went = [copy_newest(at=AT), copy_newest(at=SOON)]
    since, error = copying().failing_since_at, copying().error
    settings.CHECKPOINT_FOLDER.unlink()
    assert (went, since, error) == ([False, False], AT, "NotADirectoryError")
    assert (copy_newest(at=SOON), copying().failing_since_at, copying().error) == (True, None, "")


@pytest.mark.django_db
def test_the_seal_is_posted_and_a_refusal_is_remembered(keeper: Keeper) -> None:
    leave(1)
    seal()
    keeper.status = 503
    went = [copy_newest(at=AT)]
    error, keeper.status = copying().error, 204
    went += [copy_newest(at=SOON), copy_newest(at=SOON)]
    assert (went, error) == ([False, True, True], "The address answered 503.")
    assert keeper.kept == [Checkpoint.objects.get().note]


@pytest.mark.django_db
def test_nothing_is_posted_inward(keeper: Keeper) -> None:
    let_inward([])
    leave(1)
    seal()
    assert (copy_newest(at=AT), copying().error, keeper.kept) == (False, "The address points inward.", [])


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "nonsense", "ftp://example.org/", "http://no-such.invalid/"])
@pytest.mark.django_db
def test_an_address_where_nobody_is_is_a_fault_and_no_crash(url: str, keeper: Keeper, settings: LazySettings) -> None:
    settings.CHECKPOINT_URL = url
    leave(1)
    seal()
    assert (copy_newest(at=AT), copying().failing_since_at) == (False, AT)


@pytest.mark.django_db
def test_the_command_seals_and_copies_before_it_ends(settings: LazySettings, tmp_path: Path) -> None:
    settings.CHECKPOINT_FOLDER = tmp_path
    leave(4)
    call_command("sequencer", "--once")
    assert [size for size, _ in copies_in(tmp_path)] == [4]


def test_copying_goes_on_beside_the_numbering_while_an_address_is_silent(
    committed_db: str, keeper: Keeper, settings: LazySettings, tmp_path: Path
) -> None:
    """The address takes the connection and says nothing: the log is numbered meanwhile."""
    silent = socket.create_server(("127.0.0.1", 0))
    settings.CHECKPOINT_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    leave(1)
    seal()
    stop = threading.Event()
    copier = threading.Thread(target=Command()._copy, args=(stop,))
    copier.start()
    asked, _ = silent.accept()
    leave(3)
    numbered = seal()
    asked.close()
    silent.close()
    stop.set()
    copier.join()
    assert (numbered, copying().error in {"ReadError", "RemoteProtocolError"}) == (3, True)


@pytest.mark.django_db
def test_a_database_that_was_put_back_is_not_sealed_into_another_log(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(2)
    seal()
    newest = Checkpoint.objects.get()
    newest.size = 9
    to_folder(tmp_path, newest)
    settings.CHECKPOINT_FOLDER = tmp_path
    leave(1)
    with pytest.raises(TreeBroken), scope(Role.WORKER):
        check_against_copies()
    call_command("sequencer", "--once")
    assert Checkpoint.objects.count() == 1
    assert capsys.readouterr().err.startswith("Nothing is sealed: The newest copy of a seal is not one of this log.")


@pytest.mark.security("F20")
@pytest.mark.django_db
def test_staff_are_told_of_copies_that_fail_for_long_of_what_waits_and_of_a_clock_set_back(
    hire: Hire, settings: LazySettings, tmp_path: Path
) -> None:
    now = timezone.now()
    settings.CHECKPOINT_FOLDER = tmp_path / "away"
    settings.CHECKPOINT_FOLDER.write_text("no folder")
    auditor = hire("auditor", "*")
    leave(1)
    seal(at=now)
    copy_newest(at=now - timedelta(minutes=14))
    calm = auditor.get("/admin/").content.decode()
    with scope(Role.WORKER):
        Copying.objects.update(failing_since_at=now - timedelta(minutes=16))
    leave(1)
    seal(at=now - timedelta(hours=1))
    told = auditor.get("/admin/").content.decode()
    sentences = ("have not been copied out since", "clock was set back after")
    assert [sentence in calm for sentence in sentences] == [False, False]
    assert [sentence in told for sentence in sentences] == [True, True]
    pages = [auditor.get(f"/admin/ledger/{page}/").status_code for page in ("checkpoint", "copying")]
    assert (pages, "copied out" in hire("desk", "sports").get("/admin/").content.decode()) == ([200, 200], False)


@pytest.mark.security("F20")
@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "status"), [(3, 404), (5, 503)])
def test_departments_get_no_data_when_copies_have_failed_for_four_hours(
    hours: int, status: int, settings: LazySettings, tmp_path: Path
) -> None:
    now = timezone.now()
    settings.CHECKPOINT_FOLDER = tmp_path / "away"
    settings.CHECKPOINT_FOLDER.write_text("no folder")
    leave(1)
    seal(at=now)
    copy_newest(at=now - timedelta(hours=hours))
    caller = Caller(uuid4(), "sports", frozenset({"data:read"}))
    told = {
        "purpose": "no-such-purpose",
        "subject": {"subject": "kL3vQ0b8nA1xYc5Rr2eWtg"},
        "datasets": ["sports-courses"],
    }
    asked = APIRequestFactory().post("/api/v1/disclosures/", told, "json", headers={"Idempotency-Key": str(uuid4())})
    force_authenticate(asked, cast("Any", caller))
    _are_overdue.cache_clear()
    answer = DisclosuresView.as_view()(asked)
    _are_overdue.cache_clear()
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("600" if status == 503 else None)
