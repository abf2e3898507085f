"""A file is picked up whole or left alone, by SFTP and from a folder of this machine."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from datasources.connectors.files.connector import FilesConnector
from datasources.errors import Drifted, Garbled, MisSet, NothingNew, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources.dropping import mapping_of, opened, read, rows_in, written
from tests.datasources.file_server import FileServer, file_server

GOOD = written("csv", [("A", "Halli", "1"), ("B", "Halli", "2")])
VISITS = {"visits": mapping_of()}
Read = Callable[..., list[Any]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    with file_server(tmp_path) as running:
        yield running


@pytest.fixture(params=["sftp", "folder"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """Read `visits` of the folder, both ways."""
    where = request.getfixturevalue("server").settings if request.param == "sftp" else {"via": "folder"}

    def reading(*, seconds: float = 10, **settings: Any) -> list[Any]:
        return rows_in(read(opened(where | settings, VISITS, root=tmp_path, seconds=seconds)))

    return reading


def put(folder: Path, content: bytes = GOOD) -> Path:
    file = folder / "visits.csv"
    file.write_bytes(content)
    return file


def refused(told: Read, kind: type[SourceFault], **settings: Any) -> str:
    with pytest.raises(kind) as fault:
        told(**settings)
    return str(fault.value)


def checksum(content: bytes, name: str = "visits.csv") -> bytes:
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def manifest(content: bytes, **more: Any) -> bytes:
    entry = {"name": "visits.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "rows": 2}
    return json.dumps({"files": [entry | more]}).encode()


class TestPromises:
    def test_a_file_that_keeps_to_its_checksum_is_read(self, told: Read, tmp_path: Path) -> None:
        put(tmp_path)
        (tmp_path / "visits.csv.sha256").write_bytes(checksum(GOOD))
        assert len(told(check_by="checksum")) == 2

    @pytest.mark.parametrize(
        ("promise", "sentence"),
        [
            (None, "visits.csv.sha256 is not in the folder yet. What it is about is left alone until it comes."),
            (
                checksum(GOOD + b"C;;\n"),
                "visits.csv does not agree with its checksum in visits.csv.sha256. It is left alone.",
            ),
            (checksum(GOOD, "others.csv"), "visits.csv.sha256 is not a checksum of visits.csv as sha256sum writes it."),
            (b"\xff", "visits.csv.sha256 is not a checksum of visits.csv as sha256sum writes it."),
        ],
    )
    def test_a_file_that_does_not_is_left_alone(
        self, told: Read, tmp_path: Path, promise: bytes | None, sentence: str
    ) -> None:
        put(tmp_path)
        if promise is not None:
            (tmp_path / "visits.csv.sha256").write_bytes(promise)
        assert refused(told, Garbled, check_by="checksum") == sentence

    def test_a_file_that_keeps_to_the_manifest_is_read(self, told: Read, tmp_path: Path) -> None:
        put(tmp_path)
        (tmp_path / "manifest.json").write_bytes(manifest(GOOD))
        assert len(told(check_by="manifest")) == 2

    @pytest.mark.parametrize(
        ("promise", "sentence"),
        [
            (None, "manifest.json is not in the folder yet. What it is about is left alone until it comes."),
            (manifest(GOOD, rows=3), "visits.csv has 2 rows, and manifest.json says 3. Nothing of it was kept."),
            (manifest(GOOD, size=9), f"visits.csv has {len(GOOD)} bytes, and manifest.json says 9. It is left alone."),
            (
                manifest(GOOD, sha256="0" * 64),
                "visits.csv does not agree with its checksum in manifest.json. It is left alone.",
            ),
            (manifest(GOOD, name="others.csv"), "manifest.json says nothing of visits.csv. It is left alone."),
            (b"[]", "manifest.json is not a manifest: names, sizes, sha256 and rows of the files."),
            (b" " * (5 << 20), "manifest.json is too large to be a list of files."),
        ],
    )
    def test_a_file_that_does_not_keep_to_the_manifest_is_left_alone(
        self, told: Read, tmp_path: Path, promise: bytes | None, sentence: str
    ) -> None:
        put(tmp_path)
        if promise is not None:
            (tmp_path / "manifest.json").write_bytes(promise)
        assert refused(told, Garbled, check_by="manifest") == sentence


class TestWhole:
    def test_a_file_under_its_working_name_is_not_there_yet(self, told: Read, tmp_path: Path) -> None:
        (tmp_path / "visits.csv.part").write_bytes(GOOD)
        assert refused(told, Drifted) == "The file visits.csv is not in the folder."
        assert refused(told, NothingNew, after_reading="remove") == (
            "There is no new visits.csv in the folder. What was read before stays."
        )

    def test_a_file_that_lies_still_is_read_at_once(self, told: Read, tmp_path: Path) -> None:
        file = put(tmp_path)
        os.utime(file, (time.time() - 600,) * 2)
        assert len(told(quiet_seconds=600)) == 2

    @pytest.mark.parametrize("age", [0, -3600])
    def test_a_file_of_just_now_or_of_the_future_is_waited_for(self, told: Read, tmp_path: Path, age: int) -> None:
        file = put(tmp_path)
        os.utime(file, (time.time() - age,) * 2)
        began = time.monotonic()
        assert len(told(quiet_seconds=1.5)) == 2
        assert 0.3 < time.monotonic() - began < 6

    def test_a_file_is_not_waited_for_longer_than_there_is_time(self, told: Read, tmp_path: Path) -> None:
        put(tmp_path)
        sentence = refused(told, Garbled, quiet_seconds=60, seconds=2)
        assert sentence == "visits.csv was still being written; it is left alone until next time."

    def test_a_file_that_changes_while_it_is_read_is_left_alone(self, server: FileServer, tmp_path: Path) -> None:
        file = put(tmp_path, b"x" * (1 << 20))

        server.when_read = lambda: file.write_bytes(b"x" * (1 << 20) + b"more\n")
        with pytest.raises(Garbled, match="still being written; it is left alone until next time"):
            read(opened(server.settings, VISITS))

    def test_a_file_that_is_replaced_while_it_is_read_is_left_alone(self, server: FileServer, tmp_path: Path) -> None:
        file = put(tmp_path)

        def replace() -> None:
            (tmp_path / "next").write_bytes(GOOD)
            os.utime(tmp_path / "next", (1, 1))
            (tmp_path / "next").rename(file)

        server.when_read = replace
        with pytest.raises(Garbled, match="still being written"):
            read(opened(server.settings, VISITS))


class TestServer:
    def test_another_key_is_refused(self, server: FileServer, tmp_path: Path) -> None:
        put(tmp_path)
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        with pytest.raises(Refused) as fault:
            read(opened(server.settings | {"host_key": other}, VISITS))
        assert str(fault.value) == "The file server shows another key than the one agreed. Nothing was read."

    def test_a_private_key_lets_in_without_a_password(self, server: FileServer, tmp_path: Path) -> None:
        put(tmp_path)
        secrets = {"private_key": server.client_key.export_private_key().decode()}
        connector = FilesConnector(server.settings, secrets, VISITS, Limits.within(5))
        assert len(read(connector)) == 2

    def test_a_user_who_is_not_known_is_not_let_in(self, server: FileServer) -> None:
        with pytest.raises(Refused) as fault:
            read(opened(server.settings | {"user": "other"}, VISITS))
        assert str(fault.value) == "The file server does not let the portal in."

    def test_a_file_that_may_not_be_read_is_named(self, server: FileServer, tmp_path: Path) -> None:
        put(tmp_path)
        server.denied = {"visits.csv"}
        with pytest.raises(MisSet) as fault:
            read(opened(server.settings, VISITS))
        assert str(fault.value) == "The file server does not let the portal read visits.csv."

    @pytest.mark.parametrize("place", ["open", "read"])
    def test_a_server_that_hangs_is_given_up(self, server: FileServer, tmp_path: Path, place: str) -> None:
        put(tmp_path)
        server.hangs_at = place
        began = time.monotonic()
        with pytest.raises(TooSlow) as fault:
            read(opened(server.settings, VISITS, seconds=0.7))
        assert str(fault.value) == "The file server did not answer in time."
        assert time.monotonic() - began < 3

    def test_a_key_that_is_none_is_a_wrong_setting(self, server: FileServer) -> None:
        for wrong in ({"host_key": "ssh-ed25519 AAAA"}, {"private_key": "no key"}):
            with pytest.raises(MisSet) as fault:
                read(opened(server.settings | wrong, VISITS))
            assert str(fault.value) == "A key in the settings of the file drop is not in OpenSSH form."

    def test_a_server_that_is_not_there_is_out_of_reach(self, server: FileServer) -> None:
        with pytest.raises(Unreachable):
            read(opened(server.settings | {"port": 1}, VISITS))


class TestFolder:
    def test_nothing_is_read_when_the_operator_has_set_no_place(self) -> None:
        with pytest.raises(MisSet, match="its operator sets SOURCES_DROP_FOLDERS"):
            opened({"via": "folder"}, VISITS)

    @pytest.mark.parametrize("folder", ["..", "a/../..", "/etc", "../other"])
    def test_a_folder_leads_down_only(self, tmp_path: Path, folder: str) -> None:
        with pytest.raises(MisSet) as fault:
            opened({"via": "folder", "folder": folder}, VISITS, root=tmp_path)
        assert str(fault.value) == "The folder must be below the portal's place for drop folders."

    def test_no_link_is_followed_on_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        put(tmp_path / "outside")
        (tmp_path / "root").mkdir()
        (tmp_path / "root" / "sports").symlink_to(tmp_path / "outside")
        with pytest.raises(MisSet) as fault:
            opened({"via": "folder", "folder": "sports"}, VISITS, root=tmp_path / "root")
        assert str(fault.value) == "The folder leads over a link or is none. Links are not followed."

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
    def test_what_is_no_file_is_not_read(self, tmp_path: Path, kind: str) -> None:
        file = tmp_path / "visits.csv"
        (tmp_path / "secret").write_bytes(GOOD)
        match kind:
            case "link":
                file.symlink_to(tmp_path / "secret")
            case "pipe":
                os.mkfifo(file)
            case _:
                file.mkdir()
        with pytest.raises(MisSet) as fault:
            read(opened({"via": "folder"}, VISITS, root=tmp_path))
        assert str(fault.value) == "visits.csv is a link or no file at all. Links are not followed."

    def test_a_folder_that_is_not_there_is_out_of_reach(self, tmp_path: Path) -> None:
        with pytest.raises(Unreachable, match="The drop folder is not there"):
            opened({"via": "folder", "folder": "gone"}, VISITS, root=tmp_path)

    @pytest.mark.parametrize("name", ["../visits.csv", ".hidden.csv", "a/b.csv", ""])
    def test_a_file_is_named_plainly(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(MisSet) as fault:
            read(opened({"via": "folder"}, {"visits": mapping_of(file=name)}, root=tmp_path))
        assert str(fault.value).startswith("The mapping of visits cannot be used: file")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "The settings of the file drop cannot be used: host, user, host_key."),
        ({"via": "ftp"}, "The settings of the file drop cannot be used: via."),
        ({"via": "folder", "archive": "../x"}, "The settings of the file drop cannot be used: archive."),
    ],
)
def test_settings_that_are_not_complete_are_named(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MisSet) as fault:
        opened(settings, VISITS)
    assert str(fault.value) == sentence


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"file": "visits.dat"}, "The mapping of visits cannot be used: format."),
        ({"encoding": "rot13"}, "The mapping of visits names an encoding that is not known."),
        ({"encoding": "klingon"}, "The mapping of visits names an encoding that is not known."),
        ({"delimiter": ";;"}, "The mapping of visits cannot be used: delimiter."),
        ({"file": "visits.xml"}, "The mapping of visits cannot be used: rows."),
    ],
)
def test_a_mapping_that_cannot_be_used_is_named(tmp_path: Path, mapping: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MisSet) as fault:
        read(opened({"via": "folder"}, {"visits": mapping_of(**mapping)}, root=tmp_path))
    assert str(fault.value) == sentence
