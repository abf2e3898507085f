"""`python -m demo.shots`: screenshots of the main pages of a running demo, at phone and desk width, into shots/."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

_OUT = Path(__file__).resolve().parent.parent / "shots"
_WIDTHS = (360, 1280)
_PATHS = ("home", "data", "data/sports/sports-courses", "usage", "permissions", "registers", "use-cases", "help")
# The one without a window of its own first: it is enough, and lighter.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
_BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _sign_in(page: Page, base: str, language: str) -> None:
    page.goto(f"{base}/{language}/")
    page.locator("form.acts button").click()
    page.locator("button[value=raili]").click()
    page.wait_for_url("**/home/")
    page.wait_for_timeout(2500)


def _shoot(page: Page, name: str) -> None:
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=_OUT / f"{name}-{width}.png", full_page=True)


def main() -> int:
    """One folder of pictures; exit code 1 when there is no Chromium."""
    chromium = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        print("There is no Chromium; install Debian's package chromium-headless-shell.", file=sys.stderr)
        return 1
    base = f"http://127.0.0.1:{os.environ.get('DEMO_PORT', '8000')}"
    _OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_BROWSER_FLAGS)
        for language in ("fi", "sv", "en"):
            page = browser.new_context(locale=language).new_page()
            page.goto(f"{base}/{language}/")
            _shoot(page, f"{language}-start")
            _sign_in(page, base, language)
            for path in _PATHS:
                page.goto(f"{base}/{language}/{path}/")
                _shoot(page, f"{language}-{path.replace('/', '-')}")
            page.goto(f"{base}/{language}/permissions/")
            page.locator("ul.rows a").first.click()
            _shoot(page, f"{language}-question")
        browser.close()
    print(f"The pictures are in {_OUT.name}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
