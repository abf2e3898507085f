"""A whole running portal with its departments, and a Chromium to walk through it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from demo.client import Department
from demo.departments.running import departments
from tests.chromium import find
from tests.portal_server import ROOT, Running, running_portal
from tests.servers import drop_database, fresh_name, server

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database, folder = fresh_name(), tmp_path_factory.mktemp("journey")
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder, server().url(), socket, database=database) as outside,
        running_portal(folder, sources=outside.sources) as running,
    ):
        yield running
    drop_database(database)


@pytest.fixture(scope="module")
def sports(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The sports department's own program."""
    out: Path = tmp_path_factory.mktemp("client") / "sports.json"
    argv = [sys.executable, "manage.py", "make_client", "sports", "--out", str(out)]
    subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
    json.loads(out.read_text())
    return Department(portal.base, out)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where CI is set a missing one is a failure."""
    path = find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium, and the journeys must be run.")
        pytest.skip("NO CHROMIUM: this journey was not run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
