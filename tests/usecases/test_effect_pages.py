"""What everyone reads of the effect: on a case's page, of all together, and as files; small counts stand in none."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.models import Purpose
from consents.usecases.actions.expecting import Spending, enter_cost
from consents.usecases.enums import CostKind
from consents.usecases.models import Case, UsesOfMonth
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.residents import Resident
from tests.usecases.talking import CASE, case
from tests.usecases.using import PURPOSE, count, people, used

Enter = Callable[[str], Resident]
SEPTEMBER = datetime(2026, 9, 15, 9, tzinfo=UTC)


def _read(path: str) -> Any:
    return Client(HTTP_HOST="127.0.0.1").get(path)


def _text(path: str) -> str:
    return re.sub(r"[ \n]+", " ", _read(path).content.decode())


def _rows(path: str) -> list[dict[str, str]]:
    answer = _read(path)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def _many(uses: int, *, purpose: str = PURPOSE, month: date = date(2026, 10, 1)) -> None:
    with scope(Role.WORKER):
        UsesOfMonth.objects.create(purpose=purpose, kind="reported", month=month, uses=uses, of_enough=True)


def test_uses_stand_on_the_page_of_their_case(city: None) -> None:
    some = people(6)
    used(some)
    used(some[:4], at=SEPTEMBER)
    count()
    page = _text(f"/en/use-cases/{CASE}/")
    assert "Data was used 6 times for this since 6/2026." in page
    assert "In 1 month some or all uses are left out, because fewer than 5 people are in them." in page
    assert "These are example numbers, made up to show how the page works." in page
    assert '<tr><th scope="row">9/2026</th><td>fewer than 5 people</td>' in page
    assert '<tr><th scope="row">10/2026</th><td>6</td>' in page


def test_uses_by_an_algorithm_are_told_apart_and_only_of_enough_people(city: None) -> None:
    some = people(6)
    used(some)
    used(some[:5], kind=ConsentEntry.ALGORITHM_USED)
    used(some[:4], kind=ConsentEntry.ALGORITHM_USED, at=SEPTEMBER)
    count()
    told = "11, in 5 of them an algorithm took part"
    assert [_text(f"/en/use-cases/{path}").count(told) for path in (f"{CASE}/", "effect/")] == [2, 4]
    rows = {row["month"]: row["actual_uses_by_algorithm"] for row in _rows(f"/en/use-cases/{CASE}/effect/csv/")}
    assert (rows["2026-10"], rows["2026-09"]) == ("5.00", "0.00")


@pytest.mark.parametrize(("language", "told"), [("fi", "6 kertaa"), ("sv", "6 gånger"), ("en", "6 times")])
def test_the_finding_speaks_the_language(language: str, told: str, city: None) -> None:
    _many(6)
    page = _text(f"/{language}/use-cases/{CASE}/")
    assert (told in page, 'role="img"' in page, page.count("<rect ")) == (True, True, 1)


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("daycare-fee", "No use that may be shown has been counted since the trial began."),
        ("loans-and-school", "Nobody has written down yet what it is expected to bring."),
    ],
)
def test_a_case_without_effect_says_so(slug: str, told: str, city: None) -> None:
    assert told in _text(f"/en/use-cases/{slug}/")


def test_all_together_have_every_case_with_and_without_effect(city: None) -> None:
    _many(1200)
    page = _text("/en/use-cases/effect/")
    names = re.findall(r'#effect">([^<]+)</a>', page)
    assert (len(names), names[0]) == (5, Case.objects.get(slug=CASE).texts["en"]["name"])
    assert page.count("nothing measured yet") == 1 + 1
    assert [part for part in ("By core process", "By department", "1\N{NO-BREAK SPACE}200") if part not in page] == []


def test_the_sums_of_the_groups_are_those_of_the_cases(city: None) -> None:
    _many(100)
    page = _text("/en/use-cases/effect/")
    assert page.count("90\N{NO-BREAK SPACE}€ (50 to 180)") == 4


def test_a_use_counts_for_one_case_the_one_that_expected_first(city: None) -> None:
    _many(100)
    with scope(Role.STAFF, departments=["*"]):
        case("exercise-counselling").purposes.add(Purpose.objects.get(slug=PURPOSE))
    found = {row["case"]: row["actual_uses"] for row in _rows("/en/use-cases/effect/csv/")}
    assert (found[CASE], found["exercise-counselling"]) == ("100.00", "0.00")


def test_the_file_of_a_case_has_its_months(city: None) -> None:
    _many(100)
    used(people(4), at=SEPTEMBER)
    count()
    rows = {row["month"]: row for row in _rows(f"/sv/use-cases/{CASE}/effect/csv/")}
    assert next(iter(rows)) == "2026-06"
    assert [rows["2026-10"][name] for name in ("actual_uses", "actual_euro_saved_low", "actual_cost_euro")] == [
        *("100.00", "50.00", "8.00")
    ]
    assert (rows["2026-09"]["actual_uses"], rows["2026-09"]["left_out_under_five_people"]) == ("0.00", "yes")


def test_no_cell_is_a_formula(city: None) -> None:
    row = case()
    with scope(Role.STAFF, departments=["*"]):
        row.texts["en"]["name"] = "=HYPERLINK(1)"
        row.save(update_fields=["texts"])
    told = _read("/en/use-cases/effect/csv/").content.decode()
    assert [cell for cell in re.split(r"[;\n]", told) if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=HYPERLINK(1)" in told


def test_costs_stand_with_their_newest_number(city: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        for euro in (90000, 91000):
            told = Spending(date(2026, 10, 1), CostKind.RUN, euro, "Invoice")
            enter_cost(case(), told, by=system("tests"), at=timezone.now())
    page = _text(f"/en/use-cases/{CASE}/")
    there = [text for text in ("91\N{NO-BREAK SPACE}000", "90\N{NO-BREAK SPACE}000", "Invoice") if text in page]
    assert there == ["91\N{NO-BREAK SPACE}000"]


@pytest.mark.parametrize("path", ["effect/", "effect/csv/"])
def test_a_city_without_cases_says_so(path: str, city: None) -> None:
    with scope(Role.WORKER):
        Case.objects.update(texts={}, removed_at=timezone.now())
    assert _read(f"/fi/use-cases/{path}").status_code == 200
    assert "There are no use cases yet." in _text("/en/use-cases/effect/")


def test_a_proposal_is_counted_and_has_no_line(city: None) -> None:
    now, text = timezone.now(), {"name": "Oma sana", "problem": "x", "gains": "y"}
    with scope(Role.WORKER):
        Case.objects.create(slug="own-words", language="fi", texts={"fi": text}, made_at=now, changed_at=now)
    page = _text("/en/use-cases/effect/")
    assert ("1 proposal of a resident is not studied yet." in page, "Oma sana" in page) == (True, False)


@pytest.mark.parametrize("path", ["use-cases/no-such-case/effect/csv/", "use-cases/effect/effect/csv/"])
def test_a_case_that_is_not_there_has_no_file(path: str, city: None) -> None:
    assert _read(f"/fi/{path}").status_code == 404


@pytest.mark.parametrize("months", [1, 3])
def test_the_page_asks_as_little_for_three_months_as_for_one(
    months: int, resident_in: Enter, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    raili = resident_in("raili")
    for number in range(months):
        _many(50, month=date(2026, 8 + number, 1))
    with django_assert_num_queries(3):
        _read("/en/use-cases/effect/")
    for path in ("effect/", f"{CASE}/"):
        with django_assert_max_num_queries(8):
            raili.browser.get(f"/fi/use-cases/{path}")


@pytest.mark.parametrize("path", ["effect/", "effect/csv/", f"{CASE}/", f"{CASE}/effect/csv/"])
def test_what_everyone_reads_is_read_from_counts(path: str, city: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        _read(f"/en/use-cases/{path}")
    read = " ".join(query["sql"] for query in asked)
    assert "usecases_usesofmonth" in read
    assert [
        name for name in ("ledger_", "people_person", "usecases_firstpeople", "usecases_word") if name in read
    ] == []
