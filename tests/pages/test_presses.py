"""A press counts only when it comes from a page of ours; to look at a page never changes anything."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from consents.models import Consent
from portal.people.doors import RESIDENT, cookie_name
from portal.walls import Role, scope
from tests.acting import question_of
from tests.residents import Resident

Enter = Callable[[str], Resident]
NAME = cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)
TOKEN = cookie_name(RESIDENT, settings.CSRF_COOKIE_NAME)
WAYS: dict[str, dict[str, str]] = {
    "no token": {},
    "another's token": {"x-csrftoken": "x" * 64},
    "a foreign origin": {"origin": "https://evil.example"},
    "no origin": {"origin": "null"},
}


def state(consent: Consent) -> str:
    with scope(Role.RESIDENT, persons=[consent.person_id]):
        return str(Consent.objects.get(pk=consent.pk).state)


def strict(one: Resident) -> Client:
    """Their browser, where the portal looks where a press comes from."""
    browser = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    browser.cookies[NAME] = one.browser.cookies[NAME].value
    return browser


@pytest.mark.security("V3.5.1", "B12")
@pytest.mark.parametrize("way", WAYS)
def test_a_press_without_its_token_or_from_elsewhere_changes_nothing(way: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    consent, browser = question_of(raili.person), strict(raili)
    page = browser.get(f"/en/requests/{consent.pk}/")
    token = {"csrfmiddlewaretoken": page.context["csrf_token"]} if "origin" in way else {}
    said = {"text": str(consent.text_id), "answer": "yes", **token}
    answer = browser.post(f"/en/requests/{consent.pk}/", said, headers=WAYS[way])
    assert (answer.status_code, state(consent)) == (403, "requested")


def test_a_press_from_the_page_itself_counts(resident_in: Enter) -> None:
    raili = resident_in("raili")
    consent, browser = question_of(raili.person), strict(raili)
    page = browser.get(f"/en/requests/{consent.pk}/")
    said = {"text": str(consent.text_id), "answer": "yes", "csrfmiddlewaretoken": page.context["csrf_token"]}
    answer = browser.post(f"/en/requests/{consent.pk}/", said, HTTP_ORIGIN="http://127.0.0.1")
    assert (answer.status_code, state(consent)) == (302, "given")


@pytest.mark.security("V3.5.3", "B12")
@pytest.mark.parametrize(
    "path", ["requests/{}/", "permissions/{}/stop/", "permissions/{}/change/", "permissions/{}/renew/"]
)
def test_to_look_changes_nothing(path: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    consent = question_of(raili.person)
    for words in ({}, {"text": str(consent.text_id), "answer": "yes", "confirm": "yes"}):
        raili.browser.get(f"/en/{path.format(consent.pk)}", words)
    assert state(consent) == "requested"


@pytest.mark.parametrize("path", ["people/act/", "people/own/", "session/"])
def test_what_is_only_pressed_is_not_looked_at(path: str, resident_in: Enter) -> None:
    assert resident_in("raili").browser.get(f"/en/{path}").status_code == 405
