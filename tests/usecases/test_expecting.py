"""Staff write down what is expected before the trial, and what months cost; nothing of it is ever changed."""

from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError
from django.test import Client

from consents.usecases.loader import CaseFault, read_cases
from consents.usecases.models import Cost, Expectation
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.residents import USE_CASES
from tests.servers import server
from tests.staffing import Hire
from tests.usecases.talking import CASE, case

PATH = "/admin/usecases/case/{}/effect/"
SPOKEN = {"fi": "Jatkamme.", "sv": "Vi går vidare.", "en": "We go on."}
REASON = {f"reason_{language}": f"Uusi arvio {language}" for language in SPOKEN}


def _path(slug: str) -> str:
    return PATH.format(case(slug).pk)


def _numbers(**told: str) -> dict[str, str]:
    bounds = {"low": "1", "likely": "2", "high": "3"}
    numbers = {f"{what}_{bound}": value for what in ("resident", "staff", "euro") for bound, value in bounds.items()}
    usual = {"do": "expect", "counted": "both", "uses_a_year": "100", "build_euro": "10", "yearly_euro": "5"}
    return numbers | usual | told


def _cost(**told: str) -> dict[str, str]:
    return {"do": "cost", "month": "2026-10", "kind": "run", "euro": "120", "reason": "Lasku"} | told


def _versions(slug: str) -> list[int]:
    return list(Expectation.objects.filter(case__slug=slug).order_by("version").values_list("version", flat=True))


def _page(slug: str) -> str:
    return Client(HTTP_HOST="127.0.0.1").get(f"/en/use-cases/{slug}/").content.decode()


def test_what_is_expected_is_public_at_once(hire: Hire) -> None:
    answer = hire("keeper", "library").post(_path("loans-and-school"), _numbers())
    page = _page("loans-and-school")
    assert (answer.status_code, _versions("loans-and-school")) == (302, [1])
    assert ("This is what the city expects." in page, "Version 1" in page, "made up" in page) == (True, True, False)


def test_after_the_trial_began_a_change_needs_its_reason_and_shows_it(hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    assert (keeper.post(_path(CASE), _numbers()).status_code, _versions(CASE)) == (422, [1])
    assert (keeper.post(_path(CASE), _numbers(**REASON)).status_code, _versions(CASE)) == (302, [1, 2])
    page = _page(CASE)
    assert ("Uusi arvio en" in page, "Version 1" in page, "Version 2" in page) == (True, True, True)
    with scope(Role.WORKER):
        told = Entry.objects.filter(kind="usecases.expected").values_list("department", "reference", "counts")
        assert list(told) == [("sports", CASE, {"version": 2})]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"resident_likely": "9"}, {"euro_likely": "0.5"}, {"staff_likely": "-1"}, {"uses_a_year": "1e9"}),
        *({"euro_low": "NaN"}, {"counted": "all"}, {"resident_high": "99999"}, {"uses_a_year": ""}),
        {"euro_likely": "1.234"},
    ],
)
def test_numbers_that_make_no_sense_are_named(wrong: dict[str, str], hire: Hire) -> None:
    answer = hire("keeper", "library").post(_path("loans-and-school"), _numbers(**wrong))
    assert (answer.status_code, _versions("loans-and-school")) == (422, [])
    assert f'id="id_{next(iter(wrong))}_error"' in answer.content.decode()


def test_a_trial_does_not_begin_before_it_is_said_what_is_expected(hire: Hire) -> None:
    keeper = hire("keeper", "library")
    say = f"/admin/usecases/case/{case('loans-and-school').pk}/say/"
    assert keeper.post(say, SPOKEN | {"state": "studied"}).status_code == 302
    refused = keeper.post(say, SPOKEN | {"state": "piloted"})
    assert (refused.status_code, "Write down first what is expected of it" in refused.content.decode()) == (422, True)
    keeper.post(_path("loans-and-school"), _numbers())
    begun = keeper.post(say, SPOKEN | {"state": "piloted"})
    assert (begun.status_code, case("loans-and-school").state) == (302, "piloted")


def test_costs_are_entered_with_a_reason_and_stay(hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    before = Cost.objects.count()
    for euro in ("120", "90"):
        assert keeper.post(_path(CASE), _cost(euro=euro)).status_code == 302
    assert Cost.objects.count() == before + 2
    assert "Lasku" in keeper.get(_path(CASE)).content.decode()
    with scope(Role.WORKER):
        told = list(Entry.objects.filter(kind="usecases.cost_entered").order_by("id").values_list("counts", flat=True))
    assert told == [{"month": "2026-10-01", "kind": "run", "euro": euro} for euro in (120, 90)]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"month": "2026-13"}, {"month": "2099-01"}, {"month": "1999-12"}, {"month": "lokakuu"}),
        *({"euro": "-1"}, {"euro": "12,50"}, {"reason": ""}, {"reason": "Tunnus 131052-308T"}, {"kind": "gift"}),
    ],
)
def test_costs_that_make_no_sense_are_named(wrong: dict[str, str], hire: Hire) -> None:
    before = Cost.objects.count()
    answer = hire("keeper", "sports").post(_path(CASE), _cost(**wrong))
    assert (answer.status_code, Cost.objects.count()) == (422, before)


@pytest.mark.parametrize("sent", [_numbers(**REASON), _cost()])
def test_a_keeper_of_another_department_may_read_only(sent: dict[str, str], hire: Hire) -> None:
    keeper, before = hire("keeper", "library"), (Cost.objects.count(), _versions(CASE))
    answer = keeper.post(_path(CASE), sent)
    assert (answer.status_code, (Cost.objects.count(), _versions(CASE))) == (200, before)
    assert "Save what is expected" not in answer.content.decode()


@pytest.mark.parametrize("model", [Expectation, Cost])
def test_no_role_may_change_it(model: type[Expectation | Cost], city: None) -> None:
    with pytest.raises(ProgrammingError), scope(Role.STAFF):
        model.objects.update(made_up=False)


@pytest.mark.parametrize("table", ["usecases_expectation", "usecases_cost"])
def test_nor_may_whoever_owns_the_database(table: str, committed_db: str, loaded_city: None) -> None:
    with server().connect(committed_db) as superuser, pytest.raises(psycopg.errors.RestrictViolation):
        superuser.execute(f"UPDATE {table} SET made_up = false")


def test_two_presses_of_one_form_are_one(hire: Hire) -> None:
    keeper, before = hire("keeper", "sports"), Cost.objects.count()
    for _ in range(2):
        keeper.post(_path(CASE), _cost())
        keeper.post(_path(CASE), _numbers(**REASON))
    assert (Cost.objects.count() - before, _versions(CASE)) == (1, [1, 2])


@pytest.mark.parametrize("wrong", ["2026-06-02", ""])
def test_a_file_without_an_expectation_from_before_the_trial_is_refused(wrong: str, tmp_path: Path) -> None:
    text = USE_CASES.read_text()
    start = text.index("[case.expected]", text.index(f'slug = "{CASE}"'))
    path = tmp_path / "usecases.toml"
    if wrong:
        path.write_text(text[:start] + text[start:].replace("on = 2026-04-13", f"on = {wrong}", 1))
    else:
        path.write_text(text[:start] + text[text.index("[[case.cost]]", start) :])
    with pytest.raises(CaseFault, match="before it was tried out"):
        read_cases(path)
