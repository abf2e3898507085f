"""Every page for residents and for everyone, in each language, width and set of colours, before axe."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

import django
from playwright.sync_api import Browser, Page, expect

from demo.people import everyone
from tests.browsing import follow
from tests.portal_server import Running
from tests.proof.all_pages import draws_each, is_complete
from tests.proof.looking import FULL, SHORT, Onlooker, Seen, View
from tests.proof.opened import opened
from tests.proof.request_pages import uses_rights
from tests.proof.staff_pages import looks_at_the_desk, looks_at_the_door

# Whoever tries everything needs fresh questions; one for each language.
_TRIES_ALL = {"fi": "raili", "sv": "p0077", "en": "p0011"}
# A guardian, one whose address is protected, one of whom nothing is held, the oldest, and one with an unpaid fee.
_ONLY_LOOKS = {"fi": ("aino", "tuuli"), "sv": ("veikko", "lempi"), "en": ("aino", "tarmo")}
_LOOK_AGAIN_MS = 500


def prove() -> str:
    """Everyone's pages, then each resident's, then the staff's door."""
    seen = Seen()
    with opened() as (portal, browser, _):
        # The URL table is read as the portal reads it.
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
        django.setup()
        for language, slug in _TRIES_ALL.items():
            with _looking(browser, portal, seen, language, FULL) as eye:
                _everyones(eye, portal)
                _signs_in(eye, portal, slug)
                _tries_all(eye, portal, browser)
            for other in _ONLY_LOOKS[language]:
                with _looking(browser, portal, seen, language, SHORT) as eye:
                    _signs_in(eye, portal, other)
                    _own(eye, portal)
                    _acts_for_another(eye, portal)
        with _looking(browser, portal, seen, "en", FULL) as eye:
            _in_english(eye, portal)
            looks_at_the_door(eye, portal)
        at_desk = browser.new_context(reduced_motion="reduce").new_page()
        looks_at_the_desk(at_desk, portal, seen)
        at_desk.context.close()
    is_complete(seen, languages=_TRIES_ALL)
    draws_each()
    people = len({*_TRIES_ALL.values(), *chain.from_iterable(_ONLY_LOOKS.values())})
    return (
        f"{sum(seen.pages.values())} pages of {people} residents, everyone's, the staff's door and the service point "
        f"in 3 languages, {seen.looks} looks (320, 360, 1280; light, dark, forced colours): axe finds nothing, the "
        "console is silent, every title is its page's own, and nothing scrolls sideways, not with text at 200% either"
    )


@contextmanager
def _looking(browser: Browser, portal: Running, seen: Seen, language: str, views: list[View]) -> Iterator[Onlooker]:
    context = browser.new_context(locale=language, reduced_motion="reduce")  # no colour is caught halfway
    yield Onlooker(context.new_page(), seen, language, views, identity=portal.identity.issuer)
    context.close()


def _everyones(eye: Onlooker, portal: Running) -> None:
    """What a stranger may read, and two refusals."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    ends = ("signed-out/", "session-ended/", "no-such-page/", "algorithms/exercise-group-suggestion/versions/1/")
    for path in ("", "help/", "privacy/", "seals/", "rulebook/", "verify/", *ends):
        eye.goes(f"{start}{path}")
    for listing in ("registers/", "algorithms/"):
        eye.goes(f"{start}{listing}")
        for href in sorted(_hrefs(page, "main ul.rows a")):
            eye.goes(f"{portal.base}{href}")
    page.goto(start)
    page.context.clear_cookies()
    follow(page, page.locator("form.acts button"))
    eye.look()
    _picks(eye, portal, "otso", broken="nonce")
    eye.look()


def _picks(eye: Onlooker, portal: Running, slug: str, *, broken: str = "") -> None:
    """At the identity service, with or without a fault of its panel."""
    page = eye.page
    page.goto(f"{portal.base}/{eye.language}/")
    follow(page, page.locator("form.acts button"))
    if not page.locator(f"button[value={slug}]").count():
        page.locator("input[name=q]").fill(next(each.family_name for each in everyone() if each.slug == slug))
        follow(page, page.locator("form[method=get] button"))
    page.locator("select[name=break]").select_option(broken)
    follow(page, page.locator(f"button[value={slug}]"))


def _signs_in(eye: Onlooker, portal: Running, slug: str) -> None:
    _picks(eye, portal, slug)
    expect(eye.page).to_have_url(f"{portal.base}/{eye.language}/home/")


def _offers_a_choice(page: Page, url: str) -> bool:
    page.goto(url)
    return page.locator("input[name=optional]").count() > 0


def _tries_all(eye: Onlooker, portal: Running, browser: Browser) -> None:
    """While the data arrive and afterwards; an answer left out, yes, no and stop; settings, and the way out."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    eye.look()
    eye.goes(f"{start}data/")
    _own(eye, portal)
    for href in sorted(_hrefs(page, "main h3 a")):
        eye.goes(f"{portal.base}{href}")
    eye.goes(start)
    page.goto(f"{start}permissions/")
    questions = sorted(_hrefs(page, "main a[href*='/requests/']"))
    assert len(questions) > 1, "there are too few questions to try every answer"
    # First the one of which a part may be left out: it can be changed afterwards.
    questions.sort(key=lambda href: not _offers_a_choice(page, f"{portal.base}{href}"))
    for number, href in enumerate(questions):
        _answers(eye, f"{portal.base}{href}", "yes" if number == 0 else "no")
    permission = f"{portal.base}{questions[0].replace('/requests/', '/permissions/')}"
    for url in (permission, f"{permission}texts/1/", f"{start}home/", f"{start}permissions/", f"{permission}change/"):
        eye.goes(url)
    _receipt(eye, portal, permission)
    page.goto(permission)
    for summary in page.locator("main summary").all():
        summary.click()
    eye.look()
    eye.goes(f"{permission}stop/")
    follow(page, page.locator("main form button"))
    eye.look()
    for url in (permission, f"{permission}stop/", f"{start}permissions/", f"{start}usage/"):
        eye.goes(url)
    _settings(eye, portal, browser)
    _leaves(eye, portal)


def _answers(eye: Onlooker, url: str, answer: str) -> None:
    page = eye.page
    eye.goes(url)
    for summary in page.locator("main summary").all():
        summary.click()
    eye.look()
    follow(page, page.locator("main form button"))
    expect(page.get_by_role("alert").first).to_be_visible()
    eye.look()
    page.locator(f"input[name=answer][value={answer}]").check()
    follow(page, page.locator("main form button"))
    expect(page).to_have_url(re.compile("/saved/$"))
    eye.look()


def _receipt(eye: Onlooker, portal: Running, permission: str) -> None:
    """Read, brought down, and checked: as it is, changed, and nothing at all."""
    page = eye.page
    page.goto(permission)
    receipt = _hrefs(page, "main .story a[href*='/receipts/']")[0]
    eye.goes(f"{portal.base}{receipt}")
    file = page.request.get(f"{page.url}json/").text()
    for brought in (file, file.replace('"covered":true', '"covered":false', 1), ""):
        page.goto(f"{portal.base}/{eye.language}/verify/")
        page.locator("textarea").fill(brought)
        follow(page, page.locator("main form button"))
        eye.look()


def _own(eye: Onlooker, portal: Running) -> None:
    """All that only shows: the data with everything that is held, the log, the permissions."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    _waits_for_data(page, start)
    eye.look()
    for href in sorted(_hrefs(page, "main .card h3 a")):
        eye.goes(f"{portal.base}{href}")
    for path in ("home/", "permissions/", "usage/?department=none", "usage/lock/", "usage/"):
        eye.goes(f"{start}{path}")
    for summary in page.locator("main summary").all():
        summary.click()
    eye.look()
    _asks(eye, portal)


def _asks(eye: Onlooker, portal: Running) -> None:
    """One row of the log, and the question about it: too long, sent, and waiting."""
    page = eye.page
    row = _hrefs(page, "main ul.rows a[href$='/ask/']")[0]
    eye.goes(f"{portal.base}{row.removesuffix('ask/')}")
    eye.goes(f"{portal.base}{row}")
    page.locator("textarea").evaluate("field => { field.removeAttribute('maxlength'); field.value = 'a'.repeat(2001) }")
    follow(page, page.locator("main form button"))
    eye.look()
    page.locator("textarea").fill("?")
    follow(page, page.locator("main form button"))
    eye.look()
    eye.goes(f"{portal.base}{row}")
    uses_rights(eye, portal)


def _acts_for_another(eye: Onlooker, portal: Running) -> None:
    """Whom one may act for; the first of them, if anybody; what is refused; and back."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    eye.goes(f"{start}people/")
    begins = page.locator("main form button")
    if not begins.count():
        return
    follow(page, begins.first)
    for path in ("home/", "permissions/", "usage/", "settings/"):
        eye.goes(f"{start}{path}")
    follow(page, page.locator("aside.acting button"))
    page.goto(f"{start}people/")
    page.evaluate("document.querySelector('main input[name=person]').value = 'nobody'")
    follow(page, page.locator("main form button").first)
    eye.look()


def _waits_for_data(page: Page, start: str) -> None:
    page.goto(f"{start}data/")
    asking = page.locator("main .notice[role=status]")
    for _ in range(40):
        if not asking.count():
            return
        page.wait_for_timeout(_LOOK_AGAIN_MS)
        page.reload()
    raise AssertionError("The departments did not answer.")


def _settings(eye: Onlooker, portal: Running, browser: Browser) -> None:
    """With a session elsewhere, which is then ended; with the warning before the end of this one."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    with _looking(browser, portal, eye.seen, eye.language, []) as elsewhere:
        _signs_in(elsewhere, portal, _TRIES_ALL[eye.language])
        eye.goes(f"{start}settings/")
        follow(page, page.locator("main form button").first)
        eye.look()
    _letters(eye, start)
    page.goto(f"{start}data/")
    follow(page, page.locator("main form button"))
    eye.look()
    page.evaluate("document.getElementById('session-notice').hidden = false")
    eye.look()
    page.locator("#session-notice button").click()
    expect(page.locator("#session-notice")).to_be_hidden()


def _letters(eye: Onlooker, start: str) -> None:
    """The choices, one saved, and one that was not among them."""
    page = eye.page
    eye.goes(f"{start}settings/letters/")
    page.locator("input[name=desk]").check()
    follow(page, page.locator("main form button"))
    expect(page).to_have_url(re.compile(r"\?saved$"))
    eye.look()
    page.locator("input[name=way]:checked").evaluate("one => { one.value = 'pigeon' }")
    follow(page, page.locator("main form button"))
    expect(page.get_by_role("alert").first).to_be_visible()
    eye.look()


def _leaves(eye: Onlooker, portal: Running) -> None:
    """Out, by the identity service."""
    page, start = eye.page, f"{portal.base}/{eye.language}/"
    eye.goes(f"{start}no-such-page/")
    eye.goes(f"{start}help/")
    follow(page, page.locator("header form button"))
    assert "/signed-out/" in page.url, page.url
    page.goto(f"{start}home/")
    assert page.url.startswith(f"{start}?next="), "one is still signed in"


def _in_english(eye: Onlooker, portal: Running) -> None:
    """What is for developers."""
    eye.goes(f"{portal.base}/api/v1/docs/")
    problem = _hrefs(eye.page, "main a[href*='/api/problems/']")[0]
    eye.goes(f"{portal.base}{problem}")


def _hrefs(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(found))
