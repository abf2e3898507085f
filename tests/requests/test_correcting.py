"""This is wrong: from beside the record to its keeper, with evidence; and the source that shows it changed."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consents.models import Announcement, Restriction
from demo.people import staff as workers
from portal.jobs.models import Job
from portal.ledger.actions import sequence
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.requests.following import follow_up
from portal.requests.models import Correction, Evidence, Request
from portal.requests.tasks import look_for_corrections
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.test_evidence import PNG
from tests.residents import Resident, enter
from tests.sheets import put_sheet
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
Enter = Callable[[str], Resident]
PAGE = "/en/rights/correct/?department=library&dataset=library-card&record=1"
CARD = {"card_number": "2345", "email": "old@example.invalid", "customer_group": "adult"}
TOLD = {"slug": "email", "told": "new@example.invalid", "said": "I moved to it in May."}


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """The library holds a card of hers."""
    one = resident_in("raili")
    put_sheet(one.person, "library-card", [CARD], at=timezone.now() - timedelta(hours=1))
    return one


def sent(one: Resident, **more: object) -> Request:
    answer = one.browser.post(PAGE, TOLD | more)
    assert answer.status_code == 302, answer.content.decode()
    with scope(Role.WORKER):
        return Request.objects.get()


def answered(request: Request, outcome: str) -> None:
    """As staff's answer would leave it, and what follows."""
    with scope(Role.WORKER, persons=[request.person_id]):
        told = {"outcome": outcome, "closed_at": timezone.now(), "answered_by": "portal"}
        Request.objects.filter(pk=request.pk).update(state="answered", **told)
        follow_up(request.pk, by=system("tests"), at=timezone.now())


def page_of(one: Resident, request: Request) -> str:
    return one.browser.get(f"/en/rights/{request.pk}/").content.decode()


def test_the_page_shows_the_values_as_the_category_page_does_and_is_reached_from_there(raili: Resident) -> None:
    category = raili.browser.get("/en/data/library/library-card/").content.decode()
    assert PAGE.replace("&", "&amp;") in category
    page = raili.browser.get(PAGE).content.decode()
    assert ("E-mail: <strong>old@example.invalid</strong>" in page, "adult" in page) == (True, True)


def test_what_is_said_reaches_the_keeper_sealed_and_the_person_reads_it_back(raili: Resident) -> None:
    file = SimpleUploadedFile("kortti.png", PNG, content_type="image/png")
    request = sent(raili, evidence=file)
    told = (request.kind, request.state, request.department, request.register, request.dataset)
    assert told == ("correct", "received", "library", "library-customers", "library-card")
    with scope(Role.WORKER):
        correction, evidence = Correction.objects.get(), Evidence.objects.get()
        kept = bytes(correction.sealed_told) + bytes(evidence.sealed_body) + bytes(evidence.sealed_name)
    assert (correction.field, evidence.kind, evidence.size) == ("email", "png", len(PNG))
    assert (b"example" in kept, b"kortti" in kept, PNG[:16] in kept) == (False, False, False)
    page = page_of(raili, request)
    for words in ("old@example.invalid", "new@example.invalid", "I moved to it in May.", "kortti.png"):
        assert words in page


def test_the_same_data_is_asked_about_once_at_a_time(raili: Resident) -> None:
    first = sent(raili)
    assert sent(raili).pk == first.pk
    for more in ({"told": "third@example.invalid"}, {"slug": "card_number", "told": "9"}):
        answer = raili.browser.post(PAGE, TOLD | more)
        assert (answer.status_code, "Take that request back first." in answer.content.decode()) == (422, True)
    assert "third@" not in page_of(raili, first)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"slug": ""}, "Choose what is wrong."),
        ({"slug": "no_such_field"}, "Choose what is wrong."),
        ({"told": ""}, "Write what would be right."),
        ({"told": "old@example.invalid"}, "The register says so already."),
        ({"evidence": SimpleUploadedFile("a.exe", b"MZ\x90\x00")}, "The file is not a PDF, PNG or JPEG."),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_is_kept(told: dict[str, object], words: str, raili: Resident) -> None:
    answer = raili.browser.post(PAGE, TOLD | told)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with scope(Role.WORKER):
        assert (Request.objects.count(), Evidence.objects.count()) == (0, 0)


# What is far too large comes into no memory and onto no disk: no handler takes it, of 500 megabytes as of 32.
@pytest.mark.parametrize(("count", "more", "words"), [(4, 0, "too many files"), (1, 32 << 20, "file is too large")])
def test_more_than_may_come_is_told(count: int, more: int, words: str, raili: Resident) -> None:
    files = [SimpleUploadedFile(f"{number}.png", PNG + bytes(more)) for number in range(count)]
    answer = raili.browser.post(PAGE, TOLD | {"evidence": files})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "query",
    [
        "department=sports&dataset=library-card",
        "department=library&dataset=no-such",
        "department=library&dataset=library-card&record=2",
        "department=library&dataset=library-card&record=0",
        "department=library&dataset=library-card&record=x",
        "department=library&dataset=library-loans&record=1",
    ],
)
def test_a_record_that_is_not_there_is_no_page(query: str, raili: Resident) -> None:
    assert raili.browser.get(f"/en/rights/correct/?{query}").status_code == 404
    assert raili.browser.get(f"/en/rights/not-me/?{query}").status_code == 404


def test_anothers_record_is_not_there(raili: Resident) -> None:
    assert enter("otso").browser.get(PAGE).status_code == 404


@pytest.mark.parametrize("held", [True, False])
def test_its_use_is_restricted_meanwhile_if_the_person_wants(held: bool, raili: Resident) -> None:
    sent(raili, **({"hold": "on"} if held else {}))
    with scope(Role.WORKER):
        rows = [(row.dataset, row.ground, row.begins_at is None) for row in Restriction.objects.all()]
    assert rows == ([("library-card", "accuracy", False)] if held else [])


def changed(person: UUID, **what: object) -> None:
    put_sheet(person, "library-card", [CARD | what])


def seen() -> bool:
    look_for_corrections()
    with scope(Role.WORKER):
        return Correction.objects.get().seen_at is not None


def test_a_promised_correction_ends_when_the_source_shows_it(raili: Resident) -> None:
    request = sent(raili, hold="on")
    changed(raili.person, email="new@example.invalid")
    # Not answered yet: a person looks first.
    assert seen() is False
    changed(raili.person)
    answered(request, "done")
    assert (seen(), "will be corrected where it is kept" in page_of(raili, request)) == (False, True)
    changed(raili.person, customer_group="child")
    assert seen() is False
    changed(raili.person, email="new@example.invalid")
    assert (seen(), seen()) == (True, True)
    assert "The register has changed" in page_of(raili, request)
    with scope(Role.WORKER):
        assert Notice.objects.filter(person_id=raili.person, kind="corrected").count() == 1
        heard = Announcement.objects.filter(kind="data.corrected").values_list("department", "datasets")
        assert list(heard) == [("library", ["library-card"])]
        row = Restriction.objects.get()
        assert (row.lifted_at, row.lifts_at is not None) == (None, True)


def test_a_refused_correction_is_not_waited_for_and_its_restriction_ends_after_notice(raili: Resident) -> None:
    request = sent(raili, hold="on")
    answered(request, "refused")
    changed(raili.person, email="new@example.invalid")
    assert seen() is False
    with scope(Role.WORKER):
        assert Restriction.objects.get().lifts_at is not None


def test_one_of_three_equal_values_is_corrected(raili: Resident) -> None:
    loans = [{"title": "Kalevala", "branch": branch} for branch in ("main", "bus", "mall")]
    put_sheet(raili.person, "library-loans", loans, at=timezone.now() - timedelta(hours=1))
    page = "/en/rights/correct/?department=library&dataset=library-loans&record=2"
    assert raili.browser.post(page, {"slug": "title", "told": "Kanteletar"}).status_code == 302
    with scope(Role.WORKER):
        request = Request.objects.get()
    answered(request, "done")
    put_sheet(raili.person, "library-loans", loans)
    assert seen() is False
    put_sheet(raili.person, "library-loans", [loans[0], loans[1] | {"title": "Kanteletar"}, loans[2]])
    assert seen() is True


def test_what_is_not_about_the_person_is_held_back_until_a_person_looked(raili: Resident) -> None:
    page = PAGE.replace("correct", "not-me")
    assert "old@example.invalid" in raili.browser.get(page).content.decode()
    assert raili.browser.post(page).status_code == 302
    with scope(Role.WORKER):
        request, row = Request.objects.get(), Restriction.objects.get()
    assert (request.kind, request.department, request.state) == ("not_me", "library", "received")
    assert (row.dataset, row.register, row.ground, row.begins_at is not None) == ("library-card", "", "not_me", True)
    answered(request, "done")
    with scope(Role.WORKER):
        assert Restriction.objects.get().lifts_at is None


QUEUE = "/admin/requests/request/"
OWN = {worker.slug: worker.identity_code for worker in workers()}


@pytest.fixture
def keeper(hire: Hire) -> Client:
    return hire("keeper", "library", code=OWN["keeper-library"])


def file_of(request: Request) -> str:
    with scope(Role.WORKER):
        return f"{QUEUE}{request.pk}/evidence/{Evidence.objects.get().pk}/"


@pytest.mark.security("V5.4.1")
def test_the_keeper_who_opened_it_reads_held_and_told_and_downloads_the_evidence(
    raili: Resident, keeper: Client
) -> None:
    request = sent(raili, evidence=SimpleUploadedFile("<b>.png", PNG))
    assert keeper.get(file_of(request)).status_code == 404
    page = f"{QUEUE}{request.pk}/change/"
    assert "new@example.invalid" not in keeper.get(page).content.decode()
    keeper.post(page, {"do": "open"})
    shown = html.unescape(keeper.get(page).content.decode())
    for words in ("old@example.invalid", "new@example.invalid", "I moved to it in May.", "2345"):
        assert words in shown
    answer = keeper.get(file_of(request))
    assert answer.content == PNG
    assert keeper.get(f"{QUEUE}{request.pk}/evidence/{request.pk}/").status_code == 404
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert answer["Content-Disposition"] == f'attachment; filename="{request.number}.png"'
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Entry.objects.filter(subject=raili.person, kind="requests.evidence_taken").count() == 1


def test_the_keepers_yes_is_watched_for_at_the_source(raili: Resident, keeper: Client) -> None:
    request = sent(raili)
    keeper.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    told = {"do": "answer", "outcome": "done", "answer": "Korjaamme osoitteen."}
    assert keeper.post(f"{QUEUE}{request.pk}/change/", told).status_code == 302
    with scope(Role.WORKER):
        waits = Job.objects.get(name="requests.follow_up")
        assert waits.arguments == {"request_id": str(request.pk)}
        follow_up(request.pk, by=system("tests"), at=timezone.now())
        assert Correction.objects.get().promised_at is not None
    assert "Korjaamme osoitteen." in page_of(raili, request)


@pytest.mark.parametrize(("group", "department"), [("keeper", "sports"), ("auditor", "*"), ("desk", "library")])
def test_nobody_else_downloads_the_evidence(group: str, department: str, raili: Resident, hire: Hire) -> None:
    request = sent(raili, evidence=SimpleUploadedFile("a.png", PNG))
    other = hire(group, department, code=OWN["desk"])
    other.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    assert other.get(file_of(request)).status_code == 404


def test_handed_over_it_is_read_where_it_went(raili: Resident, keeper: Client, hire: Hire) -> None:
    request = sent(raili, evidence=SimpleUploadedFile("a.png", PNG))
    keeper.post(f"{QUEUE}{request.pk}/change/", {"do": "hand_over", "department": "sports", "note": ""})
    other = hire("keeper", "sports", code=OWN["desk"])
    other.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    assert "new@example.invalid" in other.get(f"{QUEUE}{request.pk}/change/").content.decode()
    assert other.get(file_of(request)).content == PNG


def test_what_comes_from_the_population_register_is_corrected_there(raili: Resident) -> None:
    contacts = {"first_name": "Raili", "street_address": "Katu 1", "phone": "040 0000000"}
    put_sheet(raili.person, "early-education-contacts", [contacts])
    page = "/en/rights/correct/?department=early-education&dataset=early-education-contacts&record=1"
    shown = raili.browser.get(page).content.decode()
    assert re.findall(r'name="slug" value="(\w+)"', shown) == ["phone"]
    assert ("dvv.fi" in shown, "Katu 1" in shown) == (True, True)
    told = {"slug": "street_address", "told": "Katu 2"}
    assert raili.browser.post(page, told).status_code == 422
    with scope(Role.WORKER):
        assert Request.objects.count() == 0


def test_where_all_of_it_comes_from_there_there_is_no_form(raili: Resident) -> None:
    put_sheet(raili.person, "early-education-contacts", [{"first_name": "Raili", "last_name": "Testi"}])
    page = "/en/rights/correct/?department=early-education&dataset=early-education-contacts&record=1"
    shown = raili.browser.get(page).content.decode()
    assert ("dvv.fi" in shown, "<form" in shown.partition("<main")[2].partition("</main")[0]) == (True, False)
