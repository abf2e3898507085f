"""Letters from end to end: chosen in a browser, sent by the real workers, read where they arrive."""

import time
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from demo.departments.running import departments
from demo.messages.server import PASSWORD, SERVICE, USERNAME, Messages, messages
from demo.people import everyone
from tests.browsing import is_accessible
from tests.notices.conftest import Post
from tests.portal_server import Running, running_portal
from tests.servers import drop_database, fresh_name, server
from tests.web import free_port

pytestmark = pytest.mark.browser
RAILI = next(person for person in everyone() if person.slug == "raili")
ARRIVES_SECONDS = 20.0


@pytest.fixture(scope="module")
def box() -> Iterator[tuple[Post, int]]:
    """A mail server and its port."""
    post, port = Post(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield post, port
    controller.stop()


@pytest.fixture(scope="module")
def service() -> Iterator[Messages]:
    with messages() as running:
        yield running


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, box: tuple[Post, int], service: Messages) -> Iterator[Running]:
    letters = {
        "LETTERS_FROM": "letters@example.com",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(box[1]),
        "EMAIL_USE_TLS": "false",
        "MESSAGES_URL": service.url,
        "MESSAGES_USERNAME": USERNAME,
        "MESSAGES_PASSWORD": PASSWORD,
        "MESSAGES_SERVICE_ID": SERVICE,
    }
    folder, database = tmp_path_factory.mktemp("letters"), fresh_name()
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder, server().url(), socket, database=database) as outside,
        running_portal(folder, sources=outside.sources, settings=letters) as running,
    ):
        yield running
    drop_database(database)


@pytest.fixture
def page(portal: Running, chromium: Browser) -> Page:
    page = chromium.new_context(locale="en", viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{portal.base}/en/")
    page.get_by_role("button", name="Sign in with Suomi.fi").click()
    page.locator("button[value=raili]").click()
    page.wait_for_url(f"{portal.base}/en/home/")
    return page


def arrives(what: Callable[[], int], count: int) -> None:
    deadline = time.monotonic() + ARRIVES_SECONDS
    while what() < count and time.monotonic() < deadline:
        time.sleep(0.2)
    assert what() == count


def chooses(page: Page, way: str) -> None:
    page.get_by_label(way).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your choice was saved.")


def test_letters_go_as_they_were_chosen(page: Page, portal: Running, box: tuple[Post, int], service: Messages) -> None:
    post, _ = box
    page.goto(f"{portal.base}/en/settings/")
    page.get_by_role("link", name="Choose your letters").click()
    is_accessible(page)
    chooses(page, "By e-mail")
    is_accessible(page)
    arrives(lambda: len(post.letters), 1)
    assert post.letters[0]["To"] == RAILI.email
    assert f"{portal.base}/en/\r\n" in post.letters[0].get_content()  # type: ignore[attr-defined]

    # Told the way that was chosen before.
    chooses(page, "By Suomi.fi Messages")
    arrives(lambda: len(post.letters), 2)
    assert len(service.sent) == 0

    page.goto(f"{portal.base}/en/permissions/")
    page.locator("main a[href*='/requests/']").first.click()
    page.get_by_label("Yes, I allow this").check()
    page.get_by_role("button", name="Save answer").click()
    page.wait_for_url("**/saved/")
    page.goto(page.url.replace("/saved/", "/stop/"))
    page.get_by_role("button", name="Take back permission").click()
    page.wait_for_url("**/saved/")
    arrives(lambda: len(service.sent), 1)
    [message] = service.sent.values()
    assert (message.to, message.title) == (
        RAILI.identity_code,
        "Something new for you: My data in Espoo",
    )

    def told() -> int:
        page.goto(f"{portal.base}/en/usage/")
        return page.get_by_text("A letter was sent to you.").count()

    # A letter is out a moment before the log tells of it.
    arrives(told, 3)
    said = portal.log.read_text()
    assert [word for word in (RAILI.email, RAILI.identity_code) if word in said] == []
