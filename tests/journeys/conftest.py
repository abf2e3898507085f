"""A whole running portal with its departments, and a Chromium to walk through it."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from demo.client import Department
from tests.chromium import find, launched
from tests.portal_server import Running, program_of, running_city


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_city(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture(scope="module")
def sports(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The sports department's own program."""
    return program_of("sports", portal, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where CI is set a missing one is a failure."""
    path = find()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium, and the journeys must be run.")
        pytest.skip("NO CHROMIUM: this journey was not run")
    with launched(path) as browser:
        yield browser
