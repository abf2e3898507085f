"""`python -m demo.check`: the main job against a running demo over HTTP, step by step, in each city of CITIES."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from pathlib import Path

import httpx2

from demo.browser import Browser, Page
from demo.cities import DemoCity, cities, trusted_in
from demo.client import Department
from demo.machine import folder
from demo.people import everyone
from demo.seeding import clients, key_of
from demo.supervisor import DemoFailed

_ARRIVES_SECONDS = 20.0
# The student of the stories.
_MOVED = "otso"
# You gave a permission; you took it back.
_LOGGED = {
    "fi": ("Annoit luvan.", "Peruit luvan."),
    "sv": ("Du gav ditt samtycke.", "Du tog tillbaka ett samtycke."),
    "en": ("You gave a permission.", "You took a permission back."),
}


@dataclass(frozen=True)
class Errand:
    """What is allowed and taken back: who asks for what, and (dataset, question) as each language calls them."""

    department: str
    purpose: str
    dataset: str
    words: Mapping[str, tuple[str, str]]
    who: Mapping[str, str]


COURSES = Errand(
    "sports",
    "swimming-reminders",
    "sports-courses",
    {
        "fi": ("Kurssit", "Muistutus ennen kurssin alkua"),
        "sv": ("Kurser", "Påminnelse innan kursen börjar"),
        "en": ("Courses", "A reminder before a course starts"),
    },
    {"fi": "raili", "sv": "p0077", "en": "p0009"},
)
LOANS = Errand(
    "library",
    "reading-tips",
    "library-loans",
    {
        "fi": ("Lainat", "Lukuvinkit lainojesi perusteella"),
        "sv": ("Lån", "Lästips utifrån dina lån"),
        "en": ("Loans", "Reading tips from your loans"),
    },
    {"fi": "otso", "sv": "p0068", "en": "p0218"},
)


class NotOk(Exception):
    """A step did not do what it should."""


class MainJob:
    """One resident, from sign-in to taking back."""

    def __init__(
        self, base: str, language: str, slug: str, *, errand: Errand = COURSES, place: Path | None = None
    ) -> None:
        self.base, self.language, self.slug, self.errand = base, language, slug, errand
        self.code = next(person.identity_code for person in everyone() if person.slug == slug)
        self.browser = Browser(language)
        self.department = Department(base, key_of(place or folder(), errand.department))
        self.named, self.question = errand.words[language]

    def page(self, path: str) -> Page:
        """A page of the portal in this language."""
        return self._open(f"{self.base}/{self.language}/{path}")

    def _open(self, url: str) -> Page:
        page = self.browser.open(url)
        if page.status != 200:
            raise NotOk(f"{url.removeprefix(self.base)} answered {page.status}")
        return page

    def sign_in(self) -> None:
        """Through the identity service, home."""
        start = self.page("")
        pick = self.browser.send(start, start.form(posting_to="suomifi/"))
        home = self.browser.send(pick, pick.form(with_choice="person"), person=self.slug)
        if not home.url.endswith(f"/{self.language}/home/"):
            raise NotOk(f"sign-in ended at {home.url.split('?')[0]}")

    def records(self) -> None:
        """Records that the workers pull from the department systems."""
        path = f"data/{self.errand.department}/{self.errand.dataset}/"
        deadline = time.monotonic() + _ARRIVES_SECONDS
        while time.monotonic() < deadline:
            data = self.page("data/")
            if any(f"/{path}" in href for _, href in data.links):
                break
            time.sleep(0.5)
        else:
            raise NotOk(f"{self.errand.dataset} did not arrive")
        if self.named not in self.page(path).text:
            raise NotOk(f"{self.errand.dataset} is not shown")

    def _question(self) -> Page:
        permissions = self.page("permissions/")
        return self._open(permissions.link(self.question))

    def check(self, *, allowed: bool) -> None:
        """The department asks: may I?"""
        answer = self.department.check(self.errand.purpose, [self.errand.dataset], [self.code])[0]
        if answer["allowed"] is not allowed:
            raise NotOk(f"the check said {answer['reason']}")

    def allow(self) -> None:
        """Yes."""
        page = self._question()
        if "/requests/" not in page.url:
            page = self._open(page.url.replace("/permissions/", "/requests/"))
        saved = self.browser.send(page, page.form(with_choice="answer"), answer="yes")
        if not saved.url.endswith("/saved/"):
            raise NotOk(f"the answer ended at {saved.status}")

    def take_back(self) -> None:
        """Stop."""
        page = self._open(self.page("permissions/").link(self.question))
        stop = self._open(f"{page.url}stop/")
        saved = self.browser.send(stop, stop.forms[-1])
        if not saved.url.endswith("/saved/"):
            raise NotOk(f"taking back ended at {saved.status}")

    def log(self) -> None:
        """Each step stands in the log."""
        text = self.page("usage/").text
        missing = [words for words in _LOGGED[self.language] if words not in text]
        if missing:
            raise NotOk(f"the log lacks: {', '.join(missing)}")

    def sign_out(self) -> None:
        """Out here and there; the old session opens nothing."""
        home = self.page("home/")
        self.browser.send(home, home.form(posting_to="sign-out/"))
        if "/home/" in self.browser.open(f"{self.base}/{self.language}/home/").url.split("?")[0]:
            raise NotOk("still signed in")

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """In order."""
        return [
            ("signs in at the identity service", self.sign_in),
            ("sees records that the workers pulled", self.records),
            ("the department's check says no", lambda: self.check(allowed=False)),
            ("allows the use", self.allow),
            ("the department's check says yes", lambda: self.check(allowed=True)),
            ("takes the permission back", self.take_back),
            ("the department's check says no again", lambda: self.check(allowed=False)),
            ("finds each step in the log", self.log),
            ("signs out", self.sign_out),
        ]


def _jobs(city: DemoCity) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is done in one city: each step of the main job, by another person in each language."""
    errand = COURSES if city.is_whole else LOANS
    if errand.department not in clients(city.folder, city.facts):
        return  # there is nobody who could ask
    before = f"{city.slug}  " if city.others else ""
    for language, slug in errand.who.items():
        job = MainJob(city.url, language, slug, errand=errand, place=city.folder)
        for told, step in job.steps():
            yield f"{before}{language}  {told}", step


def _between(one: DemoCity, other: DemoCity) -> None:
    """`one` knows where `other` is, which answers there with keys that are not those of `one`."""
    if trusted_in(one.trusted_file).get(other.slug) != other.url:
        raise NotOk(f"the file of trusted cities does not say that {other.slug} is at {other.url}")
    if not _keys(other.url) or _keys(one.url) & _keys(other.url):
        raise NotOk("the keys are none, or shared")


def _keys(url: str) -> set[str]:
    """Ids of the published keys."""
    told = httpx2.get(f"{url}/.well-known/jwks.json").raise_for_status().json()
    return {key["kid"] for key in told["keys"]}


def _in_both(asked: list[DemoCity]) -> None:
    """One who moved is signed in to every city from one browser, each time at the city's own identity service."""
    browser = Browser("en")
    for city in asked:
        start = browser.open(f"{city.url}/en/")
        pick = browser.send(start, start.form(posting_to="suomifi/"))
        browser.send(pick, pick.form(with_choice="person"), person=_MOVED)
    for city in asked:
        home = browser.open(f"{city.url}/en/home/")
        if home.status != 200 or not home.url.endswith("/home/") or city.name["en"] not in home.text:
            raise NotOk(f"not signed in to {city.name['en']}")


def _all(asked: list[DemoCity]) -> Iterator[tuple[str, Callable[[], None]]]:
    for city in asked:
        yield from _jobs(city)
    for one, other in permutations(asked, 2):
        yield f"{one.slug} trusts {other.slug}", partial(_between, one, other)
    if len(asked) > 1:
        yield "one browser is signed in to every city", partial(_in_both, asked)


def main() -> int:
    """Every step in each city and language; exit code 1 at the first that is not ok."""
    try:
        asked = cities(folder())
    except DemoFailed as fault:
        print(f"NOT OK  {fault}")
        return 1
    for told, step in _all(asked):
        try:
            step()
        except (NotOk, StopIteration, OSError, httpx2.HTTPError) as fault:
            print(f"NOT OK  {told}: {fault or type(fault).__name__}")
            return 1
        print(f"ok      {told}")
    print("The main job works from end to end.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
