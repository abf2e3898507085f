"""A use case from end to end: proposed, read, discussed, taken over, told of, tried out, and what came of it."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from consents.usecases.models import UsesOfMonth
from demo.client import Department
from demo.people import everyone
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters
from tests.journeys.city import City
from tests.notices.conftest import digests
from tests.portal_server import Running
from tests.residents import CODES, arrived
from tests.usecases.using import count, number

pytestmark = pytest.mark.browser
WRITER, READER = (next(person for person in everyone() if person.slug == slug) for slug in ("p0051", "p0052"))
# People of this journey alone.
LOOKED_AT = [f"p{each:04}" for each in range(71, 76)]
ALGORITHM = "exercise-group-suggestion"
ARRIVES_SECONDS = 20.0
Staff = Callable[[str], BrowserContext]
Meanwhile = Callable[[Callable[[], object]], None]


def enters(chromium: Browser, portal: Running, slug: str, *, width: int) -> Page:
    context = chromium.new_context(locale="en", viewport={"width": width, "height": 800})
    return resident_enters(context, portal.base, slug)


def proposes(page: Page, portal: Running) -> None:
    page.goto(f"{portal.base}/en/use-cases/")
    expect(page.get_by_text("No vote decides by itself.").first).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="Propose a use case"))
    is_accessible(page)
    page.get_by_label("Name of the proposal").fill("A group to move with")
    page.get_by_label("What is the problem?").fill("Call me on 040 123 4567 about the noise.")
    page.get_by_label("Who would gain from it, and how?").fill("Whoever wants to move finds a group.")
    page.get_by_label("By a name that I choose").check()
    page.get_by_label("The name that you choose").fill("A reader")
    follow(page, page.get_by_role("button", name="Send the proposal"))
    expect(page.get_by_role("alert")).to_contain_text("There is a phone number in the text.")
    is_accessible(page)
    page.get_by_label("What is the problem?").fill("Nobody knows which group suits them.")
    follow(page, page.get_by_role("button", name="Send the proposal"))
    expect(page.get_by_role("status")).to_contain_text("A moderator reads it")
    is_accessible(page)
    does_not_scroll_sideways(page)


def publishes(desk: Page, portal: Running, words: str) -> None:
    desk.goto(f"{portal.staff_base}/admin/usecases/word/")
    follow(desk, desk.locator("#result_list tbody th a").first)
    expect(desk.locator("blockquote")).to_contain_text(words)
    is_accessible(desk)
    follow(desk, desk.get_by_role("button", name="Publish it", exact=True))


def takes_over(desk: Page, portal: Running) -> str:
    """Where staff keep it."""
    desk.goto(f"{portal.staff_base}/admin/usecases/case/")
    follow(desk, desk.locator("#result_list tbody th a").first)
    is_accessible(desk)
    for name, value in (
        ("department", "Library"),
        ("core_process", "customer relations"),
        ("basis", "your permission"),
    ):
        options = desk.locator(f"#id_{name} option")
        label = next(text for text in options.all_inner_texts() if value.casefold() in text.casefold())
        desk.locator(f"#id_{name}").select_option(label=label)
    desk.locator("#id_purposes").select_option(label=ALGORITHM)
    for language in ("fi", "sv", "en"):
        for part in ("name", "problem", "gains", "risks"):
            desk.locator(f"#id_{part}_{language}").fill(f"A group: {part} {language}")
    case = desk.url
    follow(desk, desk.get_by_role("button", name="Take over and publish"))
    return case


def says(desk: Page, state: str, words: str) -> None:
    follow(desk, desk.get_by_role("link", name="Answer in public, or change the state"))
    is_accessible(desk)
    desk.locator("#id_state").select_option(label=state)
    for language in ("fi", "sv", "en"):
        desk.locator(f"#id_{language}").fill(f"{words} ({language}).")
    saves(desk, "Say it in public")


def saves(desk: Page, name: str) -> None:
    follow(desk, desk.get_by_role("button", name=name))
    expect(desk.locator(".messagelist .success")).to_be_visible()


def expects(desk: Page) -> None:
    is_accessible(desk)
    desk.get_by_label("What counts as one use").select_option(label="a look that a department told of")
    for what, likely in (("resident", 60), ("staff", 30), ("euro", 20)):
        for bound, value in (("low", likely - 10), ("likely", likely), ("high", likely + 10)):
            desk.locator(f"#id_{what}_{bound}").fill(str(value))
    for name, value in (("uses_a_year", 1200), ("build_euro", 50), ("yearly_euro", 0)):
        desk.locator(f"#id_{name}").fill(str(value))
    saves(desk, "Save what is expected")


def enters_a_cost(desk: Page) -> None:
    desk.get_by_label("Month, as 2026-11").fill(f"{timezone.localdate():%Y-%m}")
    desk.get_by_label("Cost", exact=True).select_option(label="to build")
    desk.get_by_label("Euro", exact=True).fill("40")
    desk.get_by_label("Where the number comes from, or why it changes").fill("Invoice 1187")
    saves(desk, "Save the cost")
    is_accessible(desk)


def tries_it_out(desk: Page, case: str) -> None:
    """Once it is written down what is expected of it."""
    effect = "Effect: what is expected, and costs"
    desk.goto(case)
    follow(desk, desk.get_by_role("link", name=effect))
    expects(desk)
    desk.goto(case)
    says(desk, "being tried out", "We try it")
    desk.goto(case)
    follow(desk, desk.get_by_role("link", name=effect))
    enters_a_cost(desk)


def suggests(sports: Department, who: str) -> None:
    """The department's system tells of one use by the algorithm."""
    now, text = timezone.now().isoformat(), {"fi": "Vesijumppa.", "sv": "Vattengympa.", "en": "Water gymnastics."}
    use = {
        "subject": {"identity_code": CODES[who]},
        "at": now,
        "unit": "Liikuntaneuvonta",
        "role": "liikuntaneuvoja",
        "purpose": ALGORITHM,
        "datasets": ["sports-courses"],
        "algorithm": ALGORITHM,
        "outcome": {"result": text, "reasons": [text], "decided_by": "person", "at": now},
    }
    assert sports.act("POST", "uses/", {"uses": [use]}) == {"received": 1}


def counted() -> int:
    """All that the log tells; how often the algorithm's purpose was used, by another journey, too."""
    number()
    count()
    return sum(UsesOfMonth.objects.filter(purpose=ALGORITHM).values_list("uses", flat=True))


def has_effect(page: Page, sports: Department, meanwhile: Meanwhile) -> None:
    """Of five people it is told, and that an algorithm took part."""
    for who in LOOKED_AT:
        meanwhile(partial(arrived, who))
        suggests(sports, who)
    found: list[int] = []
    meanwhile(lambda: found.append(counted()))
    (uses,) = found
    assert uses >= len(LOOKED_AT)
    page.reload()
    expect(page.get_by_text(f"Data was used {uses} times for this since")).to_be_visible()
    saved = f"at least {10 * uses - 40} € and at most {30 * uses - 40} €."
    expect(page.get_by_text(f"It has saved the city more than it cost: {saved}")).to_be_visible()
    by_algorithm = f"{uses}, in {uses} of them an algorithm took part"
    expect(page.get_by_role("cell", name=by_algorithm, exact=True).first).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="All use cases together"))
    row = page.get_by_role("row").filter(has_text="A group: name en")
    expect(row.get_by_role("cell", name=by_algorithm, exact=True)).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)


def takes_part(page: Page, portal: Running) -> None:
    page.goto(f"{portal.base}/en/settings/letters/")
    page.get_by_label("By e-mail").check()
    follow(page, page.get_by_role("button", name="Save"))
    page.goto(f"{portal.base}/en/use-cases/")
    follow(page, page.get_by_role("link", name="A group to move with"))
    expect(page.get_by_text("Proposed by A reader.")).to_be_visible()
    is_accessible(page)
    follow(page, page.get_by_role("link", name="Support, follow or comment"))
    is_accessible(page)
    follow(page, page.get_by_role("button", name="Support this"))
    follow(page, page.get_by_role("button", name="Follow this"))
    expect(page.get_by_text("You support this.")).to_be_visible()
    page.get_by_label("Your comment").fill("I would come in the mornings.")
    follow(page, page.get_by_role("button", name="Send the comment"))


def reads_on(page: Page, portal: Running) -> None:
    page.goto(f"{portal.base}/en/use-cases/?state=studied")
    follow(page, page.get_by_role("link", name="A group: name en"))
    expect(page.get_by_text("We look into it (en).")).to_be_visible()
    expect(page.get_by_text("1 resident supports this.")).to_be_visible()
    expect(page.get_by_text("I would come in the mornings.")).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)


def arrives(what: Callable[[], int], count: int) -> None:
    deadline = time.monotonic() + ARRIVES_SECONDS
    while what() < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert what() == count


def test_a_proposal_becomes_a_case_that_is_tried_out_and_shows_what_came_of_it(
    chromium: Browser,
    portal: Running,
    staff: Staff,
    city: City,
    meanwhile: Meanwhile,
    let_in: Callable[..., None],
    tmp_path: Path,
) -> None:
    writer = enters(chromium, portal, WRITER.slug, width=360)
    reader = enters(chromium, portal, READER.slug, width=1280)
    desk = staff("keeper-library").new_page()
    proposes(writer, portal)
    publishes(desk, portal, "Nobody knows which group suits them.")
    takes_part(reader, portal)
    publishes(desk, portal, "I would come in the mornings.")

    def mailed() -> int:
        return len([letter for letter in city.post.letters if letter["To"] == READER.email])

    arrives(mailed, 1)
    case = takes_over(desk, portal)
    says(desk, "being studied", "We look into it")
    reads_on(writer, portal)

    def told() -> int:
        reader.goto(f"{portal.base}/en/settings/letters/")
        return reader.get_by_text("There is news about a use case that you follow.").count()

    arrives(told, 1)
    meanwhile(partial(digests, timezone.now()))
    arrives(mailed, 2)
    assert "A group" not in str(city.post.letters[-1])
    assert [word for word in ("A group", "mornings") if word in portal.log.read_text()] == []
    tries_it_out(desk, case)
    let_in("sports", tmp_path / "sports.json", "--scopes", "uses:write")
    has_effect(writer, Department(portal.base, tmp_path / "sports.json"), meanwhile)
