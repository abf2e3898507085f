"""A child's questions at every age: who answers, who is told, and who does not even know."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from consents.models import Consent, ConsentEvent, Purpose
from consents.queries.reading import consents_of
from consents.receipts.reading import receipts_of
from consents.tasks import tell_guardians
from demo.people.person import identity_code
from demo.population.server import Population
from portal.jobs.models import Job
from portal.ledger.actions import sequence
from portal.notices.models import Notice
from portal.people.behalf.refreshing import refresh_rights
from portal.walls import Role, scope
from tests.acting import answer, page_of, register
from tests.residents import CODES, Resident, enter

__all__ = ["register"]
Enter = Callable[[str], Resident]
SLUG = "swimming-reminders"
QUESTION = "A reminder before a course starts"


def code_of(age: int) -> str:
    """Of somebody who has turned this age this year."""
    return identity_code(date(timezone.localdate().year - age, 1, 1), 988, sign="A")


@pytest.fixture
def child(register: Population, city: None) -> Callable[[int], Resident]:
    """child(14): a child of Aino and Mikael, who have both been here, signed in."""

    def of_age(age: int) -> Resident:
        code = code_of(age)
        guardians = [{"identity_code": CODES[slug], "kind": "custody"} for slug in ("aino", "mikael")]
        names = {"given_names": "Testi", "family_name": "Nuori"}
        register.told["child"] = {"identity_code": code, "rights": guardians, **names}
        return enter("child", code=code)

    return of_age


def guardian(slug: str) -> Resident:
    """Signed in, and their rights were asked about."""
    one = enter(slug)
    refresh_rights(one.person, at=timezone.now())
    return one


def act_for(one: Resident, other: Resident) -> None:
    assert one.browser.post("/en/people/act/", {"person": str(other.person)}).status_code == 302


def question_of(one: Resident) -> Consent:
    with scope(Role.RESIDENT, persons=[one.person]):
        return consents_of(one.person).get(purpose__slug=SLUG)


def told(one: Resident) -> list[str]:
    """What waits for them, once every guardian who is to be told was told; twice is once."""
    with scope(Role.WORKER):
        jobs = list(Job.objects.filter(name="consents.tell_guardians").values_list("arguments", flat=True))
    for arguments in [*jobs, *jobs]:
        tell_guardians(**arguments)
    with scope(Role.WORKER):
        kinds = Notice.objects.filter(person_id=one.person).exclude(kind="question")
        return list(kinds.order_by("at").values_list("kind", flat=True))


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


def beside() -> None:
    """A guardian may answer, too."""
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=SLUG).update(guardian_too=True)


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


def test_the_other_guardian_is_told_of_a_half_yes_and_the_first_is_not(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    assert (told(aino), told(mikael), told(one)) == ([], ["child_waits"], [])
    page = page_of(mikael, "settings/letters/")
    assert ("A permission for a child waits for you, too." in page, 'href="/en/people/"' in page) == (True, True)
    assert ("Nuori" in page, QUESTION in page) == (False, False)


@pytest.mark.parametrize("marked", ["the child", "who said yes", "who is told", "the other has no right"])
def test_nobody_is_told_where_the_registers_let_them_not_know(
    marked: str, child: Callable[..., Resident], register: Population
) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    mark(register, marked)
    refresh_rights(aino.person, at=timezone.now())
    assert told(mikael) == []


def mark(register: Population, marked: str) -> None:
    told_of, (first, second) = register.told["child"], register.told["child"]["rights"]
    changes: dict[str, Any] = {
        "the child": {"protected": True},
        "who said yes": {"rights": [first | {"bounds": {"protected": True}}, second]},
        "who is told": {"rights": [first, second | {"bounds": {"protected": True}}]},
        "the other has no right": {"rights": [first, second | {"bounds": {"blocked": True}}]},
    }
    told_of |= changes[marked]


def test_what_is_no_longer_half_given_is_told_to_nobody(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    aino.browser.post(f"/en/permissions/{question_of(one).pk}/stop/")
    assert told(mikael) == []


def test_an_adults_answer_rings_nobody(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer(raili, question_of(raili), "yes")
    with scope(Role.WORKER):
        assert not Job.objects.filter(name="consents.tell_guardians").exists()


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
