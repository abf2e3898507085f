"""Everything taken along: pressed, watched, downloaded, unpacked, read from the disk, checked without the portal."""

import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters
from tests.journeys.city import City
from tests.portal_server import ROOT

pytestmark = pytest.mark.browser


def asks(page: Page, base: str, *, script: bool) -> None:
    page.goto(f"{base}/en/rights/")
    follow(page, page.get_by_role("link", name="Get all your data"))
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)
    follow(page, page.get_by_role("button", name="Ask for everything"))


def downloads(page: Page, to: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the package").click()
    coming.value.save_as(to)
    return to


@pytest.mark.parametrize("script", [True, False])
def test_from_the_press_to_the_disk(script: bool, city: City, chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(
        locale="en", java_script_enabled=script, viewport={"width": 360, "height": 900}, accept_downloads=True
    )
    page = resident_enters(context, city.portal.base, "p0046" if script else "p0097")
    asks(page, city.portal.base, script=script)
    ready = page.get_by_role("heading", name="The package is ready")
    if not script:
        for _ in range(60):
            if ready.count():
                break
            page.wait_for_timeout(500)
            follow(page, page.get_by_role("link", name="Look again"))
    expect(ready).to_be_visible(timeout=30_000)
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)
    file = downloads(page, tmp_path / "all.zip")
    keys = tmp_path / "keys.json"
    with urllib.request.urlopen(f"{city.portal.base}/.well-known/jwks.json") as answer:
        keys.write_bytes(answer.read())
    argv = [sys.executable, str(ROOT / "docs/verify/verify.py"), str(file), "--keys", str(keys)]
    said = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (said.returncode, "The package is genuine" in said.stdout) == (0, True), said.stdout
    if script:
        reads(chromium, file, tmp_path / "unpacked")


def reads(chromium: Browser, file: Path, folder: Path) -> None:
    """From the disk, with no network."""
    with ZipFile(file) as package:
        package.extractall(folder)
    context = chromium.new_context(locale="en", offline=True, viewport={"width": 360, "height": 900})
    asked: list[str] = []
    page = context.new_page()

    def hears(request: Request) -> None:
        asked.append(request.url)

    page.on("request", hears)
    page.goto(f"file://{folder}/index.html")
    expect(page.get_by_role("heading", name="A copy of your data")).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    for name in (r": Library card$", "^Your log$", "^What this service itself keeps about you$"):
        follow(page, page.get_by_role("link", name=re.compile(name)))
        is_accessible(page)
        does_not_scroll_sideways(page)
        follow(page, page.get_by_role("link", name="Back to the contents"))
    assert [url for url in asked if not url.startswith("file:")] == []
