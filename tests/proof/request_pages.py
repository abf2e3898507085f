"""The requests of a resident before axe: a question and its taking back; what is wrong, limited, objected to."""

from tests.browsing import follow
from tests.portal_server import Running
from tests.proof.looking import Onlooker


def uses_rights(eye: Onlooker, portal: Running) -> None:
    """Every right that has a page."""
    _asks_a_person(eye, portal)
    _limits(eye, portal)
    _tells_what_is_wrong(eye, portal)


def _asks_a_person(eye: Onlooker, portal: Running) -> None:
    """Left empty, sent, waiting, and taken back."""
    page, rights = eye.page, f"{portal.base}/{eye.language}/rights/"
    eye.goes(rights)
    eye.goes(f"{rights}ask/")
    follow(page, page.locator("main form button"))
    eye.look()
    page.locator("textarea").fill("?")
    follow(page, page.locator("main form button"))
    eye.look()
    asked = page.url.partition("?")[0]
    eye.goes(rights)
    eye.goes(f"{asked}take-back/")
    follow(page, page.locator("main form button"))
    eye.look()
    eye.goes(rights)


def _limits(eye: Onlooker, portal: Running) -> None:
    """Each form as it comes, and sent empty."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    eye.goes(f"{start}rights/breaches/")
    for form in ("limit", "object"):
        eye.goes(f"{start}rights/{form}/")
        follow(page, page.locator("main form button"))
        eye.look()


def _tells_what_is_wrong(eye: Onlooker, portal: Running) -> None:
    """From beside a record, of the first kind of data that has one; of some residents nothing is held."""
    page = eye.page
    page.goto(f"{portal.base}/{eye.language}/data/")
    kinds = [str(each.get_attribute("href")) for each in page.locator("main h3 a").all()]
    for kind in [href for href in kinds if "/data/" in href]:
        page.goto(f"{portal.base}{kind}")
        if page.locator("main .record a").count():
            break
    hrefs = [str(each.get_attribute("href")) for each in page.locator("main .record a").all()[:2]]
    for href in hrefs:
        eye.goes(f"{portal.base}{href}")
    for href in hrefs[:1]:
        page.goto(f"{portal.base}{href}")
        follow(page, page.locator("main form button"))
        eye.look()
