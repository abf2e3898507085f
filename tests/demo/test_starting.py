"""What keeps a demo from starting is told in one sentence, with an exit code, and nothing has been begun."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.demo.starting import Demo, demo_folder, free_ports
from tests.web import ROOT, free_port

SETUP = ROOT / "demo" / "setup.py"
OLDER = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path(sys.argv[1], run_name='__main__')"


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder on a disk of 64 MB, which only root can make."""
    with demo_folder() as folder:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder], check=False)
        if made.returncode:
            pytest.skip("no small disk could be made here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


def holds_nothing(folder: Path) -> bool:
    return [path.name for path in folder.iterdir()] == ["lock"]


@pytest.mark.parametrize("which", [0, 5, 9])
def test_a_taken_port_is_named(which: int) -> None:
    with demo_folder() as folder, socket.socket() as taken:
        demo = Demo(folder)
        taken.bind(("127.0.0.1", demo.port + which))
        taken.listen()
        code, said = demo.run()
        assert (code, f"Port {demo.port + which}, for " in said, said.strip().count("\n")) == (1, True, 0), said
        assert holds_nothing(folder)


@pytest.mark.parametrize("given", ["65530", "http", "0", "-1"])
def test_a_port_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with demo_folder() as folder:
        demo = Demo(folder, prefix=("env", f"DEMO_PORT={given}"))
        sentence = f"DEMO_PORT is the first of twelve ports, from 1 to 65524, not '{given}'."
        assert demo.run() == (1, f"\n{sentence}\n")
        assert holds_nothing(folder)


@pytest.mark.parametrize(
    ("cities", "port", "sentence"),
    [
        ("espoo atlantis", "", "CITIES names 'atlantis', which has no folder of facts; there are: espoo, turku."),
        ("turku espoo turku", "", "CITIES names turku twice."),
        ("espoo turku", "65506", "DEMO_PORT is the first of 31 ports, from 1 to 65505, not '65506'."),
    ],
)
def test_cities_that_cannot_be_run_are_told_so(cities: str, port: str, sentence: str) -> None:
    with demo_folder() as folder:
        demo = Demo(folder, settings={"CITIES": cities} | ({"DEMO_PORT": port} if port else {}))
        assert demo.run() == (1, f"\n{sentence}\n")
        assert holds_nothing(folder)


def test_a_taken_port_of_the_second_city_is_named() -> None:
    with demo_folder() as folder, socket.socket() as taken:
        demo = Demo(folder, port=free_ports(27), settings={"CITIES": "espoo turku"})
        taken.bind(("127.0.0.1", demo.port + 22))
        taken.listen()
        code, said = demo.run()
        assert (code, f"Port {demo.port + 22}, for the library of turku, is taken" in said) == (1, True), said
        assert holds_nothing(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_told_before_anything_is_written() -> None:
    with small_disk() as folder:
        assert Demo(folder).run() == (1, f"\nThe disk that holds {folder} is almost full; the demo needs 500 MB.\n")
        assert holds_nothing(folder)


def set_up(folder: Path, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installer in a folder of its own, on an index that nobody can reach."""
    (folder / "demo").mkdir()
    shutil.copy(SETUP, folder / "demo")
    shutil.copy(ROOT / "requirements.lock", folder)
    unreachable = {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/", "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}
    return subprocess.run(
        [*argv, folder / "demo" / "setup.py"],
        env={**os.environ, **unreachable, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_network_nothing_is_installed_by_half(tmp_path: Path) -> None:
    done = set_up(tmp_path, sys.executable)
    sentence = "The packages could not be installed. The package index cannot be reached; is there a network?\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    assert not (tmp_path / ".venv").exists()


def test_an_older_python_is_told_so_before_anything_is_made(tmp_path: Path) -> None:
    done = set_up(tmp_path, sys.executable, "-c", OLDER)
    sentence = "The portal needs Python 3.11 or newer; python3 is 3.10 here.\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    assert not (tmp_path / ".venv").exists()


def test_the_installer_can_be_read_by_pythons_of_long_ago() -> None:
    ast.parse(SETUP.read_text(), feature_version=(3, 7))


@pytest.mark.proof
def test_nothing_is_compiled(tmp_path: Path) -> None:
    """Where only a source is offered, the installer refuses it rather than look for a compiler."""
    offered = tmp_path / "offered"
    offered.mkdir()
    (offered / "amqp-5.4.2.tar.gz").write_bytes(b"")
    done = set_up(tmp_path, sys.executable, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(offered))
    sentence = "The packages could not be installed. There is no ready-made package for this machine.\n"
    assert (done.returncode, done.stderr) == (1, sentence)
