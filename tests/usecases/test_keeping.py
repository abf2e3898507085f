"""Staff keep cases and say in public how they go on; whoever follows hears of it once."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from consents.usecases.actions.hearing import tell_followers
from consents.usecases.actions.keeping import Answer, say
from consents.usecases.enums import CaseState
from consents.usecases.loader import CaseFault, load, read_cases
from consents.usecases.models import Case, Statement
from consents.usecases.rules.steps import may_go, next_states
from datasources.models import Department
from portal.ledger.actor import system
from portal.notices.models import Notice
from portal.walls import Role, scope
from tests.residents import USE_CASES, Resident
from tests.staffing import Hire
from tests.usecases.talking import CASE, case, comments, proposes, published, words

Enter = Callable[[str], Resident]
ADMIN = "/admin/usecases/case/"
TEXTS = {"fi": "Jatkamme.", "sv": "Vi går vidare.", "en": "We go on."}
BY = system("tests")


def _words(**told: str) -> dict[str, str]:
    parts = {"name": "Nimi", "problem": "Ongelma.", "gains": "Lukijat.", "risks": "Vähän."}
    return {f"{part}_{language}": text for language in TEXTS for part, text in parts.items()} | told


def _facts(**told: str) -> dict[str, str]:
    library = Department.objects.get(slug="library")
    return _words(core_process="customer_relations", basis="permission", department=str(library.pk)) | told


def _said(pk: UUID, staff: Client, **told: str) -> int:
    return staff.post(f"{ADMIN}{pk}/say/", TEXTS | told).status_code


def test_a_keeper_begins_a_case_and_everyone_reads_it(hire: Hire) -> None:
    keeper = hire("keeper", "library")
    assert keeper.get(f"{ADMIN}add/").status_code == 200
    answer = keeper.post(f"{ADMIN}add/", _facts(slug="quiet-hours"))
    page = Client(HTTP_HOST="127.0.0.1").get("/sv/use-cases/quiet-hours/")
    assert (answer.status_code, page.status_code, case("quiet-hours").state) == (302, 200, "proposed")


@pytest.mark.parametrize("told", [{"slug": "propose"}, {"name_sv": ""}, {"problem_fi": "Tunnus 131052-308T"}])
def test_what_is_not_whole_is_not_kept(told: dict[str, str], hire: Hire) -> None:
    before = Case.objects.count()
    answer = hire("keeper", "library").post(f"{ADMIN}add/", _facts(**({"slug": "quiet-hours"} | told)))
    assert (answer.status_code, Case.objects.count()) == (422, before)


def test_a_keeper_changes_no_case_of_another_department(hire: Hire) -> None:
    keeper, row = hire("keeper", "library"), case()
    keeper.post(f"{ADMIN}{row.pk}/change/", _facts())
    assert (_said(row.pk, keeper), case().texts == row.texts) == (404, True)


def test_staff_take_a_proposal_over_and_the_writers_words_may_go(resident_in: Enter, hire: Hire) -> None:
    raili = resident_in("raili")
    proposes(raili, shown="alias", alias="Lukija")
    published()
    (word,) = words()
    assert word.case is not None
    keeper, path = hire("keeper", "library"), f"{ADMIN}{word.case.pk}/change/"
    assert "Kirjaston aukiolo" in keeper.get(path).content.decode()
    assert _said(word.case.pk, keeper, state="studied") == 422
    assert keeper.post(path, _facts()).status_code == 302
    assert _said(word.case.pk, keeper, state="studied") == 302
    raili.browser.post(f"/en/use-cases/yours/{word.pk}/", {"do": "remove"})
    row = case(word.case.slug)
    assert (row.texts["fi"]["name"], row.signature, row.removed_at, row.state) == ("Nimi", "", None, "studied")


def test_whoever_follows_hears_once_and_nobody_else(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    raili.browser.post(f"/en/use-cases/{CASE}/take-part/", {"do": "follow"})
    with scope(Role.STAFF, departments=["*"]):
        statement = say(case().pk, Answer(TEXTS), by=BY, at=timezone.now())
    told = [tell_followers(statement.pk, by=BY, at=timezone.now(), batch=1) for _ in range(2)]
    with scope(Role.WORKER):
        people = list(Notice.objects.filter(kind="case_news").values_list("person_id", flat=True))
    letters = raili.browser.get("/en/settings/letters/").content.decode()
    assert (told, people) == ([1, 0], [raili.person])
    assert "There is news about a use case that you follow." in letters
    assert otso.person not in people


def test_a_comment_is_answered_in_public(resident_in: Enter, hire: Hire) -> None:
    comments(resident_in("raili"))
    published()
    pk = case().comments.get().pk
    assert _said(case().pk, hire("keeper", "sports"), comment=str(pk)) == 302
    page = resident_in("otso").browser.get(f"/en/use-cases/{CASE}/").content.decode()
    assert page.index("The city answers") > page.index(f"comment-{pk}")
    assert page.count("We go on.") == 2


@pytest.mark.parametrize("state", ["studied", "proposed", "nonsense"])
def test_no_step_is_left_out(state: str, hire: Hire) -> None:
    assert (_said(case().pk, hire("keeper", "sports"), state=state), case().state) == (422, "in_use")


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_but_the_last_leads_on(state: CaseState) -> None:
    assert next_states(state) != []
    assert not may_go(state, state)


def test_the_database_holds_that_what_is_dropped_has_its_reason(city: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), scope(Role.STAFF):
        Statement.objects.create(case=case(), state=CaseState.DROPPED, said_at=timezone.now())


def test_the_file_is_loaded_once_and_gives_way_to_staff(city: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        assert load(USE_CASES, by=BY, at=timezone.now()) == 0
        say(case("preschool-place").pk, Answer(TEXTS, CaseState.IN_USE), by=BY, at=timezone.now())
        assert load(USE_CASES, by=BY, at=timezone.now()) == 0
    assert (case("preschool-place").state, Statement.objects.filter(case__slug=CASE).count()) == ("in_use", 4)


def test_every_case_of_the_file_is_whole() -> None:
    cases = read_cases(USE_CASES)
    assert {each.slug for each in cases} >= {"daycare-fee", "preschool-place"}
    assert [each.slug for each in cases if each.fi.figures and not (each.fi.source and each.sv.source)] == []
    assert any(each.step[-1].state is CaseState.DROPPED for each in cases)


@pytest.mark.parametrize(
    "wrong", ["[[case]]", "not toml [", '[[case]]\nslug="a"\ndepartment="library"\ncore_process="x"\nbasis="law"']
)
def test_a_file_that_is_wrong_is_named(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "usecases.toml"
    path.write_text(wrong)
    with pytest.raises(CaseFault, match=r"usecases\.toml"):
        read_cases(path)


def test_a_life_with_a_missing_step_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "usecases.toml"
    text = USE_CASES.read_text().replace('state = "studied"', 'state = "piloted"', 1)
    path.write_text(text)
    with pytest.raises(CaseFault, match="do not follow"):
        load(path, by=BY, at=timezone.now())


def test_the_city_of_the_settings_has_a_file() -> None:
    assert USE_CASES.parent.name == settings.CITY
