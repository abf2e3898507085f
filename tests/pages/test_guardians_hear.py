"""What guardians are told of, and where the registers let them not know."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.jobs.models import Job
from portal.people.behalf.refreshing import refresh_rights
from portal.walls import Role, scope
from tests.acting import answer, page_of, register
from tests.pages.family import QUESTION, Enter, act_for, child, guardian, mark, question_of, told
from tests.residents import Resident

__all__ = ["child", "register"]


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


def test_what_is_no_longer_half_given_is_told_to_nobody(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    answer(aino, question_of(one), "yes")
    aino.browser.post(f"/en/permissions/{question_of(one).pk}/stop/")
    assert told(mikael) == []


@pytest.mark.parametrize("who", ["aino", "mikael"])
@pytest.mark.parametrize("how", ["take back", "no to a half yes"])
def test_when_one_guardian_ends_what_guardians_allowed_the_other_is_told(
    how: str, who: str, child: Callable[..., Resident]
) -> None:
    one = child(9)
    guardians = {slug: guardian(slug) for slug in ("aino", "mikael")}
    for each in guardians.values():
        act_for(each, one)
    answer(guardians["aino"], question_of(one), "yes")
    if how == "take back":
        answer(guardians["mikael"], question_of(one), "yes")
        guardians[who].browser.post(f"/en/permissions/{question_of(one).pk}/stop/")
    else:
        answer(guardians["mikael"], question_of(one), "no")
        who = "mikael"
    other = {"aino": "mikael", "mikael": "aino"}[who]
    assert (told(guardians[who])[-1:], told(guardians[other])[-1:]) == ([], ["child_taken_back"])
    guardians[other].browser.post("/en/people/own/")
    page = page_of(guardians[other], "settings/letters/")
    assert ("A permission for a child was changed, taken back or refused." in page, "Nuori" in page) == (True, False)


def test_when_one_guardian_leaves_a_part_out_the_other_is_told(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    for each in (aino, mikael):
        act_for(each, one)
        said = {"text": str(question_of(one).text_id), "answer": "yes", "optional": "sports-courses.place"}
        each.browser.post(f"/en/requests/{question_of(one).pk}/", said)
    asked = question_of(one)
    assert (asked.state, "sports-courses.place" in asked.fields) == ("given", True)
    changed = aino.browser.post(f"/en/permissions/{asked.pk}/change/", {"text": str(asked.text_id)})
    assert (changed.status_code, "sports-courses.place" in question_of(one).fields) == (302, False)
    assert ("child_taken_back" in told(mikael), "child_taken_back" in told(aino)) == (True, False)


def test_a_no_to_what_nobody_allowed_is_told_to_nobody(child: Callable[..., Resident]) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    answer(aino, question_of(one), "no")
    assert (told(aino), told(mikael)) == ([], [])


@pytest.mark.parametrize("marked", ["the child", "who said yes", "who is told", "the other has no right"])
def test_nobody_is_told_of_an_end_where_the_registers_let_them_not_know(
    marked: str, child: Callable[..., Resident], register: Population
) -> None:
    one, aino, mikael = child(9), guardian("aino"), guardian("mikael")
    for each in (aino, mikael):
        act_for(each, one)
        answer(each, question_of(one), "yes")
    aino.browser.post(f"/en/permissions/{question_of(one).pk}/stop/")
    mark(register, marked)
    refresh_rights(aino.person, at=timezone.now())
    assert "child_taken_back" not in told(mikael)


def test_an_adults_answer_rings_nobody(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer(raili, question_of(raili), "yes")
    with scope(Role.WORKER):
        assert not Job.objects.filter(name="consents.tell_guardians").exists()
