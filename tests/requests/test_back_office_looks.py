"""What staff look at is written down; nobody asks a table by the beginning of a column; a name is opened for a case."""

import html

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from consents.models import Telling
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.people.models import User
from portal.requests.models import Request
from portal.servicepoint.kinds import DeskEntry
from portal.staff.apps import find_pages
from portal.staff.manners import FirstPages
from portal.walls import Role, scope
from tests.residents import arrived
from tests.staffing import Hire, hire

__all__ = ["hire"]
CLERK = Actor(ActorKind.STAFF, "staff-1", Right.OFFICE, unit="sports", role="desk", name="Virve Virkailija")


@pytest.fixture
def officer(hire: Hire) -> Client:
    return hire("dpo", "*")


def entry() -> str:
    person = arrived()
    with scope(Role.WORKER):
        made = record(DeskEntry.OPENED, by=CLERK, about=person, at=timezone.now(), department="sports")
        sequence(at=timezone.now())
    return f"/admin/ledger/entry/{made}/"


def looks(kind: str = "office.looked") -> list[tuple[str, str]]:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        rows = Entry.objects.filter(kind=kind).order_by("index")
        return [(str(row.counts.get("page", row.reference)), str(row.counts.get("row", ""))) for row in rows]


def test_lists_and_rows_that_are_looked_at_are_written_down(officer: Client) -> None:
    address = entry()
    officer.get("/admin/ledger/entry/?q=someone")
    officer.get(f"{address}change/")
    officer.get("/admin/")
    officer.get("/admin/ledger/entry/00000000-0000-0000-0000-000000000000/change/")
    assert looks() == [("ledger_entry_changelist", ""), ("ledger_entry_change", address.split("/")[4])]


@pytest.mark.parametrize(
    "query",
    [
        *("subject__startswith=0", "subject=0", "reference__contains=D", "body__startswith=a", "actor_id=staff-1"),
        *("kind__startswith=desk", "kind__regex=.*", "kind__contains=o", "hetu__startswith=0101"),
    ],
)
def test_no_table_is_asked_by_the_beginning_of_a_column(query: str, officer: Client) -> None:
    assert officer.get(f"/admin/ledger/entry/?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        *("ledger/entry/?kind__exact=desk.opened", "datasources/register/?department__id__exact=%s"),
        *(
            "consents/telling/?late=yes",
            "requests/request/?state__exact=received",
            "datasources/pull/?state__exact=done",
        ),
    ],
)
def test_the_filters_of_the_pages_do_ask(path: str, officer: Client) -> None:
    assert officer.get(f"/admin/{path.replace('%s', '00000000-0000-0000-0000-000000000000')}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("datasources/register/?department__keeper_email__startswith=a", "requests/request/?person_id__startswith=0"),
        *(
            "consents/telling/?person_id=0",
            "rest/client/?secrets__sealed__startswith=a",
            "requests/request/?asked_by=0",
        ),
    ],
)
def test_nor_is_any_other_table(path: str, officer: Client) -> None:
    assert officer.get(f"/admin/{path}").status_code == 400


def test_the_officer_opens_a_name_for_a_case_and_that_is_written_down(officer: Client) -> None:
    address = entry()
    assert (
        "Virve"
        not in officer.get(f"{address}change/").content.decode() + officer.get(f"{address}name/").content.decode()
    )
    assert officer.post(f"{address}name/", {"reason": "asked"}).status_code == 422
    assert looks("office.name_opened") == []
    shown = html.unescape(officer.post(f"{address}name/", {"reason": "asked", "case": "D/9/2026"}).content.decode())
    assert "Virve Virkailija" in shown
    assert looks("office.name_opened") == [("D/9/2026", "")]


@pytest.mark.parametrize(("group", "department"), [("auditor", "*"), ("keeper", "sports"), ("desk", "sports")])
def test_nobody_else_opens_a_name(group: str, department: str, hire: Hire) -> None:
    address, other = entry(), hire(group, department)
    told = {"reason": "asked", "case": "D/9/2026"}
    assert [other.get(f"{address}name/").status_code, other.post(f"{address}name/", told).status_code] == [404, 404]
    assert looks("office.name_opened") == []


@pytest.mark.parametrize("model", [Entry, Request, Telling])
def test_nothing_is_done_to_many_people_at_once(model: type[Model], rf: RequestFactory) -> None:
    find_pages()
    request = rf.get("/admin/")
    request.user = User(is_staff=True, is_active=True)
    assert admin.site._registry[model].get_actions(request) == {}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("kind__exact=desk.opened", 1),
        ("kind__exact=desk.opened&month=%(month)s", 1),
        ("kind__exact=desk.opened&month=%(year)s", 1),
        ("kind__exact=desk.opened&month=2025", 0),
        ("kind__exact=people.arrived&month=nonsense", 1),
        ("kind__exact=no.such", 0),
    ],
)
def test_the_log_is_narrowed_by_kind_and_by_when_it_was_written(query: str, rows: int, officer: Client) -> None:
    entry()
    today = timezone.localdate()
    page = officer.get(f"/admin/ledger/entry/?{query % {'month': f'{today:%Y-%m}', 'year': today.year}}")
    assert page.context["cl"].result_count == rows


def test_the_log_is_counted_no_further_than_pages_are_turned(
    officer: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(FirstPages, "MOST", 2)
    for _ in range(3):
        entry()
    with django_assert_max_num_queries(20) as asked:
        page = officer.get("/admin/ledger/entry/")
    counts = [each["sql"] for each in asked if "COUNT(*)" in each["sql"] and "ledger_log" in each["sql"]]
    assert (page.context["cl"].result_count, ["LIMIT 2" in each for each in counts]) == (2, [True])
    assert "No more than 2 entries are listed." in page.content.decode()
