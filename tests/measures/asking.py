"""U20: who said no is left in peace; no member of staff opens a person without a reason."""

import psycopg
from playwright.sync_api import Page

from demo.people import everyone
from tests.browsing import follow
from tests.measures.measure import Measure
from tests.measures.tabs import City, answers, questions_at
from tests.servers import server

# In each person's story: a question that follows a no, or a taking back, within six months.
_ASKED_AGAIN = """
SELECT count(*) FROM consents_consentevent asked JOIN consents_consentevent said
  ON said.consent_id = asked.consent_id AND said.number < asked.number
WHERE asked.state = 'requested' AND said.state IN ('refused', 'withdrawn') AND asked.at < said.at + interval '183 days'
"""
_NOES = "SELECT count(*) FROM consents_consentevent WHERE state IN ('refused', 'withdrawn')"
# Whatever staff opened of a person, in the whole log; the reason stands in the entry that the person reads.
_OPENED = """
SELECT count(*) FILTER (WHERE coalesce(convert_from(body, 'UTF8')::jsonb #>> '{counts,reason}', '') = ''), count(*)
FROM ledger_log WHERE kind = 'desk.opened'
"""


def peace(city: City) -> Measure:
    """Someone says no to everything, and comes back twice; a clerk tries to open them without a reason, and with one.

    Then everyone's events and the whole log are read.
    """
    who, waiting = next(city.people), 0
    with city.entered("en", who=who) as (page, start):
        for question in questions_at(page, start):
            answers(page, question, "no")
        follow(page, page.locator("header form button"))
    for _ in range(2):
        with city.entered("en", who=who) as (page, start):
            waiting += len(questions_at(page, start))
    with city.at_desk() as page:
        tried = [_opens(page, who, reason) for reason in ("", "no_sign_in")]
    with psycopg.connect(server().url(city.portal.database), autocommit=True) as superuser:
        again, noes = (_one(superuser, statement)[0] for statement in (_ASKED_AGAIN, _NOES))
        unreasoned, opened = _one(superuser, _OPENED)
    figure = f"{waiting + again} after {noes} noes; {unreasoned} of {opened} looks by staff had none"
    met = noes > 0 and tried == [False, True] and opened > 0 and waiting == again == unreasoned == 0
    fact = "Asked again within six months of a no; opened by staff without a reason"
    return Measure("U20", fact, "0; 0", figure, met)


def _opens(page: Page, who: str, reason: str) -> bool:
    """A clerk tries to open somebody at the service point."""
    code = next(each.identity_code for each in everyone() if each.slug == who)
    page.locator("input[name=identity_code]").fill(code)
    if reason:
        page.locator(f"input[name=reason][value={reason}]").check()
    page.locator("input[name=case]").fill("D/20/2026")
    follow(page, page.locator("main form button.main, #content form button.main"))
    if page.url.endswith("/admin/desk/open/"):
        follow(page, page.locator("#content form button.main"))
    return page.url.endswith("/admin/desk/person/")


def _one(superuser: psycopg.Connection[tuple[int, ...]], statement: str) -> tuple[int, ...]:
    row = superuser.execute(statement.encode()).fetchone()
    assert row is not None
    return row
