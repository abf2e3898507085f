"""A whole running portal with its departments, and a Chromium to walk through it."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from demo.client import Department
from tests import browsing
from tests.chromium import find
from tests.portal_server import Running


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The purpose editor ends a purpose that others walk with: it comes last."""
    items.sort(key=lambda item: item.path.name == "test_purpose_editor.py")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for every journey that needs no other: each walks with people of its own."""
    with browsing.running_city(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture(scope="session")
def sports(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The sports department's own program."""
    return browsing.program_of(portal, "sports", tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; where CI is set a missing one is a failure.

    Not for longer: while Playwright is there, its event loop keeps Django from the database in this thread.
    """
    if find() is None and not os.environ.get("CI"):
        pytest.skip("NO CHROMIUM: this journey was not run")
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def signed_in(portal: Running) -> dict[str, StorageState]:
    """The cookies of staff who have been here: the second step is set up once."""
    return {}


@pytest.fixture(scope="module")
def staff(
    portal: Running, chromium: Browser, signed_in: dict[str, StorageState]
) -> Iterator[Callable[[str], BrowserContext]]:
    """staff("keeper-library"): their browser, signed in with the second step."""
    contexts: dict[str, BrowserContext] = {}

    def of(who: str) -> BrowserContext:
        if who not in contexts:
            contexts[who] = chromium.new_context(
                locale="en", viewport={"width": 1280, "height": 900}, storage_state=signed_in.get(who)
            )
            if who not in signed_in:
                browsing.staff_enters(contexts[who], portal.staff_base, who)
                signed_in[who] = contexts[who].storage_state()
        return contexts[who]

    yield of
    for context in contexts.values():
        context.close()


@pytest.fixture
def said() -> list[str]:
    """What the browser's console complained about; a breach of the content policy among it."""
    return []


@pytest.fixture
def keeper(staff: Callable[[str], BrowserContext], said: list[str]) -> Iterator[Page]:
    """A page of the library's keeper."""
    page = browsing.listening(staff("keeper-library"), said)
    yield page
    page.close()
