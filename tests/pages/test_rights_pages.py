"""Your requests: what can be asked, what waits, what is done; a person asked; each register's rights."""

import html
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from consents.rules.rights import Right, Verdict, Why
from datasources.enums import Basis
from portal.ledger.actor import resident
from portal.pages.rights_told import APPEALS, REASONS, RIGHTS, VERDICTS, places_told, rights_told
from portal.requests.actions import Asked, make_request, withdraw_request
from portal.requests.enums import RequestKind
from portal.requests.models import Request
from portal.requests.parts import Planned, plan
from portal.walls import Role, scope
from tests.acting import page_of
from tests.pages.family import act_for, child, guardian, register
from tests.residents import CODES, Resident

__all__ = ["child", "register"]
Enter = Callable[[str], Resident]


def asked(one: Resident, said: str, whom: str = "sports", language: str = "en") -> str:
    answer = one.browser.post(f"/{language}/rights/ask/", {"whom": whom, "said": said})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def read(one: Resident, path: str) -> str:
    return html.unescape(page_of(one, path)).replace("\N{NO-BREAK SPACE}", " ")


def test_a_question_gets_its_number_and_its_day_at_once(resident_in: Enter) -> None:
    raili = resident_in("raili")
    page = html.unescape(raili.browser.get(asked(raili, "Who sees my bookings?")).content.decode())
    with scope(Role.WORKER):
        request = Request.objects.get()
    assert (request.department, request.law) == ("sports", "gdpr")
    for words in (f"Its number is {request.number}.", "Who sees my bookings?", "You get an answer."):
        assert words in page
    assert request.number in read(raili, "rights/")


def test_the_same_words_twice_are_one_question_and_other_words_another(resident_in: Enter) -> None:
    raili = resident_in("raili")
    first, again, other = (asked(raili, said).split("?")[0] for said in ("Who?", "Who?", "When?"))
    assert (first == again, first == other) == (True, False)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"whom": "sports", "said": ""}, "Write your question."),
        ({"whom": "sports", "said": "a" * 2001}, "The text is too long."),
        ({"whom": "sports", "said": "safe\u202egnirts"}, "marks that cannot be seen"),
        ({"whom": "sports", "said": "a\u200bb"}, "marks that cannot be seen"),
        ({"whom": "nowhere", "said": "Who?"}, "Choose whom you ask."),
        # A company answers for itself.
        ({"whom": "other:city-housing", "said": "Who?"}, "Choose whom you ask."),
    ],
)
def test_what_cannot_be_sent_is_told_and_kept(told: dict[str, str], words: str, resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer = raili.browser.post("/en/rights/ask/", told)
    assert (answer.status_code, words in html.unescape(answer.content.decode())) == (422, True)
    with scope(Role.WORKER):
        assert Request.objects.count() == 0


def test_what_another_authority_holds_is_passed_on_and_a_company_is_named(resident_in: Enter) -> None:
    raili = resident_in("raili")
    page = read(raili, "rights/ask/")
    assert "The wellbeing services county holds this data. We can pass your request on." in page
    assert "The company is responsible for its own data." in page
    told = html.unescape(raili.browser.get(asked(raili, "My journal?", "other:wellbeing-county")).content.decode())
    assert "This belongs to another authority: Western Uusimaa Wellbeing Services County." in told
    with scope(Role.STAFF, departments=["sports"]):
        assert Request.objects.count() == 0
    with scope(Role.STAFF, departments=["*"]):
        assert Request.objects.get().register == "wellbeing-county"


def test_taking_back_asks_first(resident_in: Enter) -> None:
    raili = resident_in("raili")
    address = asked(raili, "Who?").split("?")[0]
    assert "Keep the request" in raili.browser.get(f"{address}take-back/").content.decode()
    with scope(Role.WORKER):
        assert Request.objects.get().state == "received"
    raili.browser.post(f"{address}take-back/")
    assert "The request was taken back." in raili.browser.get(address).content.decode()
    assert raili.browser.get(f"{address}take-back/").status_code == 302


def test_an_empty_list_says_so_and_no_page_beyond_the_last(resident_in: Enter) -> None:
    raili = resident_in("raili")
    page = read(raili, "rights/")
    assert ("Nothing waits for an answer." in page, "You have had no answers yet." in page) == (True, True)
    for number in ("0", "2", "x"):
        told = [raili.browser.get(f"/en/{path}/?page={number}").status_code for path in ("rights", "move")]
        assert told == [404, 404]


def test_what_is_done_comes_twenty_a_page(resident_in: Enter) -> None:
    raili = resident_in("raili")
    _done(raili, 21)
    first, second = (raili.browser.get(f"/en/rights/?page={page}").content.decode() for page in (1, 2))
    assert (first.count("Taken back"), second.count("Taken back"), "Waiting" in second) == (20, 1, False)


def _done(one: Resident, count: int) -> None:
    with scope(Role.RESIDENT, persons=[one.person]):
        for number in range(count):
            request = _made(one, f"Nr {number}")
            withdraw_request(request.pk, person=one.person, by=resident(one.person), at=timezone.now())


def _made(one: Resident, said: str) -> Request:
    what = Asked(RequestKind.ASK, said)
    return make_request(what, person=one.person, language="en", by=resident(one.person), at=timezone.now())[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_statements_for_three_as_for_one(rows: int, resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        for number in range(rows):
            _made(raili, f"Open {number}")
    _done(raili, rows)
    raili.browser.get("/en/rights/")
    with CaptureQueriesContext(connection) as taken:
        raili.browser.get("/en/rights/")
    assert sum("requests_request" in query["sql"] for query in taken) == 3


def test_a_guardian_sees_of_a_young_person_only_what_they_asked_themselves(
    child: Callable[[int], Resident], resident_in: Enter
) -> None:
    young, aino = child(16), guardian("aino")
    own = asked(young, "My own question").split("/")[3]
    act_for(aino, young)
    assert aino.browser.get(f"/en/rights/{own}/").status_code == 404
    theirs = asked(aino, "A guardian's question")
    assert aino.browser.get(theirs).status_code == 200
    assert young.browser.get(theirs).status_code == 200


def test_every_reason_has_its_sentence() -> None:
    assert (set(REASONS), set(RIGHTS), set(VERDICTS)) == (set(Why), set(Right), set(Verdict))
    assert len(APPEALS) == 3


@pytest.mark.parametrize("basis", Basis)
def test_every_right_is_told_with_its_law(basis: Basis) -> None:
    told = rights_told(basis)
    assert [each.name for each in told if not (each.why and each.law)] == []
    assert len(told) == len(Right)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "tietosuoja-asetuksen 17 artiklan 3 kohdan b alakohta, kirjanpitolaki (1336/1997) 2 luku 10 §"),
        ("sv", "artikel 17.3 b i dataskyddsförordningen, bokföringslagen (1336/1997) 2 kap. 10 §"),
        ("en", "GDPR Article 17(3)(b), Accounting Act (1336/1997) chapter 2 section 10"),
    ],
)
def test_a_place_in_the_law_reads_as_people_name_it(language: str, words: str) -> None:
    with override(language):
        assert places_told(["gdpr 17(3)(b)", "1336/1997 2:10"]) == words


def test_a_registers_page_tells_what_may_be_asked_and_why_not(resident_in: Enter) -> None:
    page = read(resident_in("raili"), "registers/library-customers/")
    assert "Objecting to the use: No" in page
    assert "The law requires the use, so it cannot be objected to." in page
    assert "Not while the law says that the data has to be kept." in page


def test_no_identity_code_is_in_any_address(resident_in: Enter) -> None:
    assert CODES["raili"] not in asked(resident_in("raili"), "Who?")


@pytest.mark.parametrize("count", [1, 3])
def test_a_request_tells_of_three_sources_in_as_many_statements_as_of_one(count: int, resident_in: Enter) -> None:
    raili, at = resident_in("raili"), timezone.now()
    with scope(Role.RESIDENT, persons=[raili.person]):
        request = _made(raili, "All of it")
        departments = ("library", "sports", "parking")[:count]
        planned = [Planned(slug, slug, by_hand=slug == "sports") for slug in departments]
        plan(request, planned, deadline_at=at, at=at)
    path = f"/en/rights/{request.pk}/"
    raili.browser.get(path)
    with CaptureQueriesContext(connection) as taken:
        page = raili.browser.get(path).content.decode()
    assert sum("requests_" in query["sql"] for query in taken) == 2
    assert page.count("is asked in a moment") + page.count("a person is looking for this") == count
