"""A viewer at the sports desk sees a permission begin and end."""

import threading
from collections.abc import Callable, Iterator

import httpx2
import pytest

from demo.client import Department
from demo.departments.desk import Desk
from tests.portal_server import Running
from tests.rest.test_checks import signed_in
from tests.rest.test_disclosures import SCOPES, answer
from tests.web import free_port


@pytest.fixture
def desk(department: Callable[..., Department]) -> Iterator[str]:
    server = Desk(free_port(), department("sports", *SCOPES))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def asked(desk: str, person: str) -> tuple[int, str]:
    told = httpx2.post(desk, data={"person": person})
    return told.status_code, told.text


def test_a_permission_is_seen_to_begin_and_to_end(portal: Running, desk: str) -> None:
    browser, seen = signed_in(portal, "aino"), []
    seen.append(asked(desk, "aino")[1])
    answer(browser, portal.base)
    seen.append(asked(desk, "aino")[1])
    page = browser.open(browser.open(f"{portal.base}/en/permissions/").link("A reminder before a course"))
    stop = browser.open(page.url.rstrip("/") + "/stop/")
    browser.send(stop, stop.forms[-1])
    seen.append(asked(desk, "aino")[1])
    assert ["reminders? Yes" in page for page in seen] == [False, True, False]
    assert ["<code>withdrawn</code>" in page for page in seen] == [False, False, True]


def test_nobody_else_than_the_demos_people_is_asked_about(desk: str) -> None:
    assert asked(desk, "nobody")[0] == 400
    assert "<select" in httpx2.get(desk).text
