"""Every page, in three languages, four widths, light and dark, by axe; and what axe does not look at."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browsing import chromium, does_not_scroll_sideways, is_accessible, running_city
from tests.portal_server import Running
from tests.servers import running_servers
from tests.web import ROOT

LANGUAGES = ("fi", "sv", "en")
# 320 px is 1280 px at 400 % (WCAG 1.4.10).
_LOOKS = [(320, "light"), (360, "dark"), (768, "light"), (1280, "dark"), (1280, "light")]
_OTHERS = ("mikael", "veikko", "tuuli", "bjorn")
_ARRIVES_MS = 20_000
# Answers to a press, never pages of their own.
_ONLY_POST = {"data/refresh/", "settings/sessions/<int:session>/end/", "session/"}
_OPEN = {"": "", "registers/": "", "registers/<slug:slug>/": "registers/library-customers/", "help/": ""}
_OPEN |= {"signed-out/": "", "session-ended/": ""}
_FACTS = """() => ({
    lang: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    title: document.title,
    small: [...document.querySelectorAll("button, input, select, .button")].filter(each => {
        const box = each.getBoundingClientRect();
        return box.width && each.type !== "hidden" && Math.min(box.width, box.height) < 24
            && !each.closest("label");
    }).map(each => each.outerHTML.slice(0, 90)),
})"""


@dataclass
class Matrix:
    """What has been looked at, and what the console complained about."""

    portal: Running
    looks: int = 0
    said: list[str] = field(default_factory=list)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)

    def page_in(self, browser: Browser, language: str) -> Page:
        """A new browser window of someone who reads this language."""
        # Without motion: a colour half-way from light to dark is nobody's page.
        page = browser.new_context(locale=language, reduced_motion="reduce").new_page()
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda fault: self.said.append(str(fault)))
        return page

    def look(self, page: Page, language: str, *, name: str = "") -> None:
        """The page as it stands, in every width and both colour schemes; a `name` must have a title of its own."""
        facts = page.evaluate(_FACTS)
        assert (facts["lang"], facts["headings"], facts["small"]) == (language, 1, []), (page.url, facts)
        if name:
            before = self.titles.setdefault(language, {}).setdefault(facts["title"], name)
            assert before == name, f"{before} and {name} have one title: {facts['title']}"
        for width, scheme in _LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            is_accessible(page)
            does_not_scroll_sideways(page)
            self.looks += 1


def prove() -> str:
    """Everyone's pages, a resident's own, theirs when something is wrong, and the staff's door."""
    with (
        running_servers(),
        tempfile.TemporaryDirectory(prefix="axe-") as name,
        running_city(Path(name)) as portal,
        chromium() as browser,
    ):
        matrix = Matrix(portal)
        with _signed_in(matrix, browser, "raili") as page:
            own = _own(page, portal)
            for language in LANGUAGES:
                _every_page(matrix, page, language, own)
                _wrong(matrix, page, language, own)
        for slug in _OTHERS:
            _as_other(matrix, browser, slug)
        for language in LANGUAGES:
            _outside(matrix, browser, language)
    assert matrix.said == [], f"the console said {matrix.said[:3]}"
    pages = sum(len(titles) for titles in matrix.titles.values())
    return f"{matrix.looks} looks without a violation: {pages} titled pages and their faults, 5 residents, 320-1280 px"


def _as_other(matrix: Matrix, browser: Browser, slug: str) -> None:
    with _signed_in(matrix, browser, slug) as page:
        for language in LANGUAGES:
            for path in ("home/", "data/", "usage/", "permissions/"):
                page.goto(f"{matrix.portal.base}/{language}/{path}")
                matrix.look(page, language)


@contextmanager
def _signed_in(matrix: Matrix, browser: Browser, slug: str) -> Iterator[Page]:
    page = matrix.page_in(browser, "en")
    page.goto(f"{matrix.portal.base}/en/")
    page.locator("form.acts button").first.click()
    page.locator(f"button[value={slug}]").click()
    page.wait_for_url("**/home/")
    _everything_arrives(page, matrix.portal)
    yield page
    page.context.close()


def _everything_arrives(page: Page, portal: Running) -> None:
    for _ in range(40):
        page.goto(f"{portal.base}/en/data/")
        if not page.get_by_role("status").count():
            return
        page.wait_for_timeout(_ARRIVES_MS / 40)
    raise AssertionError("The departments did not answer.")


def _own(page: Page, portal: Running) -> dict[str, str]:
    """{address in the URL table: one of theirs}: one permission is given, one question stays open."""
    page.goto(f"{portal.base}/en/permissions/")
    answered, waiting = [str(link.get_attribute("href")) for link in page.locator("a[href*='/requests/']").all()][:2]
    page.goto(f"{portal.base}{answered}")
    page.locator("input[value=yes]").check()
    page.locator("form .button").last.click()
    page.wait_for_url("**/saved/")
    given = page.url.split("/permissions/")[1].split("/")[0]
    page.goto(f"{portal.base}/en/usage/")
    use = str(page.locator("a[href*='/usage/']").last.get_attribute("href")).removeprefix("/en/")
    page.goto(f"{portal.base}/en/data/")
    category = str(page.locator("h3 a[href*='/data/']").first.get_attribute("href")).removeprefix("/en/")
    row = f"permissions/{given}/"
    return {
        "data/<slug:department>/<slug:dataset>/": category,
        "usage/<uuid:pk>/": use,
        "requests/<uuid:pk>/": waiting.removeprefix("/en/"),
        "permissions/<uuid:pk>/": row,
        "permissions/<uuid:pk>/stop/": f"{row}stop/",
        "permissions/<uuid:pk>/saved/": f"{row}saved/",
    }


def _addresses() -> list[str]:
    """Of every page that the URL table names."""
    table = (ROOT / "portal" / "pages" / "urls.py").read_text()
    return [path for path in re.findall(r'path\("([^"]*)"', table) if path not in _ONLY_POST]


def _every_page(matrix: Matrix, page: Page, language: str, own: dict[str, str]) -> None:
    for address in _addresses():
        path = own.get(address) or _OPEN.get(address) or address
        assert "<" not in path, f"nobody says what to look at for {address}"
        answer = page.goto(f"{matrix.portal.base}/{language}/{path}")
        assert answer is not None, address
        assert answer.status == 200, (path, answer.status)
        matrix.look(page, language, name=address or "start")


def _wrong(matrix: Matrix, page: Page, language: str, own: dict[str, str]) -> None:
    """A question sent without a choice; an address that is nobody's."""
    page.goto(f"{matrix.portal.base}/{language}/{own['requests/<uuid:pk>/']}")
    page.locator("form .button").last.click()
    page.locator("main [role=alert]").wait_for()
    matrix.look(page, language, name="question without a choice")
    for path in ("nothing-here/", "usage/00000000-0000-4000-8000-000000000000/"):
        page.goto(f"{matrix.portal.base}/{language}/{path}")
        matrix.look(page, language)
    # The browser itself reports each refusal that was asked for.
    matrix.said[:] = [each for each in matrix.said if "status of 404" not in each and "status of 422" not in each]


def _outside(matrix: Matrix, browser: Browser, language: str) -> None:
    """Nobody signed in: the open pages, a sign-in that failed, the staff's door and its second step."""
    page = matrix.page_in(browser, language)
    for address, path in _OPEN.items():
        page.goto(f"{matrix.portal.base}/{language}/{path or address}")
        matrix.look(page, language)
    page.goto(f"{matrix.portal.base}/{language}/")
    page.locator("form.acts button").first.click()
    page.locator("select[name=break]").select_option("nonce")
    page.locator("button[value=raili]").click()
    page.wait_for_url("**/callback/**")
    matrix.look(page, language, name="sign-in failed")
    matrix.said[:] = [each for each in matrix.said if "status of 400" not in each]
    page.goto(f"{matrix.portal.staff_base}/sign-in/")
    matrix.look(page, language, name="the staff's door")
    page.locator("form button").first.click()
    page.locator("button[value=dpo]").click()
    page.wait_for_url("**/second-step/**")
    matrix.look(page, language, name="the second step")
    page.context.close()
