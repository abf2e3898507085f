"""A whole running portal with its departments, and a Chromium to walk through it."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from demo.client import Department
from tests import browsing
from tests.chromium import find
from tests.portal_server import Running


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with browsing.running_city(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture(scope="module")
def sports(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The sports department's own program."""
    return browsing.program_of(portal, "sports", tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where CI is set a missing one is a failure."""
    if find() is None and not os.environ.get("CI"):
        pytest.skip("NO CHROMIUM: this journey was not run")
    with browsing.chromium() as browser:
        yield browser
