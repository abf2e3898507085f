"""The resident's pages: whose they are, what they ask of the database, what they say."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.models import Consent, Errand, Purpose
from consents.queries.reading import consents_of
from consents.receipts.reading import receipts_of
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind
from portal.walls import Role, scope
from tests.arriving.bringing_packages import newest, taken_in
from tests.consents.leading import errand_of
from tests.requests.erasures import erased, planned
from tests.residents import Resident
from tests.usecases.talking import comments, words

Enter = Callable[[str], Resident]
LISTS = ("home", "data", "usage", "permissions")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_list_page_opens_in_every_language(path: str, language: str, resident_in: Enter) -> None:
    assert resident_in("raili").browser.get(f"/{language}/{path}/").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_stranger_is_sent_to_the_start(path: str, city: None) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").get(f"/fi/{path}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/fi/?next=%2Ffi%2F{path}%2F")


# About programs, not about anybody.
EVERYONES = {"fairness", "fairness_bundle"}


def _personal_urls() -> dict[str, str]:
    """{name: address below the language}, with `{}` where the row stands and an example of what else there is."""
    patterns = [each for each in get_resolver("portal.pages.urls").url_patterns if isinstance(each, URLPattern)]
    named = {str(each.name): str(each.pattern) for each in patterns if each.name and each.name not in EVERYONES}
    return {
        name: re.sub(r"<(\w+):\w+>", lambda found: _EXAMPLES[found[1]], path)
        for name, path in named.items()
        if "<uuid:pk>" in path
    }


_EXAMPLES = {"uuid": "{}", "int": "1", "str": "no-such-token", "slug": "earlier-school"}
USES = {"one_use", "ask_about", "use_json"}
RIGHTS = {"my_request", "take_back", "package", "package_file"}
ERASURES = {"erase_plan", "erasure_receipt", "erasure_receipt_json"}
WATCHES = {"brought", "part", "route", "route_gpx", "remove_route"}
KEPT = {"kept_item", "ask_for_kept", "remove_item", "answer_item"}
ARRIVED = {"arrival", "remove_rest"}


def test_every_personal_address_is_walked_here() -> None:
    errands = {"errand", "errand_back", "given_form"}
    permissions = {"permission", "permission_text", "stop", "change", "renew", "answer_saved", "question"}
    words_sent = {"your_words"}
    receipts = {"receipt", "receipt_json", "receipt_pdf", "receipt_html"}
    others = permissions | receipts | words_sent | errands
    assert set(_personal_urls()) == USES | RIGHTS | ERASURES | WATCHES | KEPT | ARRIVED | others


def _theirs(name: str, other: Resident, tmp_path: Path) -> Any:
    """A row of somebody else's that the page would show to them."""
    if name in KEPT | ARRIVED:
        item = taken_in(other, "otso", tmp_path)
        return newest(other.person) if name in ARRIVED else item
    if name == "your_words":
        comments(other)
        return words()[0]
    if name in ERASURES:
        return planned(other.person) if name == "erase_plan" else erased(other.person)
    if name.startswith("errand"):
        return Errand(pk=errand_of(other.person, Purpose.objects.get(slug="swimming-reminders").pk))
    with scope(Role.RESIDENT, persons=[other.person]):
        return _in_their_scope(name, other.person)


def _in_their_scope(name: str, person: UUID) -> Any:
    by = resident(person)
    if name in USES:
        return Entry.objects.first()
    if name in RIGHTS:
        return make_request(Asked(RequestKind.ASK), person=person, language="fi", by=by, at=timezone.now())[0]
    theirs = consents_of(person)[0]
    if name.startswith("receipt"):
        give(theirs.pk, shown=Shown(theirs.text_id, "fi"), by=by, at=theirs.requested_at)
        return receipts_of(person).first()
    return theirs


@pytest.mark.parametrize("name", _personal_urls())
def test_anothers_row_and_a_missing_one_are_the_same_page(name: str, resident_in: Enter, tmp_path: Path) -> None:
    mine, missing = resident_in("raili"), uuid4()
    theirs = _theirs(name, resident_in("otso"), tmp_path).pk
    path = _personal_urls()[name]
    refused = mine.browser.get(f"/fi/{path.format(theirs)}")
    absent = mine.browser.get(f"/fi/{path.format(missing)}")
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert _same(refused.content, str(theirs)) == _same(absent.content, str(missing))


def _same(body: bytes, pk: str) -> str:
    lines = body.decode().replace(pk, "").splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


@pytest.mark.security("V10.7.2")
def test_a_question_preselects_nothing_and_gives_both_answers_one_weight(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        question = consents_of(raili.person).first()
        assert question is not None
    page = raili.browser.get(f"/en/requests/{question.pk}/").content.decode()
    assert (page.count('type="radio"'), "checked" in page) == (2, False)
    assert page.count('<label class="choice"><input type="radio"') == 2


def test_no_answer_is_told_in_words_and_nothing_changes(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        question = consents_of(raili.person).first()
        assert question is not None
    answer = raili.browser.post(f"/en/requests/{question.pk}/", {"text": str(question.text_id)})
    assert (answer.status_code, "Choose Yes or No." in answer.content.decode()) == (422, True)
    with scope(Role.RESIDENT, persons=[raili.person]):
        assert Consent.objects.get(pk=question.pk).state == "requested"


@pytest.mark.security("V2.3.1")
def test_a_changed_text_is_read_again_before_it_is_answered(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        question = consents_of(raili.person).first()
        assert question is not None
    answer = raili.browser.post(f"/en/requests/{question.pk}/", {"text": str(uuid4()), "answer": "yes"})
    assert (answer.status_code, "The text changed after you opened the page" in answer.content.decode()) == (409, True)


_CASES = ("use-cases/", "use-cases/daycare-fee/", "use-cases/effect/")
PUBLIC = ("", *_CASES, "registers/", "help/", "verify/", "seals/", "rulebook/", "walks/")


@pytest.mark.security("V3.4.3")
@pytest.mark.parametrize("path", [*PUBLIC, *(f"{name}/" for name in LISTS), "settings/", "settings/letters/"])
def test_every_page_keeps_the_content_policy(path: str, resident_in: Enter) -> None:
    answer = resident_in("raili").browser.get(f"/fi/{path}")
    page = answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert [bad for bad in ("<style", "style=", "onclick", "{{", "{%") if bad in page] == []
    assert re.sub(r'<script src="/static/[^"]+" defer></script>', "", page).count("<script") == 0


def test_a_page_that_was_not_found_leads_to_itself_in_each_language(city: None) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").get("/fi/no-such-page/?a=1")
    links = re.findall(r'<a href="(/[^"]*)" lang="\w+" hreflang', answer.content.decode())
    assert links == [f"/{language}/no-such-page/?a=1" for language in ("fi", "sv", "en")]
