"""Every page with something on it before axe, in each language: as the test client has it, drawn by a Chromium.

The walk of `make proof PART=axe` sees what pages become when something is pressed; here is seen every address.
"""

from collections.abc import Callable
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Route

from tests.browsing import chromium
from tests.house.test_addresses import LANGUAGES, PARTS, filled, pages_of
from tests.pages.conftest import city, resident_in
from tests.proof.looking import Onlooker, Seen, View
from tests.residents import Resident

__all__ = ["city", "resident_in"]
# Nobody listens there: every answer is ours.
_BASE = "http://127.0.0.1:9"
_VIEWS = [View(320), View(360, "dark"), View(1280), View(1280, forced="active"), View(360, text="200%")]


@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(language: str, resident_in: Callable[[str], Resident], tmp_path: Path) -> None:
    raili = resident_in("raili")
    addresses = [path for path in pages_of(raili, "raili", tmp_path).items() if path[0] not in PARTS]
    # Drawn afterwards: within Playwright's loop Django reads nothing.
    drawn = {}
    for path, pk in addresses:
        address = filled(path, pk).replace("/fi/", f"/{language}/", 1)
        answer = raili.browser.get(address)
        drawn[address] = (answer.status_code, dict(answer.headers), answer.content)
    drawn["/city.css"] = (200, {"Content-Type": "text/css"}, raili.browser.get("/city.css").content)

    def answered(route: Route) -> None:
        path = urlsplit(route.request.url).path
        status, headers, body = drawn.get(path) or _static(path)
        route.fulfill(status=status, headers=headers, body=body)

    with chromium() as browser:
        context = browser.new_context(locale=language, reduced_motion="reduce")
        context.route("**/*", answered)
        eye = Onlooker(context.new_page(), Seen(), language, _VIEWS, identity=_BASE)
        told = [_faults(eye, f"{_BASE}{address}") for address in drawn if address != "/city.css"]
    assert not any(told), "\n".join(filter(None, told))
    assert len(told) == len(addresses)


def _faults(eye: Onlooker, url: str) -> str:
    """What is wrong with the page; all of them are looked at."""
    try:
        eye.goes(url)
    except AssertionError as fault:
        return str(fault)
    finally:
        eye.said.clear()
    return ""


def _static(path: str) -> tuple[int, dict[str, str], bytes]:
    found = finders.find(path.removeprefix("/static/"))
    if not found:
        return 404, {}, b""
    return 200, {"Content-Type": guess_type(path)[0] or ""}, Path(found).read_bytes()
