"""The panel that tells departments how to behave, and the whole as one program."""

import json
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from demo.departments.moods import Mood
from demo.departments.running import Departments
from tests.servers import ROOT, drop_database, fresh_name, server


@pytest.fixture
def panel(world: Departments) -> httpx2.Client:
    return httpx2.Client(base_url=f"http://127.0.0.1:{world.control_port}", timeout=5, trust_env=False)


def test_it_is_well(panel: httpx2.Client) -> None:
    assert panel.get("/control/health").status_code == 200


def test_a_department_does_as_it_is_told_in_json(world: Departments, panel: httpx2.Client) -> None:
    told = panel.post("/control", json={"department": "sports", "mood": "slow", "slow_seconds": 1.5})
    assert told.json() == {"early-education": "ok", "library": "ok", "sports": "slow"} == panel.get("/control").json()
    assert world.moods.slow_seconds == 1.5


def test_a_department_does_as_it_is_told_by_the_page(world: Departments, panel: httpx2.Client) -> None:
    assert panel.get("/").text.count("<form") == 3
    assert panel.post("/control", data={"department": "library", "mood": "down"}).status_code == 303
    assert world.moods["library"] is Mood.DOWN


@pytest.mark.parametrize(
    "order",
    [
        {"department": "police", "mood": "ok"},
        {"department": "library", "mood": "angry"},
        {"department": "library", "mood": "slow", "slow_seconds": 1e9},
        {"department": "library"},
        ["library", "slow"],
    ],
)
def test_what_it_does_not_understand_changes_nothing(world: Departments, panel: httpx2.Client, order: Any) -> None:
    assert panel.post("/control", json=order).status_code == 400
    assert set(world.moods.all().values()) == {"ok"}


@pytest.fixture
def command(tmp_path: Path) -> Iterator[list[str]]:
    """The program with a database of its own; `--port-base` is added by the test."""
    database = fresh_name()
    reach = ["--superuser", server().url(), "--socket", str(server().socket_folder / ".s.PGSQL.5432")]
    yield [sys.executable, "-m", "demo.departments", "--folder", str(tmp_path), "--database", database, *reach]
    drop_database(database)


def test_one_command_opens_the_departments_and_a_signal_closes_them(command: list[str], tmp_path: Path) -> None:
    base = _free_ports()
    with subprocess.Popen([*command, "--port-base", str(base)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "The departments are open.\n"
            sources = json.loads((tmp_path / "sources.json").read_text())
            assert sources["library"]["settings"]["url"] == f"http://127.0.0.1:{base + 2}"
            assert httpx2.get(f"http://127.0.0.1:{base + 4}/control/health", trust_env=False).status_code == 200
        finally:
            program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0


def test_a_taken_port_is_one_clear_sentence(command: list[str]) -> None:
    base = _free_ports()
    with socket.create_server(("127.0.0.1", base + 2)):
        done = subprocess.run(
            [*command, "--port-base", str(base)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("The departments could not open: Address already in use")


def _free_ports() -> int:
    """A base with four free ports above it; not the first there is, which another worker may find as well."""
    for base in random.sample(range(18_000, 30_000, 10), 100):
        try:
            for number in range(base + 2, base + 6):
                socket.create_server(("127.0.0.1", number)).close()
        except OSError:
            continue
        return base
    pytest.fail("No free ports.")
