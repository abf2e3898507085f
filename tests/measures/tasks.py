"""U4: everything that a resident can do, done without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Error, Page

from tests.browsing import follow
from tests.journeys.test_whole_way import WORDS, sees_pulled_records
from tests.measures.measure import Measure
from tests.measures.tabs import City, answers, hrefs, questions_at


class _Resident:
    """One person's tasks, in an order that lets each build on the one before."""

    def __init__(self, city: City, page: Page, start: str, who: str) -> None:
        self.city, self.page, self.start, self.who = city, page, start, who
        self.permission = ""

    def reads_their_data(self) -> None:
        sees_pulled_records(self.page, self.city.portal, "fi", WORDS["fi"], script=False)

    def asks_the_departments_again(self) -> None:
        self.page.goto(f"{self.start}data/")
        button = self.page.locator("main form button")
        for _ in range(20):
            if button.count():
                break
            self.page.wait_for_timeout(500)
            self.page.reload()
        follow(self.page, button)

    def reads_who_has_used_it(self) -> None:
        self.page.goto(f"{self.start}usage/")
        follow(self.page, self.page.locator("main li p.quiet a").first)
        assert "/usage/" in self.page.url

    def opens_their_own_values_in_a_question(self) -> None:
        self.page.goto(questions_at(self.page, self.start)[0])
        summary = self.page.locator("main summary").first
        summary.click()
        assert summary.evaluate("summary => summary.parentElement.open")

    def is_told_that_an_answer_is_missing(self) -> None:
        self.page.goto(questions_at(self.page, self.start)[0])
        follow(self.page, self.page.locator("main form button"))
        assert self.page.locator("[role=alert] a").count() == 1

    def says_no(self) -> None:
        answers(self.page, questions_at(self.page, self.start)[-1], "no")

    def allows(self) -> None:
        self.permission = answers(self.page, questions_at(self.page, self.start)[0], "yes", optional=True)

    def leaves_a_part_out(self) -> None:
        self.page.goto(f"{self.permission}change/")
        self.page.locator("input[name=optional]").first.uncheck()
        follow(self.page, self.page.locator("main form button"))
        assert self.page.url.endswith("/saved/")

    def reads_the_story_and_the_whole_text(self) -> None:
        self.page.goto(self.permission)
        assert self.page.locator(".story > li").count() >= 3
        follow(self.page, self.page.locator("main a[href*='/texts/']").first)
        assert self.page.locator(".asked h2").count() >= 6

    def takes_back(self) -> None:
        self.page.goto(f"{self.permission}stop/")
        follow(self.page, self.page.locator("main form button"))
        assert self.page.url.endswith("/saved/")

    def gives_again(self) -> None:
        answers(self.page, self.permission.replace("/permissions/", "/requests/"), "yes")

    def changes_the_language(self) -> None:
        for language in ("sv", "en", "fi"):
            follow(self.page, self.page.locator(f"header a[hreflang={language}]"))
            assert self.page.locator("html").get_attribute("lang") == language

    def ends_a_session_elsewhere(self) -> None:
        with self.city.entered("fi", who=self.who, script=False) as (elsewhere, _):
            self.page.goto(f"{self.start}settings/")
            follow(self.page, self.page.locator("main form[action*='/end/'] button").first)
            elsewhere.reload()
            assert "?next=" in elsewhere.url

    def reads_the_registers(self) -> None:
        self.page.goto(f"{self.start}registers/")
        self.page.goto(hrefs(self.page, "main ul.rows a")[0])
        assert self.page.locator("main dl").count()

    def finds_help(self) -> None:
        self.page.goto(f"{self.start}help/")
        assert self.page.locator("main dl").count()

    def signs_out(self) -> None:
        follow(self.page, self.page.locator("header form button"))
        assert "/signed-out/" in self.page.url

    def tasks(self) -> list[Callable[[], None]]:
        """In their order."""
        return [
            *(self.reads_their_data, self.asks_the_departments_again, self.reads_who_has_used_it),
            *(self.opens_their_own_values_in_a_question, self.is_told_that_an_answer_is_missing),
            *(self.says_no, self.allows, self.leaves_a_part_out, self.reads_the_story_and_the_whole_text),
            *(self.takes_back, self.gives_again, self.changes_the_language, self.ends_a_session_elsewhere),
            *(self.reads_the_registers, self.finds_help, self.signs_out),
        ]


def without_script(city: City) -> Measure:
    """Signing in is one of them, and comes first."""
    who, failed = next(city.people), []
    with city.entered("fi", who=who, script=False) as (page, start):
        tasks = _Resident(city, page, start, who).tasks()
        for task in tasks:
            try:
                task()
            except (AssertionError, IndexError, Error):
                failed.append(task.__name__.replace("_", " "))
    count = len(tasks) + 1
    figure = f"{100 * (count - len(failed)) // count} % of {count}" + (f"; not: {', '.join(failed)}" if failed else "")
    return Measure("U4", "A resident's tasks without JavaScript", "100 %", figure, not failed)
