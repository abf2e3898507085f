"""Who moved fetches their data from the other city, brings it as a file, and nothing of it is lost on the way."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browsing
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters, waits_until
from tests.chromium import find
from tests.cities.two import TwoCities

pytestmark = pytest.mark.browser
GRADES = "Grades"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The same for both ways."""
    assert find(), "There is no Chromium; install Debian's package chromium-headless-shell."
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def page(both: TwoCities, chromium: Browser) -> Page:
    """Otso, who lived in Turku and moved to Espoo, signed in to both; Turku has his grades here by now."""
    context = chromium.new_context(locale="en", viewport={"width": 360, "height": 900}, accept_downloads=True)
    there = resident_enters(context, both.turku.base, "otso")
    there.goto(f"{both.turku.base}/en/move/leave/")
    waits(there, lambda html: all(re.search(f'value="[^"]*{each}"', html) for each in ("grades", "enrolment")))
    there.close()
    return resident_enters(context, both.espoo.base, "otso")


def waits(page: Page, holds: Callable[[str], bool]) -> None:
    """Two whole cities on one machine may take their time."""
    for _ in range(3):
        waits_until(page, holds)
        if holds(page.content()):
            return


def checked(page: Page) -> None:
    waits(page, lambda html: "What we checked" in html)
    expect(page.get_by_role("heading", name="What we checked")).to_be_visible()


def looks(page: Page) -> None:
    is_accessible(page)
    does_not_scroll_sideways(page)


def fetches(page: Page, here: str, name: str, item: str, *, to: str) -> None:
    """From the page of the city they moved to, to that of the other one and back, until the package was checked."""
    page.goto(f"{here}/en/move/arrive/")
    looks(page)
    follow(page, page.get_by_role("button", name=f"Fetch from: {name}"))
    page.get_by_role("checkbox", name=item).first.check()
    follow(page, page.get_by_role("button", name=f"Hand over to {to}"))
    checked(page)


def accepts(page: Page, title: str) -> None:
    looks(page)
    follow(page, page.get_by_role("button", name=re.compile(f"^Accept.*{title}")))
    expect(page.locator(".tag", has_text="Accepted")).to_be_visible()
    follow(page, page.get_by_role("button", name="I am ready"))


def carries_away(page: Page, here: str, item: str, to: Path) -> Path:
    """As a file for oneself."""
    page.goto(f"{here}/en/move/leave/")
    page.get_by_role("checkbox", name=item).first.check()
    page.get_by_role("radio", name="For yourself").check()
    follow(page, page.get_by_role("button", name="Make the file"))
    waits(page, lambda html: "The file is ready" in html)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the file").click()
    coming.value.save_as(to)
    return to


def rows_in(package: Path) -> bytes:
    """The very bytes of the grades."""
    with ZipFile(package) as archive:
        [name] = [name for name in archive.namelist() if name.startswith("data/") and name.endswith(".json")]
        return archive.read(name)


# Two whole cities, there and back, take longer than all else that make test tries.
@pytest.mark.proof
def test_straight_there_and_back(both: TwoCities, page: Page, tmp_path: Path) -> None:
    espoo, turku = both.espoo.base, both.turku.base
    at_first = rows_in(carries_away(page, turku, GRADES, tmp_path / "turku.zip"))
    fetches(page, espoo, "Turku", GRADES, to="Espoo")
    expect(page.get_by_text("Turku").first).to_be_visible()
    accepts(page, GRADES)
    follow(page, page.get_by_role("link", name=GRADES))
    looks(page)
    expect(page.get_by_text("The signature holds.")).to_be_visible()
    # From here on, as it came, to a file and to the city that it was from.
    assert rows_in(carries_away(page, espoo, GRADES, tmp_path / "espoo.zip")) == at_first
    fetches(page, turku, "Espoo", GRADES, to="Turku")
    expect(page.get_by_text("The same as what this city already holds.")).to_be_visible()
    accepts(page, GRADES)
    page.goto(f"{turku}/en/move/leave/")
    boxes = page.get_by_role("checkbox", name=GRADES)
    assert boxes.count() == 2


def test_by_hand_and_asked_by_the_school(both: TwoCities, page: Page, tmp_path: Path) -> None:
    espoo = both.espoo.base
    file = carries_away(page, both.turku.base, "Pupil's details", tmp_path / "carried.zip")
    page.goto(f"{espoo}/en/move/arrive/")
    page.get_by_label("Package").set_input_files(file)
    follow(page, page.get_by_role("button", name="Bring the package"))
    checked(page)
    accepts(page, "Pupil's details")
    looks(page)
    follow(page, page.get_by_role("link", name="Pupil's details"))
    follow(page, page.get_by_role("button", name=re.compile("^Read the question.*Records from an earlier school")))
    looks(page)
    page.get_by_label("Yes, I allow this").check()
    follow(page, page.get_by_role("button", name="Save answer"))
    page.goto(f"{espoo}/en/permissions/")
    expect(page.get_by_role("link", name="Records from an earlier school").first).to_be_visible()
    # The same file again.
    page.goto(f"{espoo}/en/move/arrive/")
    page.get_by_label("Package").set_input_files(file)
    follow(page, page.get_by_role("button", name="Bring the package"))
    waits(page, lambda html: "brought here before" in html)
