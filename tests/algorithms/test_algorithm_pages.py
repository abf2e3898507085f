"""The public pages of the register: what they say, in which language, and how much they ask of the database."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.actions.requesting import request_consent
from consents.algorithms.catalogue import load
from consents.algorithms.exports.forms import FORMS
from consents.algorithms.reading import PAGE
from consents.models import Consent, Purpose
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.residents import ALGORITHMS, Resident

Enter = Callable[[str], Resident]
pytestmark = pytest.mark.django_db
ONE = "exercise-group-suggestion"
NAMES = {"fi": "Liikuntaryhmän ehdotus", "sv": "Förslag till motionsgrupp", "en": "Exercise group suggestion"}
MOST_QUERIES = 8


@pytest.fixture
def browser(city: None) -> Client:
    return Client(headers={"host": "127.0.0.1"})


def _more(count: int, tmp_path: Path) -> None:
    """This many entries more, each with a slug of its own."""
    head, first, *_ = ALGORITHMS.read_text().split("[[algorithm]]")
    path = tmp_path / "algorithms.toml"
    path.write_text(head + "".join("[[algorithm]]" + first.replace(f'"{ONE}"', f'"{ONE}-{n}"') for n in range(count)))
    with scope(Role.STAFF, departments=["*"]):
        load(path, by=system("tests"), at=timezone.now())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_list_and_an_entry_open_in_every_language(language: str, browser: Client) -> None:
    listing = browser.get(f"/{language}/algorithms/").content.decode()
    page = browser.get(f"/{language}/algorithms/{ONE}/").content.decode()
    assert (NAMES[language] in listing, f"<h1>{NAMES[language]}</h1>" in page) == (True, True)


def test_an_entry_tells_every_heading_and_what_it_is_tied_to(browser: Client) -> None:
    page = browser.get("/en/algorithms/preschool-place-proposal/").content.decode()
    for told in (
        "Treating people equally",
        "How to object",
        "3(a): admission to education or training",
        "a18d3f7702c94be6581d0f4ac92e37b6604fd1958ec27ab31c50d9e84f6b7a20",
        'href="/en/registers/early-education-customers/"',
        "A place in pre-primary education",
        "Guardians wished for a place to come without an application.",
        "varhaiskasvatus.rekisterit@espoo.example",
        "A person decides; the program helps",
    ):
        assert told in page


def test_the_list_is_narrowed_by_state_and_department(browser: Client) -> None:
    pilots = browser.get("/en/algorithms/?state=pilot").content.decode()
    sports = browser.get("/en/algorithms/?department=sports").content.decode()
    nothing = browser.get("/en/algorithms/?state=paused").content.decode()
    odd = browser.get("/en/algorithms/?state=%3Cscript%3E&department=no-such&page=-3").content.decode()
    assert ("Pre-primary place proposal" in pilots, NAMES["en"] in pilots) == (True, False)
    assert ("Pre-primary place proposal" in sports, NAMES["en"] in sports) == (False, True)
    assert "Nothing in the register fits what you chose." in nothing
    assert ("Pre-primary place proposal" in odd, "<script>" in odd) == (True, False)


def test_a_long_register_is_paged(browser: Client, tmp_path: Path) -> None:
    _more(PAGE, tmp_path)
    first, second = (browser.get(f"/en/algorithms/?page={n}").content.decode() for n in (1, 2))
    assert (first.count("<li>\n  <h3>"), second.count("<li>\n  <h3>")) == (PAGE, 3)
    assert ("page=2" in first, "page=1" in second) == (True, True)


@pytest.mark.parametrize("path", ["/fi/algorithms/", f"/fi/algorithms/{ONE}/", "/algorithms.json", "/algorithms.csv"])
def test_what_a_page_asks_does_not_grow(path: str, browser: Client, tmp_path: Path) -> None:
    browser.get(path)
    with CaptureQueriesContext(connection) as few:
        assert browser.get(path).status_code == 200
    _more(3, tmp_path)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(path).status_code == 200
    assert len(many) == len(few) <= MOST_QUERIES


def test_a_version_that_was_replaced_stays_with_what_changed(browser: Client, tmp_path: Path) -> None:
    changed = tmp_path / "algorithms.toml"
    text = ALGORITHMS.read_text().replace("Groups fill more evenly.", "Groups fill better.")
    changed.write_text(text.replace("2026.2", "2026.3"))
    with scope(Role.STAFF, departments=["*"]):
        assert load(changed, by=system("tests"), at=timezone.now()) == 1
    old = browser.get(f"/en/algorithms/{ONE}/versions/1/").content.decode()
    new = browser.get(f"/en/algorithms/{ONE}/versions/2/").content.decode()
    assert ("Groups fill more evenly." in old, "This version was replaced by a newer one." in old) == (True, True)
    assert ("<ins>" in new, "<del>" in new, "2026.3" in new) == (True, True, True)
    assert browser.get(f"/en/algorithms/{ONE}/versions/3/").status_code == 404


def test_what_is_not_there_is_not_found(browser: Client) -> None:
    assert [
        browser.get(path).status_code
        for path in ("/fi/algorithms/no-such/", "/algorithms/no-such.json", "/schemas/algorithms/no-such.json")
    ] == [404, 404, 404]


@pytest.mark.parametrize("form", FORMS)
def test_everything_can_be_taken_along(form: str, browser: Client) -> None:
    whole = browser.get(f"/algorithms.json?form={form}&lang=sv").json()
    one = browser.get(f"/algorithms/{ONE}.json?form={form}&lang=sv").json()
    assert (len(whole["entries"]), one in whole["entries"]) == (3, True)
    schema = browser.get(urlsplit(whole["schema"]).path).json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    table = browser.get(f"/algorithms.csv?form={form}").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(StringIO(table), delimiter=";"))) == 3


def test_another_form_or_language_is_refused_in_words(browser: Client) -> None:
    for query in ("form=none", "lang=no", "form[]=own&lang=xx"):
        answer = browser.get(f"/algorithms.json?{query}")
        assert (answer.status_code, answer.json()["error"]) == (400, "There is no such form or language.")


def test_a_question_names_the_program_and_leads_to_its_entry(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        purpose = Purpose.objects.get(slug=ONE)
        request_consent(purpose, person=raili.person, by=system("tests"), at=timezone.now())
        asked = Consent.objects.get(person_id=raili.person, purpose=purpose)
    for path in (f"/en/requests/{asked.pk}/", f"/en/permissions/{asked.pk}/"):
        page = raili.browser.get(path).content.decode()
        assert "A program makes a suggestion. A person decides." in page
        assert f'href="/en/algorithms/{ONE}/"' in page
    uses = raili.browser.get("/en/permissions/").content.decode()
    assert 'href="/en/algorithms/preschool-place-proposal/"' in uses


def test_a_question_without_a_program_says_nothing_of_one(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        asked = Consent.objects.filter(person_id=raili.person, purpose__slug="swimming-reminders").get()
    assert "Is a program used?" not in raili.browser.get(f"/en/requests/{asked.pk}/").content.decode()
