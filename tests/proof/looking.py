"""One look at a page: everything that must hold of every page, at each width and in each set of colours."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import override
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browsing import faults, over_the_edge

NOT_FOUND = "404"
# Many a page has the same name as its sisters: their titles tell what they are, not which of them.
_SAME_TITLE = {"one_use", "ask_about", "answer_saved"}
# The first is looked at in every way, those after it in a few.
_SISTERS = {"register", "category", "one_use"}


@dataclass(frozen=True)
class View:
    """One way to see a page."""

    width: int
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"
    text: str = ""


FULL = [
    *(View(width, scheme) for width in (320, 360, 1280) for scheme in ("light", "dark")),
    *(View(1280, forced="active"), View(1280, text="200%"), View(360, text="200%")),
]
SHORT = [View(320), View(1280, "dark")]


@dataclass
class Seen:
    """What was looked at so far, over all languages and residents."""

    pages: Counter[str] = field(default_factory=Counter)
    pressed: set[str] = field(default_factory=set)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    looks: int = 0


def name_of(url: str, language: str) -> tuple[str, str]:
    """The page's name in the URL table, and what tells it from others of that name."""
    with override(language):
        try:
            found = resolve(urlsplit(url).path)
        except Resolver404:
            return NOT_FOUND, ""
    return found.url_name or found.view_name, "" if found.url_name in _SAME_TITLE else str(found.kwargs)


class Onlooker:
    """Looks at the pages of one browser tab, in one language."""

    def __init__(self, page: Page, seen: Seen, language: str, views: list[View], *, identity: str) -> None:
        self.page, self.seen, self.language, self.views = page, seen, language, views
        self.identity = identity
        self.said: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # That the page itself is a refusal is what some pages are for.
        place = message.location["url"]
        expected = message.text.startswith("Failed to load resource") and place in {self.page.url, self._no_mark()}
        if message.type in {"error", "warning"} and not expected:
            self.said.append(f"{message.text} ({place})")

    def _no_mark(self) -> str:
        # The made-up identity service has none of its own.
        return f"{self.identity}/favicon.ico"

    def _request(self, request: Request) -> None:
        if request.method == "POST":
            self.seen.pressed.add(name_of(request.url, self.language)[0])

    def goes(self, url: str) -> None:
        """There, and looks."""
        self.page.goto(url)
        self.look()

    def look(self, *, kept: bool = True) -> None:
        """At the page as it is now; what is not `kept` has a name that says nothing of the page."""
        name, which = name_of(self.page.url, self.language) if kept else ("", "")
        self._says_what_it_is(name, which)
        sister = name in _SISTERS and self.seen.pages[f"{self.language} {name}"] > 0
        for view in SHORT if sister else self.views:
            self._see(view)
        self._see(View(1280), check=False)
        assert self.said == [], f"the console of {self.page.url} says {self.said}"
        self.seen.pages[f"{self.language} {name}"] += 1

    def _says_what_it_is(self, name: str, which: str) -> None:
        page, url = self.page, self.page.url
        lang = page.locator("html").get_attribute("lang")
        assert lang == self.language, f"{url} says it is in {lang}"
        headings = page.locator("h1").count()
        assert headings == 1, f"{url} has {headings} main headings"
        title = page.title()
        assert title.split("·")[0].strip(), f"{url} has no title"
        if name:
            owner = self.seen.titles.setdefault((self.language, title), f"{name} {which}")
            assert owner == f"{name} {which}", f"{url} has the title of {owner}: {title}"

    def _see(self, view: View, *, check: bool = True) -> None:
        page = self.page
        page.set_viewport_size({"width": view.width, "height": 900})
        page.emulate_media(color_scheme=view.scheme, forced_colors=view.forced)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", view.text)
        if not check:
            return
        # Larger text moves things, and changes nothing else that axe looks at.
        found, wide = [] if view.text else faults(page), over_the_edge(page)
        assert found == [], f"{page.url}, {view}: axe finds {found}"
        assert wide == [], f"{page.url}, {view}: {wide} can be scrolled sideways"
        self.seen.looks += 1
