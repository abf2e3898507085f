"""A whole running portal with its departments, and a Chromium to walk through it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from demo.browser import Browser as Outline
from demo.client import Department
from demo.departments.running import departments
from demo.population.server import Population
from tests.chromium import find
from tests.people.ways_in import code_of, set_up_second_step, sign_in, staff_sign_in
from tests.portal_server import ROOT, Running, running_portal
from tests.servers import drop_database, fresh_name, server

# Playwright's own, which ours would replace; and no renderer kept ready, nor one for each site: each costs a start.
_LEFT_OUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCORSURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "AimEnabled"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch"),
    *("SpareRendererForSitePerProcess", "IsolateOrigins", "site-per-process", "Translate"),
)
_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-site-isolation-trials"),
    *("--process-per-site", "--renderer-process-limit=1"),
    f"--disable-features={','.join(_LEFT_OUT)}",
]
_AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
_RUN_AXE = "options => axe.run(document, options).then(results => results.violations)"
_passed: set[str] = set()
# Neighbours that are built alike count as one: a list of three as a list of two.
_BUILT = """() => {
  const told = a => /^(class|role|type|scope|hidden|aria-(live|hidden|expanded|current|invalid))$/.test(a.name)
    ? `${a.name}=${a.value}` : a.name;
  const built = e => {
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim()) ? "." : "";
    const inner = [...e.children].map(built).filter((each, at, all) => each !== all[at - 1]);
    return `<${e.localName} ${[...e.attributes].map(told).sort()}>${words}${inner.join("")}</>`;
  };
  return built(document.body);
}"""
_TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const over = [...document.querySelectorAll("body, body *")].filter(e => e.getBoundingClientRect().right > edge);
  return [`${document.documentElement.scrollWidth} > ${edge}`, ...over.slice(-3).map(e => e.outerHTML.slice(0, 200))];
}"""


@contextmanager
def running_city(folder: Path) -> Iterator[Running]:
    """The portal, its workers, and the three department systems."""
    database = fresh_name()
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder, server().url(), socket, database=database) as outside,
        running_portal(folder, sources=outside.sources, settings=asks(outside.population)) as running,
    ):
        yield running
    drop_database(database)


def asks(population: Population) -> dict[str, str]:
    """Settings of a portal that asks this population register."""
    return {"POPULATION_URL": population.url, "POPULATION_TOKEN": population.token}


def program_of(portal: Running, department: str, folder: Path) -> Department:
    """The department's own program, with a key made for it."""
    out = folder / f"{department}.json"
    argv = [sys.executable, "manage.py", "make_client", department, "--out", str(out)]
    subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
    return Department(portal.base, out)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; AssertionError when there is none."""
    path = find()
    assert path is not None, "There is no Chromium; install Debian's package chromium-headless-shell."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def faults(page: Page) -> list[tuple[str, str]]:
    """(rule of axe, the first element that breaks it): WCAG 2.2 A and AA, and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_RUN_AXE, _AXE)
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def is_accessible(page: Page) -> None:
    """AssertionError with what axe found. A page built as one that passed before is not looked at again.

    How it is built: elements, classes and roles, without words, ids, language and width. Every page in each of
    those is looked at by `make proof PART=axe`.
    """
    # A press does not wait for the page that it leads to, and one that has just begun to come has no body yet.
    page.wait_for_load_state()
    built = str(page.evaluate(_BUILT))
    if built not in _passed:
        found = faults(page)
        assert found == [], f"{page.url}: {found}"
        _passed.add(built)


def over_the_edge(page: Page) -> list[str]:
    """By how much it can be scrolled sideways, and the last elements that reach over; empty when it cannot be."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def does_not_scroll_sideways(page: Page) -> None:
    """At the width it has now; AssertionError with what reaches over the edge."""
    wide = over_the_edge(page)
    assert wide == [], f"{page.url}: {wide}"


def follow(page: Page, control: Locator) -> None:
    """Press what leads to another page, and be there: a press alone does not wait for the page it leads to."""
    with page.expect_navigation(wait_until="load"):
        control.click()


def waits_until(page: Page, holds: Callable[[str], bool]) -> None:
    """Until what is served at this address now, in HTML, holds it, for a minute at most; then it is loaded again.

    To draw each of the pages that come meanwhile would take longer than the work that is waited for.
    """
    deadline = time.monotonic() + 60
    # Asked in the browser's own language, which only its pages say by themselves.
    said = {"Accept-Language": str(page.evaluate("navigator.language"))}
    while not holds(page.request.get(page.url, headers=said).text()) and time.monotonic() < deadline:
        page.wait_for_timeout(500)
    page.reload()


def staff_enters(context: BrowserContext, portal: Running, who: str) -> None:
    """By the staff's door for the first time: the second step is set up and passed."""
    page = context.new_page()
    page.goto(f"{portal.staff_base}/sign-in/")
    follow(page, page.locator("form button").first)
    follow(page, page.locator(f"button[value={who}]"))
    expect(page.locator("img[src='/second-step/picture.svg']")).to_be_visible()
    key = next(word for word in page.inner_text("main").split() if len(word) == 32 and word.isupper())
    page.locator("input[name=code]").fill(code_of(key))
    follow(page, page.locator("main form button").first)
    page.close()


def staff_enters_unseen(context: BrowserContext, portal: Running, who: str) -> None:
    """The same way without a screen, where the door is not what is looked at."""
    browser = Outline("en")
    set_up_second_step(browser, staff_sign_in(browser, portal, who))
    _carry_over(browser, context)


def resident_enters(context: BrowserContext, base: str, slug: str, *, language: str = "en") -> Page:
    """At home, by the resident's way without a screen: where the door is not what is looked at."""
    browser = Outline(language)
    sign_in(browser, base, slug)
    _carry_over(browser, context)
    page = context.new_page()
    page.goto(f"{base}/{language}/home/")
    expect(page).to_have_url(f"{base}/{language}/home/")
    return page


def _carry_over(browser: Outline, context: BrowserContext) -> None:
    context.add_cookies(
        [
            {
                "name": cookie.name,
                "value": cookie.value or "",
                # A cookie jar gives a name without a dot this ending.
                "domain": cookie.domain.removesuffix(".local"),
                "path": cookie.path,
            }
            for cookie in browser.client.cookies.jar
        ]
    )


def listening(context: BrowserContext, said: list[str]) -> Page:
    """A page whose complaints on the console go to `said`."""
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return page
