"""Residents propose, comment, support, follow, report: once each, theirs, and taken back as easily."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from consents.usecases.actions.taking_part import support
from consents.usecases.words import Report, Support
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.residents import Resident, arrived
from tests.usecases.talking import CASE, case, comments, form, proposal, proposes, published, said, words

Enter = Callable[[str], Resident]
NO_COMMENT = "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b12"
PART = f"/en/use-cases/{CASE}/take-part/"


def test_what_is_sent_waits_and_nobody_reads_it(resident_in: Enter) -> None:
    answer = comments(resident_in("raili"))
    page = resident_in("otso").browser.get(f"/en/use-cases/{CASE}/").content.decode()
    (word,) = words()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/use-cases/yours/{word.pk}/?sent")
    assert (word.state, "hyötyä" in page, said()) == ("waiting", False, [])


def test_two_presses_of_one_form_are_one_comment(resident_in: Enter) -> None:
    raili, sent = resident_in("raili"), form()
    answers = [raili.browser.post(PART, sent) for _ in range(2)]
    assert (len(words()), answers[0].headers["Location"]) == (1, answers[1].headers["Location"])


def test_the_id_of_somebody_elses_form_makes_nothing(resident_in: Enter) -> None:
    sent = form()
    resident_in("raili").browser.post(PART, sent)
    otso = resident_in("otso")
    answer = otso.browser.post(PART, sent | {"text": "Toinen"})
    assert (len(words()), otso.browser.get(answer.headers["Location"]).status_code) == (1, 404)


def test_supporting_twice_from_two_tabs_is_once(resident_in: Enter) -> None:
    raili = resident_in("raili")
    for _ in range(2):
        assert raili.browser.post(PART, {"do": "support"}).status_code == 302
    with scope(Role.WORKER):
        rows = Support.objects.count()
    assert (rows, case().supports) == (1, 1)
    for _ in range(2):
        raili.browser.post(PART, {"do": "support_no_more"})
    assert case().supports == 0


def test_the_count_is_that_of_the_rows(resident_in: Enter) -> None:
    for slug in ("raili", "otso", "aino"):
        resident_in(slug).browser.post(PART, {"do": "support"})
    with scope(Role.WORKER):
        assert Support.objects.count() == case().supports == 3


def test_nobody_else_reads_who_supports(resident_in: Enter) -> None:
    resident_in("raili").browser.post(PART, {"do": "support"})
    page = resident_in("otso").browser.get(PART).content.decode()
    assert ("1 resident supports this." in page, "You support this." in page) == (True, False)


@pytest.mark.parametrize(
    ("shown", "alias", "signature"),
    [("nothing", "Not used", ""), ("alias", "Uimari", "Uimari"), ("name", "", "Testi raili")],
)
def test_the_writer_is_named_as_they_chose(shown: str, alias: str, signature: str, resident_in: Enter) -> None:
    comments(resident_in("raili"), shown=shown, alias=alias)
    published()
    assert case().comments.get().signature == signature


def test_a_child_is_not_offered_their_name(resident_in: Enter) -> None:
    eino = resident_in("eino")
    page = eino.browser.get(PART).content.decode()
    answer = comments(eino, shown="name")
    assert ('value="name"' in page, answer.status_code, words()) == (False, 422, [])


def test_a_proposal_becomes_a_case_in_its_own_language(resident_in: Enter) -> None:
    proposes(resident_in("raili"), language="sv", shown="alias", alias="Läsare")
    published()
    (word,) = words()
    assert word.case is not None
    page = resident_in("otso").browser.get(f"/en/use-cases/{word.case.slug}/").content.decode()
    assert '<h1 lang="sv">Kirjaston aukiolo</h1>' in page
    assert "Proposed by Läsare." in page


def test_a_change_waits_and_the_older_text_stays_until_it_is_read(resident_in: Enter) -> None:
    raili = resident_in("raili")
    comments(raili)
    published()
    (word,) = words()
    raili.browser.post(f"/en/use-cases/yours/{word.pk}/", form(text="Mieleni muuttui."))
    assert (said(), words()[0].state) == (["Tästä olisi hyötyä monelle."], "waiting")
    published()
    assert (said(), case().comments.get().changed_at is not None) == (["Mieleni muuttui."], True)


def test_after_a_week_it_is_only_removed(resident_in: Enter) -> None:
    raili = resident_in("raili")
    comments(raili)
    (word,) = words()
    with scope(Role.WORKER):
        word.sent_at = word.sent_at.replace(year=word.sent_at.year - 1)
        word.save(update_fields=["sent_at"])
    page = f"/en/use-cases/yours/{word.pk}/"
    assert raili.browser.post(page, form()).status_code == 422
    assert raili.browser.post(page, {"do": "remove"}).status_code == 302
    assert words() == []


def test_a_removed_comment_is_gone_everywhere(resident_in: Enter) -> None:
    raili = resident_in("raili")
    comments(raili)
    published()
    raili.browser.post(f"/en/use-cases/yours/{words()[0].pk}/", {"do": "remove"})
    assert (words(), said()) == ([], [])


def test_a_removed_proposal_leaves_no_word_of_it(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    proposes(raili)
    published()
    (word,) = words()
    assert word.case is not None
    otso.browser.post(f"/en/use-cases/{word.case.slug}/take-part/", {"do": "support"})
    raili.browser.post(f"/en/use-cases/yours/{word.pk}/", {"do": "remove"})
    gone = case(word.case.slug)
    assert (gone.texts, gone.supports, gone.removed_at is not None) == ({}, 0, True)
    assert otso.browser.get(f"/en/use-cases/{gone.slug}/").status_code == 404
    assert otso.browser.get(f"/en/use-cases/{gone.slug}/take-part/").status_code == 404


def test_three_proposals_a_day_are_enough(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answers = [proposes(raili) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert "Come back tomorrow." in answers[3].content.decode()
    assert len(words()) == 3


def test_whoever_presses_all_the_time_waits(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answers = [raili.browser.post(PART, {"do": "support"}).status_code for _ in range(31)]
    last = raili.browser.post(PART, {"do": "support"})
    assert (answers.count(429) <= 1, last.status_code, int(last.headers["Retry-After"]) > 0) == (True, 429, True)


def test_a_comment_is_reported_once_by_each_and_looked_at_again(resident_in: Enter) -> None:
    comments(resident_in("raili"))
    published()
    pk = case().comments.get().pk
    otso = resident_in("otso")
    page = f"/en/use-cases/{CASE}/comments/{pk}/report/"
    assert otso.browser.get(page).status_code == 200
    assert otso.browser.post(page, {}).status_code == 422
    for _ in range(2):
        assert otso.browser.post(page, {"ground": "insulting"}).status_code == 302
    (word,) = words()
    with scope(Role.WORKER):
        assert (Report.objects.count(), word.reported_at is not None) == (1, True)


@pytest.mark.parametrize("path", ["take-part/", f"comments/{NO_COMMENT}/report/"])
def test_what_is_not_there_is_not_found(path: str, resident_in: Enter) -> None:
    assert resident_in("raili").browser.get(f"/en/use-cases/no-such-case/{path}").status_code == 404


def test_the_form_comes_back_with_what_was_written(resident_in: Enter) -> None:
    answer = resident_in("raili").browser.post("/en/use-cases/propose/", proposal(name=""))
    page = answer.content.decode()
    assert (answer.status_code, "Give the proposal a name." in page, "Tästä olisi hyötyä" in page) == (422, True, True)


def test_two_tabs_at_the_same_moment_are_one_support(loaded_city: None, committed_db: str) -> None:
    person, together = arrived("raili"), Barrier(2)

    def press(_: int) -> bool:
        together.wait()
        try:
            with scope(Role.RESIDENT, persons=[person]):
                return support(case(), person=person, by=resident(person), at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as tabs:
        made = sorted(tabs.map(press, range(2)))
    assert (made, case().supports) == ([False, True], 1)
