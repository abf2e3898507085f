"""Before a person is opened: a reason, a case, the exact sentence that they will read, and a way to leave it closed."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.residents import CODES, enter
from tests.servicepoint.test_recording import clerk, kinds_about
from tests.staffing import hire

__all__ = ["clerk", "hire"]


def test_the_exact_sentence_is_shown_before_and_stands_in_the_log_after(clerk: Client) -> None:
    raili = enter("raili")
    told = {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026"}
    assert clerk.post("/admin/desk/", told).headers["Location"] == "/admin/desk/open/"
    before = html.unescape(clerk.get("/admin/desk/open/").content.decode())
    assert ("desk.opened" in kinds_about(raili.person), CODES["raili"] in before) == (False, False)
    [foretold] = re.findall(r'<blockquote lang="en"><p>([^<]+)</p>', before)
    assert "You answered by post. Case D/77/2026." in foretold
    assert clerk.post("/admin/desk/open/", {"do": "open"}).headers["Location"] == "/admin/desk/person/"
    assert "desk.opened" in kinds_about(raili.person)
    page = raili.browser.get("/en/usage/").content.decode()
    log = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    assert [part for part in re.split(r"(?<=\.) ", foretold) if part.rstrip(".") not in log] == []


def test_left_closed_nobody_is_opened_and_nothing_is_kept(clerk: Client) -> None:
    raili = enter("raili")
    clerk.post("/admin/desk/", {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026"})
    assert clerk.post("/admin/desk/open/", {"do": "leave"}).headers["Location"] == "/admin/desk/"
    assert clerk.post("/admin/desk/open/", {"do": "open"}).headers["Location"] == "/admin/desk/"
    assert "desk.opened" not in kinds_about(raili.person)


def test_what_was_asked_is_forgotten_after_five_minutes(clerk: Client) -> None:
    raili = enter("raili")
    clerk.post("/admin/desk/", {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026"})
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert clerk.post("/admin/desk/open/", {"do": "open"}).headers["Location"] == "/admin/desk/"
    assert "desk.opened" not in kinds_about(raili.person)


@pytest.mark.parametrize("missing", ["reason", "case"])
def test_nobody_is_opened_without_a_reason_and_a_case(missing: str, clerk: Client) -> None:
    enter("raili")
    told = {"identity_code": CODES["raili"], "reason": "by_post", "case": "D/77/2026", missing: ""}
    assert clerk.post("/admin/desk/", told).status_code == 422


@pytest.mark.parametrize("way", ["identity_code", "hetu", "q", "code"])
def test_a_code_in_an_address_finds_nobody(way: str, clerk: Client) -> None:
    enter("raili")
    page = clerk.get(f"/admin/desk/?{way}={CODES['raili']}&reason=by_post&case=D/1/2026")
    assert (page.status_code, CODES["raili"] in page.content.decode()) == (200, False)
    assert clerk.get("/admin/desk/person/").status_code == 302
