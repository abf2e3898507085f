"""`python -m demo.check`: the main job against a running demo over HTTP, step by step."""

import os
import sys
import time
from collections.abc import Callable

from demo.browser import Browser, Page
from demo.client import Department
from demo.machine import folder
from demo.people import everyone

_PURPOSE, _DATASETS = "swimming-reminders", ["sports-courses"]
_ARRIVES_SECONDS = 20.0
_WORDS = {
    "fi": ("Kurssit", "Muistutus ennen kurssin alkua", "Annoit luvan.", "Peruit luvan.", "Laina"),
    "sv": ("Kurser", "Påminnelse innan kursen börjar", "Du gav ditt samtycke.", "Du tog tillbaka ett samtycke.", "Lån"),
    "en": (
        "Courses",
        "A reminder before a course starts",
        "You gave a permission.",
        "You took a permission back.",
        "Loan",
    ),
}


class NotOk(Exception):
    """A step did not do what it should."""


class MainJob:
    """One resident, from sign-in to taking back."""

    def __init__(self, base: str, language: str, slug: str) -> None:
        self.base, self.language = base, language
        self.code = next(person.identity_code for person in everyone() if person.slug == slug)
        self.slug = slug
        self.browser = Browser(language)
        self.sports = Department(base, folder() / "clients" / "sports.json")
        self.course, self.question, self.gave, self.took, self.loan = _WORDS[language]

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
        deadline = time.monotonic() + _ARRIVES_SECONDS
        while time.monotonic() < deadline:
            data = self.page("data/")
            if any("/data/sports/sports-courses/" in href for _, href in data.links):
                break
            time.sleep(0.5)
        else:
            raise NotOk("the courses did not arrive")
        if self.course not in self.page("data/sports/sports-courses/").text:
            raise NotOk("the courses are not shown")

    def _question(self) -> Page:
        permissions = self.page("permissions/")
        return self._open(permissions.link(self.question))

    def check(self, *, allowed: bool) -> None:
        """The department asks: may I?"""
        answer = self.sports.check(_PURPOSE, _DATASETS, [self.code])[0]
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
        missing = [words for words in (self.gave, self.took) if words not in text]
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


def main() -> int:
    """Every step in each language; exit code 1 at the first that is not ok."""
    base = f"http://127.0.0.1:{os.environ.get('DEMO_PORT', '8000')}"
    for language, slug in (("fi", "raili"), ("sv", "p0077"), ("en", "p0009")):
        job = MainJob(base, language, slug)
        for told, step in job.steps():
            try:
                step()
            except (NotOk, StopIteration, OSError) as fault:
                print(f"NOT OK  {language}  {told}: {fault or type(fault).__name__}")
                return 1
            print(f"ok      {language}  {told}")
    print("The main job works from end to end.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
