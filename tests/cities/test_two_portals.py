"""Two cities from the same code: other facts, keys, people who signed in, and each knows where the other is."""

import json
import time
from pathlib import Path
from urllib.request import urlopen

from demo.browser import Browser, Page
from demo.cities import trusted_in
from tests.cities.two import TwoCities
from tests.portal_server import Running

_ARRIVES_SECONDS = 60.0


def signed_in(browser: Browser, portal: Running, slug: str) -> Page:
    start = browser.open(f"{portal.base}/en/")
    pick = browser.send(start, start.form(posting_to="suomifi/"))
    return browser.send(pick, pick.form(with_choice="person"), person=slug)


def held(browser: Browser, portal: Running, dataset: str) -> str:
    """The text of a dataset's page, once a worker has brought it."""
    deadline = time.monotonic() + _ARRIVES_SECONDS
    while time.monotonic() < deadline:
        data = browser.open(f"{portal.base}/en/data/")
        if any(href.endswith(f"/{dataset}/") for _, href in data.links):
            break
        time.sleep(0.3)
    return browser.open(f"{portal.base}/en/data/{dataset}/").text


def keys_of(portal: Running) -> set[str]:
    with urlopen(f"{portal.base}/.well-known/jwks.json") as answer:
        return {key["kid"] for key in json.load(answer)["keys"]}


def trusted_by(portal: Running) -> dict[str, str]:
    return trusted_in(Path(portal.environment["TRUSTED_CITIES_FILE"]))


def test_one_browser_is_in_both_cities_and_one_who_moved_has_data_in_both(both: TwoCities) -> None:
    browser = Browser("en")
    homes = [signed_in(browser, portal, "otso") for portal in (both.espoo, both.turku)]
    assert [home.status for home in homes] == [200, 200]
    assert ("My data in Espoo" in homes[0].text, "My data in Turku" in homes[1].text) == (True, True)
    assert "leaving certificate" in held(browser, both.turku, "basic-education/school-grades")
    cards = [held(browser, portal, "library/library-card") for portal in (both.espoo, both.turku)]
    assert ("otso@asukas.espoo.example" in cards[0], "otso@asukas.turku.example" in cards[1]) == (True, True)


def test_each_trusts_the_other_at_its_address_and_no_key_is_shared(both: TwoCities) -> None:
    assert trusted_by(both.espoo) == {"turku": both.turku.base}
    assert trusted_by(both.turku) == {"espoo": both.espoo.base}
    assert keys_of(both.espoo)
    assert keys_of(both.turku)
    assert keys_of(both.espoo).isdisjoint(keys_of(both.turku))


def test_a_session_of_one_city_opens_nothing_in_the_other(both: TwoCities) -> None:
    browser = Browser("en")
    signed_in(browser, both.espoo, "raili")
    assert "/home/" not in browser.open(f"{both.turku.base}/en/home/").url.split("?")[0]
