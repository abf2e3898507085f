"""U14: the same page in each language, kept when the language changes; what is in another language says so."""

import tomllib
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browsing import follow
from tests.house.sources import ROOT, files
from tests.measures.measure import Measure
from tests.measures.tabs import LANGUAGES, City, answers, hrefs, questions_at
from tests.messages import read

_PLACES = ("home", "data", "usage", "permissions", "settings", "help", "registers", "no-such-page")
# What the switch itself says: in each page two texts that are in another language than the page.
_NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
# Marks of a change stand where that language changed.
_SKELETON = """() => [...document.querySelectorAll("body *:not(ins):not(del)")].filter(e => !e.closest("ins, del"))
  .map(e => e.tagName + (e.getAttribute("href") || "").replace(/^\\/(fi|sv|en)\\//, "/"))"""
_TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const of = walker.currentNode.parentElement;
    if (text && !of.closest("script")) found.push([of.closest("[lang]").getAttribute("lang"), text]);
  }
  return found;
}"""


def parity(city: City) -> Measure:
    """Over every kind of page of one resident who has answered."""
    alike = kept = marked = foreign = 0
    known = {language: set(_known(language)) for language in LANGUAGES}
    with city.entered("fi") as (page, start):
        urls = list(_pages(page, start))
        for url in urls:
            shapes = []
            page.goto(url)
            for now, then in (("fi", "sv"), ("sv", "en"), ("en", "fi")):
                shapes.append(page.evaluate(_SKELETON))
                of_others, told = _foreign(page.evaluate(_TEXTS), now, known)
                foreign, marked = foreign + of_others, marked + told
                follow(page, page.locator(f"header a[hreflang={then}]"))
                stays = page.url == url.replace("/fi/", f"/{then}/", 1)
                kept += stays and page.locator("html").get_attribute("lang") == then
            alike += shapes[0] == shapes[1] == shapes[2]
    count = len(urls)
    figure = (
        f"{100 * alike // count} % of {count} pages; {100 * kept // (3 * count)} % of {3 * count} switches; "
        f"{100 * marked // max(1, foreign)} % of {foreign} texts"
    )
    met = (alike, kept, marked) == (count, 3 * count, foreign)
    fact = "The same page in three languages; the switch keeps it; lang on text in another language"
    return Measure("U14", fact, "100 %; 100 %; 100 %", figure, met)


def _pages(page: Page, start: str) -> Iterator[str]:
    questions = questions_at(page, start)
    permission = answers(page, questions[0], "yes", optional=True)
    yield from (f"{start}{place}/" for place in _PLACES)
    yield from (f"{permission}{rest}" for rest in ("", "saved/", "stop/", "change/", "texts/1/"))
    yield questions[1]
    for place, selector in (("data", "main .card h3 a"), ("usage", "main li p.quiet a"), ("registers", "main .rows a")):
        page.goto(f"{start}{place}/")
        yield from hrefs(page, selector)[:1]


def _known(language: str) -> Iterator[str]:
    """Every text that is written in this language: of the interface, of the registers, of the purposes."""
    yield _NAMES[language]
    for message in read(language):
        yield from (message.string if isinstance(message.string, tuple | list) else [message.string or ""])
    for path in files():
        if path.suffix == ".toml" and "catalogue" in path.parts:
            yield from _said(tomllib.loads((ROOT / path).read_text()), language, inside=False)


def _said(value: object, language: str, *, inside: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if inside or key == language or key not in LANGUAGES:
                yield from _said(part, language, inside=inside or key == language)
    elif isinstance(value, list):
        for part in value:
            yield from _said(part, language, inside=inside)
    elif inside and isinstance(value, str):
        yield value


def _foreign(texts: list[list[str]], page: str, known: dict[str, set[str]]) -> tuple[int, int]:
    """(texts that are written in another language than the page's and not in the page's, those that say so)."""
    found = marked = 0
    for lang, text in texts:
        others = {one for one in LANGUAGES if one != page and text in known[one]}
        if others and text not in known[page]:
            found += 1
            marked += lang in others
    return found, marked
