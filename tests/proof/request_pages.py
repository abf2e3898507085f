"""The resident's requests before axe: what can be asked, a question to a person, and its taking back."""

from tests.browsing import follow
from tests.portal_server import Running
from tests.proof.looking import Onlooker


def asks_a_person(eye: Onlooker, portal: Running) -> None:
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
