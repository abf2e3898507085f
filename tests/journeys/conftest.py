"""One running city for all journeys, and a Chromium to walk through it."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from pytest_django import DjangoDbBlocker

from demo.client import Department
from tests import browsing
from tests.chromium import find
from tests.databases import done_inside
from tests.journeys.city import City, whole_city
from tests.portal_server import Running


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The purpose editor ends a purpose that others walk with: it comes last."""
    items.sort(key=lambda item: item.path.name == "test_purpose_editor.py")


@pytest.fixture(scope="package")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One for every journey: each walks with people of its own."""
    with whole_city(tmp_path_factory.mktemp("journey")) as running:
        yield running


@pytest.fixture(scope="package")
def portal(city: City) -> Running:
    return city.portal


@pytest.fixture(scope="package")
def meanwhile(portal: Running, django_db_blocker: DjangoDbBlocker) -> Callable[[Callable[[], object]], None]:
    """meanwhile(act): done in the portal's database by somebody who is not in the browser."""

    def done(act: Callable[[], object]) -> None:
        with django_db_blocker.unblock():
            done_inside(portal.database, act)

    return done


@pytest.fixture(scope="package")
def let_in(meanwhile: Callable[[Callable[[], object]], None]) -> Callable[..., None]:
    """let_in("sports", out): a key for a department's own program."""

    def of(department: str, out: Path, *words: str) -> None:
        meanwhile(partial(call_command, "make_client", department, *words, "--out", str(out), verbosity=0))

    return of


@pytest.fixture(scope="package")
def sports(portal: Running, let_in: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The sports department's own program."""
    out = tmp_path_factory.mktemp("client") / "sports.json"
    let_in("sports", out)
    return Department(portal.base, out)


@pytest.fixture(scope="package")
def started() -> Iterator[Browser]:
    """Debian's Chromium; where CI is set a missing one is a failure.

    Not for longer: while Playwright is there, its event loop keeps Django from the database in this thread.
    """
    if find() is None and not os.environ.get("CI"):
        pytest.skip("NO CHROMIUM: this journey was not run")
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def chromium(started: Browser) -> Iterator[Browser]:
    """Its pages are closed afterwards: an open one goes on to ask and to draw."""
    yield started
    for context in started.contexts:
        context.close()


@pytest.fixture(scope="package")
def signed_in(portal: Running) -> dict[str, StorageState]:
    """The cookies of staff who have been here: the second step is set up once."""
    return {}


@pytest.fixture
def staff(portal: Running, chromium: Browser, signed_in: dict[str, StorageState]) -> Callable[[str], BrowserContext]:
    """staff("keeper-library"): their browser, signed in with the second step."""
    contexts: dict[str, BrowserContext] = {}

    def of(who: str) -> BrowserContext:
        if who not in contexts:
            contexts[who] = chromium.new_context(
                locale="en", viewport={"width": 1280, "height": 900}, storage_state=signed_in.get(who)
            )
            if who not in signed_in:
                # The first in the browser; the door is the same for the others.
                enter = browsing.staff_enters_unseen if signed_in else browsing.staff_enters
                enter(contexts[who], portal, who)
                signed_in[who] = contexts[who].storage_state()
        return contexts[who]

    return of


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
