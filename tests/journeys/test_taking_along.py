"""Moving by hand: chosen item by item, made, downloaded, checked without the portal; and what the pages say of it."""

import hashlib
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters, waits_until
from tests.journeys.city import City
from tests.portal_server import ROOT

pytestmark = pytest.mark.browser


def chooses(page: Page, base: str, *, script: bool) -> None:
    page.goto(f"{base}/en/rights/")
    follow(page, page.get_by_role("link", name="Move your data to another city"))
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="Choose what to take along"))
    # Whoever has just signed in is here before the library has answered.
    waits_until(page, lambda told: "Library card" in told and "We are asking now" not in told)
    follow(page, page.get_by_role("button", name="Make the file"))
    expect(page.get_by_role("alert")).to_contain_text("Choose one kind of data at least.")
    page.get_by_role("checkbox", name="Library card").check()
    if script:
        page.get_by_text("See what is in it").first.click()
        is_accessible(page)
        does_not_scroll_sideways(page)
    follow(page, page.get_by_role("button", name="Make the file"))


def is_ready(page: Page, *, script: bool) -> None:
    ready = page.get_by_role("heading", name="The file is ready")
    if not script:
        for _ in range(60):
            if ready.count():
                break
            page.wait_for_timeout(500)
            follow(page, page.get_by_role("link", name="Look again"))
    expect(ready).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("script", [True, False])
def test_from_the_choice_to_the_check(script: bool, city: City, chromium: Browser, tmp_path: Path) -> None:
    base = city.portal.base
    context = chromium.new_context(
        locale="en", java_script_enabled=script, viewport={"width": 360, "height": 900}, accept_downloads=True
    )
    page = resident_enters(context, base, "p0061" if script else "p0062")
    chooses(page, base, script=script)
    is_ready(page, script=script)
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the file").click()
    file = tmp_path / "along.zip"
    coming.value.save_as(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    page.reload()
    expect(page.get_by_text(" ".join(digest[at : at + 8] for at in range(0, 64, 8)))).to_be_visible()
    assert checked(file, base, tmp_path / "keys.json") == 0
    page.goto(f"{base}/en/usage/")
    expect(page.get_by_text("You downloaded the data you chose to take along.").first).to_be_visible()


def checked(file: Path, base: str, keys: Path) -> int:
    """By the program that stands alone."""
    with urllib.request.urlopen(f"{base}/.well-known/jwks.json") as answer:
        keys.write_bytes(answer.read())
    argv = [sys.executable, str(ROOT / "docs/verify/verify.py"), str(file), "--keys", str(keys)]
    return subprocess.run(argv, capture_output=True, text=True, check=False).returncode
