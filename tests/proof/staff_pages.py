"""The staff's pages before axe: the entrance with its second step, and the service point."""

from importlib import import_module
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Page, expect

from demo.people import everyone, staff
from tests.browsing import follow
from tests.people.ways_in import code_of
from tests.portal_server import Running
from tests.proof.looking import FULL, SHORT, Onlooker, Seen

# Somebody who was never here, a child of two guardians, one of them, and a child who is not theirs.
_STRANGER, _CHILD, _GUARDIAN, _ANOTHERS = "p0123", "eino", "aino", "sami"
_COLLEAGUE = {worker.slug: worker.identity_code for worker in staff()}["keeper-library"]
_CODES = {person.slug: person.identity_code for person in everyone()}
# The frame is Django's own: in a forced palette axe still measures the colours that its header had before.
_VIEWS = [view for view in FULL if view.forced == "none"]
_PRESSED, _FILES = {"desk_close"}, {"desk_receipt_pdf"}


def looks_at_the_door(eye: Onlooker, portal: Running) -> None:
    """The entrance, and the setting up of the second step, with a wrong code too."""
    page = eye.page
    page.goto(f"{portal.staff_base}/sign-in/")
    eye.look(kept=False)
    _comes_in(eye, portal, "keeper-library", looks=True)
    page.goto(f"{portal.staff_base}/sign-in/")
    assert "/admin/" in page.url, f"the second step leads to {page.url}"


def _comes_in(eye: Onlooker, portal: Running, who: str, *, looks: bool) -> None:
    page = eye.page
    page.goto(f"{portal.staff_base}/sign-in/")
    follow(page, page.locator("main form button"))
    follow(page, page.locator(f"button[value={who}]"))
    if looks:
        eye.look(kept=False)
        page.locator("input[name=code]").fill("000000")
        follow(page, page.locator("main form button").first)
        eye.look(kept=False)
    key = next(word for word in page.inner_text("main").split() if len(word) == 32 and word.isupper())
    page.locator("input[name=code]").fill(code_of(key))
    follow(page, page.locator("main form button").first)
    if looks:
        eye.look(kept=False)


def looks_at_the_desk(page: Page, portal: Running, seen: Seen) -> None:
    """Every page of the service point, in three languages: an answer, its taking back, and acting for a child."""
    # The URL table is read once the portal's settings are.
    table = {str(pattern.name) for pattern in import_module("portal.servicepoint.urls").urlpatterns}
    for number, language in enumerate(("fi", "sv", "en")):
        page.set_extra_http_headers({"Accept-Language": language})
        # The first language in more ways than the others.
        eye = Onlooker(page, seen, language, SHORT if number else _VIEWS, identity=portal.identity.issuer)
        if not number:
            _comes_in(eye, portal, "desk", looks=False)
        desk = _Desk(eye, portal)
        desk.opens_for_the_first_time()
        desk.writes_an_answer_down()
        desk.helps_a_guardian()
        desk.asks_a_second_person()
        missing = table - _PRESSED - _FILES - desk.names
        assert missing == set(), f"not looked at: {sorted(missing)}"


class _Desk:
    """The service point in one language."""

    def __init__(self, eye: Onlooker, portal: Running) -> None:
        self.eye, self.page, self.start = eye, eye.page, f"{portal.staff_base}/admin/desk/"
        self.names: set[str] = set()

    def looks(self) -> None:
        self.eye.look(kept=False)
        self.names.add(str(resolve(urlsplit(self.page.url).path, urlconf="portal.urls_staff").url_name))

    def presses(self) -> None:
        follow(self.page, self.page.locator("#content form button").first)

    def opens(self, person: str, *, acting: str = "", names: bool = True) -> None:
        self.page.goto(self.start)
        self.page.locator("[name=identity_code]").fill(_CODES[person])
        self.page.locator("[name=acting_code]").fill(_CODES[acting] if acting else "")
        self.page.locator("[name=reason]").first.check()
        self.page.locator("[name=case]").fill("D/20/2026")
        if names:
            self.page.locator("[name=given_names]").fill("Testi Maria")
            self.page.locator("[name=family_name]").fill("Tiskillä")
        self.presses()
        if self.page.url.endswith("/open/"):
            self.looks()
            self.presses()

    def opens_for_the_first_time(self) -> None:
        """An empty form, what is missing in it, somebody never here, and the person."""
        self.page.goto(self.start)
        self.looks()
        self.presses()
        self.looks()
        self.opens(_STRANGER, names=False)
        self.looks()
        self.opens(_STRANGER)
        self.looks()

    def writes_an_answer_down(self) -> None:
        """What is missing, once more, the receipt, and the same for taking back."""
        self.page.locator(f"a[href*='/answer/?language={self.eye.language}']").first.click()
        self.looks()
        self.presses()
        self.looks()
        self.answers()
        self.looks()
        self.presses()
        self.looks()
        self.page.goto(f"{self.start}person/")
        self.page.locator("a[href$='/stop/']").first.click()
        self.looks()

    def answers(self) -> None:
        self.page.locator("[name=answer][value=yes]").check()
        self.page.locator("[name=channel][value=paper]").check()
        self.page.locator("[name=paper]").fill("2026/118-3")
        self.page.locator("[name=write_home][value=no]").check()
        self.presses()

    def helps_a_guardian(self) -> None:
        """Half given, and a child for whom they may not act."""
        self.opens(_CHILD, acting=_GUARDIAN)
        self.looks()
        self.page.locator(f"a[href*='/answer/?language={self.eye.language}']").first.click()
        self.answers()
        self.presses()
        self.page.goto(f"{self.start}person/")
        self.looks()
        self.opens(_ANOTHERS, acting=_GUARDIAN)
        expect(self.page.locator("#content h1")).to_be_visible()
        self.looks()

    def asks_a_second_person(self) -> None:
        """A colleague, who came in before: refused, the number, nobody agreed; and where somebody would agree."""
        self.page.goto(self.start)
        self.page.locator("[name=identity_code]").fill(_COLLEAGUE)
        self.page.locator("[name=reason]").first.check()
        self.page.locator("[name=case]").fill("D/21/2026")
        self.presses()
        self.looks()
        follow(self.page, self.page.locator("a[href$='/second/']"))
        self.looks()
        self.presses()
        self.looks()
        follow(self.page, self.page.locator("#content button.main"))
        self.looks()
        self.page.goto(f"{self.start}agree/")
        self.looks()
        self.page.locator("[name=number]").fill("1234 5678")
        self.presses()
        self.looks()
