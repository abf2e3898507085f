"""A child's questions at every age: who answers, who is told, and who does not even know."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.models import ConsentEvent, Purpose
from consents.queries.reading import consents_of
from consents.receipts.reading import receipts_of
from datasources.kinds import SourcesEntry
from portal.ledger.actions import record, sequence
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.acting import answer, page_of, register
from tests.pages.family import QUESTION, SLUG, Enter, act_for, beside, child, guardian, question_of, told
from tests.residents import Resident

__all__ = ["child", "register"]


def test_a_young_child_reads_what_guardians_answer_and_nothing_waits_for_them(child: Callable[..., Resident]) -> None:
    one = child(12)
    home = page_of(one, "home/")
    assert "You do not have to decide anything now." in home
    assert ("Questions that your guardians answer" in home, QUESTION in home) == (True, True)
    assert f"/requests/{question_of(one).pk}/" not in home + page_of(one, "permissions/")
    assert "Your guardians decide about this." in page_of(one, f"permissions/{question_of(one).pk}/")
    assert answer(one, question_of(one), "yes").status_code == 302
    assert question_of(one).state == "requested"


def test_from_thirteen_the_child_answers_and_guardians_are_told(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(14), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    home = page_of(aino, "home/")
    assert ("Questions that the child answers" in home, f"/requests/{question_of(one).pk}/" in home) == (True, False)
    answer(aino, question_of(one), "yes")
    assert question_of(one).state == "requested"
    assert answer(one, question_of(one), "yes").status_code == 302
    assert question_of(one).state == "given"
    assert (told(aino), told(mikael), told(one)) == (["child_answered"], ["child_answered"], [])
    assert "A child for whom you may act answered a question." in page_of(aino, "settings/letters/")
    # What is not theirs to take back, no page offers them.
    pages = [page_of(aino, path) for path in ("home/", "permissions/", f"permissions/{question_of(one).pk}/")]
    assert [page for page in pages if f"/permissions/{question_of(one).pk}/stop/" in page] == []
    one.browser.post(f"/en/permissions/{question_of(one).pk}/stop/")
    assert told(mikael) == ["child_answered"] * 2


def test_from_fifteen_a_guardian_does_not_know_of_it(child: Callable[..., Resident]) -> None:
    one, aino = child(16), guardian("aino")
    answer(one, question_of(one), "yes")
    assert told(aino) == []
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    with scope(Role.RESIDENT, persons=[one.person]):
        receipt = receipts_of(one.person).get()
    act_for(aino, one)
    pk = question_of(one).pk
    paths = [f"requests/{pk}/", f"permissions/{pk}/", f"permissions/{pk}/stop/", f"permissions/{pk}/saved/"]
    paths += [f"permissions/{pk}/texts/1/", f"receipts/{receipt.pk}/", f"receipts/{receipt.pk}/json/"]
    assert {aino.browser.get(f"/en/{path}").status_code for path in paths} == {404}
    assert aino.browser.post(f"/en/permissions/{pk}/stop/").status_code == 404
    shown = page_of(aino, "home/") + page_of(aino, "permissions/") + page_of(aino, "usage/")
    assert [word for word in (QUESTION, "permission was given", "was asked for a permission") if word in shown] == []
    assert question_of(one).state == "given"


@pytest.mark.parametrize(("age", "status"), [(14, 200), (15, 404), (17, 404)])
def test_what_registers_hold_of_them_a_guardian_sees_until_fifteen(
    age: int, status: int, child: Callable[..., Resident]
) -> None:
    one, aino = child(age), guardian("aino")
    act_for(aino, one)
    data = aino.browser.get("/en/data/")
    assert data.status_code == status
    assert ("These matters cannot be taken care of here." in data.content.decode()) is (status == 404)
    assert aino.browser.post("/en/data/refresh/").status_code == (302 if status == 200 else 404)
    home = page_of(aino, "home/")
    assert ("This cannot be shown here." in home, "See all the data" in home) == (status == 404, status == 200)
    # Nobody is thrown out: there may be questions that a guardian answers, too.
    assert "You are acting for" in home


def test_nor_do_the_log_and_a_question_tell_a_guardian_what_is_held(child: Callable[..., Resident]) -> None:
    one, aino = child(16), guardian("aino")
    beside()
    with scope(Role.WORKER):
        for kind in (SourcesEntry.SHEET_ARRIVED, ConsentEntry.USE_REPORTED):
            record(kind, by=system("tests"), about=one.person, at=timezone.now(), datasets=["library-loans"])
        sequence(at=timezone.now())
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    log, own = page_of(aino, "usage/"), page_of(one, "usage/")
    loans = "Loans"
    assert (loans in log, loans in own) == (False, True)
    assert "You gave a permission." in log


def test_beside_a_young_person_a_guardian_answers_until_they_have_said_something(
    child: Callable[..., Resident],
) -> None:
    one, aino = child(16), guardian("aino")
    beside()
    act_for(aino, one)
    assert f"/requests/{question_of(one).pk}/" in page_of(aino, "home/")
    answer(one, question_of(one), "no")
    assert "This person decides about this themselves." in page_of(aino, f"permissions/{question_of(one).pk}/")
    answer(aino, question_of(one), "yes")
    assert question_of(one).state == "refused"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("fi", "Kuka vastaa lapsen puolesta?"), ("sv", "Vem svarar för ett barn?"), ("en", "Who answers for a child?")],
)
def test_the_question_tells_who_decides_and_why(child: Callable[..., Resident], language: str, heading: str) -> None:
    one = child(14)
    page = one.browser.get(f"/{language}/requests/{question_of(one).pk}/").content.decode()
    assert (heading in page, question_of(one).text.parts[language]["child"] in page) == (True, True)


def test_a_half_yes_has_a_receipt_that_tells_what_is_still_waited_for(child: Callable[..., Resident]) -> None:
    one, aino = child(9), guardian("aino")
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    assert question_of(one).state == "pending"
    assert "Read the receipt" in page_of(aino, f"permissions/{question_of(one).pk}/saved/")
    with scope(Role.RESIDENT, persons=[one.person]):
        receipt = receipts_of(one.person).get()
    page = page_of(aino, f"receipts/{receipt.pk}/")
    assert "The permission is not on before the other guardian says yes, too." in page
    assert ("Still waited for" in page, "Would be covered" in page, "On until" in page) == (True, True, False)
    assert aino.browser.get(f"/fi/receipts/{receipt.pk}/pdf/").content[:5] == b"%PDF-"


def test_what_only_adults_are_asked_no_child_is_asked(child: Callable[..., Resident], resident_in: Enter) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=SLUG).update(adults_only=True)
    for one, asked in ((child(17), 0), (resident_in("raili"), 1)):
        with scope(Role.RESIDENT, persons=[one.person]):
            assert consents_of(one.person).filter(purpose__slug=SLUG).count() == asked
            assert ConsentEvent.objects.count() == consents_of(one.person).count()


# What would be said to the child, though a guardian reads it.
TO_THE_CHILD = (
    *("your data is not", "your data is no longer", "your data that", "your data with this", "about you here"),
    *("You gave this", "You were asked", "you last answered", "You have not given", "your log", "So that you"),
    "for you here",
)


def test_the_pages_say_you_to_whoever_reads_them(child: Callable[..., Resident]) -> None:
    one, aino = child(9), guardian("aino")
    act_for(aino, one)
    pk = question_of(one).pk
    before = [page_of(aino, path) for path in ("home/", "permissions/", f"requests/{pk}/", f"permissions/{pk}/")]
    answer(aino, question_of(one), "yes")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    with scope(Role.RESIDENT, persons=[one.person]):
        receipt = receipts_of(one.person).get()
    paths = [
        "home/",
        "permissions/",
        "usage/",
        f"permissions/{pk}/",
        f"permissions/{pk}/stop/",
        f"receipts/{receipt.pk}/",
    ]
    after = [page_of(aino, path) for path in paths]
    found = {words for page in [*before, *after] for words in TO_THE_CHILD if words.lower() in page.lower()}
    assert found == set()
    assert all("In this text “you” means Testi Nuori." in page for page in (before[2], before[3], after[4]))
