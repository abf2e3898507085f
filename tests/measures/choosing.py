"""U1, U2: how many presses, and whether the two answers weigh the same."""

from playwright.sync_api import Locator, Page

from tests.browsing import follow
from tests.choices import chosen_beforehand, differences_of_the_choices
from tests.measures.measure import Measure
from tests.measures.tabs import LANGUAGES, City, questions_at

_TO_ALLOW, _TO_STOP = 3, 2


def presses(city: City) -> Measure:
    """From home, each way in each language; the shortest way there is on the page."""
    to_allow, to_stop = [], []
    for language in LANGUAGES:
        with city.entered(language) as (page, start):
            counted = _counted(page)
            _press(page, page.locator("main h3 a[href*='/requests/']").first)
            page.locator("input[name=answer][value=yes]").click()
            _press(page, page.locator("main form button"))
            assert page.url.endswith("/saved/"), page.url
            to_allow.append(len(counted))
            page.goto(f"{start}home/")
            counted.clear()
            _press(page, page.locator("main a[href*='/stop/']").first)
            _press(page, page.locator("main form button"))
            assert page.url.endswith("/saved/"), page.url
            to_stop.append(len(counted))
    figure = f"stop {max(to_stop)}, allow {max(to_allow)} (most of 3 languages)"
    met = max(to_stop) <= _TO_STOP and set(to_allow) == {_TO_ALLOW}
    return Measure("U1", "Presses from home to stop and to allow", "stop <= 2, allow 3", figure, met)


def _counted(page: Page) -> list[str]:
    """What is pressed from now on, as the browser itself tells it."""
    found: list[str] = []
    page.expose_function("pressed", lambda what: found.append(what))  # noqa: PLW0108 (a bound method is refused)
    page.add_init_script("addEventListener('pointerdown', event => pressed(event.target.tagName), true)")
    page.reload()
    return found


def _press(page: Page, control: Locator) -> None:
    follow(page, control)


def weight(city: City) -> Measure:
    """Every question that waits, in each language and width."""
    differing = chosen = looks = 0
    with city.entered("fi") as (page, start):
        for question in questions_at(page, start):
            for language in LANGUAGES:
                for width in (360, 1280):
                    page.set_viewport_size({"width": width, "height": 900})
                    page.goto(question.replace("/fi/", f"/{language}/"))
                    differing += differences_of_the_choices(page)
                    chosen += chosen_beforehand(page)
                    looks += 1
    figure = f"{differing} differences, {chosen} checked ({looks} looks)"
    met = looks > 0 and differing == chosen == 0
    return Measure("U2", "Yes and No: size, weight, colour, border; preset", "0 differences, 0 checked", figure, met)
