"""Who has used it: what a row says, what is folded, what is left out, and what the log says of itself."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.models import ReportHeard
from datasources.kinds import SourcesEntry
from datasources.models import Register
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.ledger.kinds import EntryKind
from portal.pages.spreadsheets import cell
from portal.people.kinds import PeopleEntry
from portal.servicepoint.kinds import DeskEntry
from portal.walls import Role, scope
from tests.acting import page_of
from tests.residents import Resident, enter, grow_old

Enter = Callable[[str], Resident]
CLIENT = Actor(ActorKind.CLIENT, "client-1", Right.CLIENT, unit="sports")
CLERK = Actor(ActorKind.STAFF, "staff-1", Right.OFFICE, unit="sports", role="desk", name="Virve Virkailija")


def leave(kind: EntryKind, person: UUID, *, by: Actor, at: datetime | None = None, **more: Any) -> UUID:
    """An entry in somebody's log, numbered."""
    with scope(Role.WORKER):
        entry = record(kind, by=by, about=person, at=at or timezone.now(), **more)
        sequence(at=timezone.now())
    return entry


def reported(person: UUID, **more: Any) -> UUID:
    told: dict[str, Any] = {
        "details": {"unit": "Leppävaaran uimahalli", "role": "liikunnanohjaaja", "case": "D/7/2026", "reference": "x"},
        "department": "sports",
        "purpose": "swimming-reminders",
        "datasets": ["sports-courses"],
    }
    return leave(ConsentEntry.USE_REPORTED, person, by=CLIENT, **told | more)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_look_in_a_departments_own_system_tells_all_five_parts(resident_in: Enter) -> None:
    raili = resident_in("raili")
    entry = reported(raili.person)
    for path in ("usage/", f"usage/{entry}/"):
        said = text_of(page_of(raili, path))
        for part in (
            *("Leppävaaran uimahalli, liikunnanohjaaja", "A department used your data in its own system."),
            *("Courses", "A reminder before a course starts", "Case D/7/2026", "department's own system"),
        ):
            assert part in said.replace("&#x27;", "'"), (path, part)


def test_staff_are_told_by_unit_and_role_and_never_by_name(resident_in: Enter) -> None:
    raili = resident_in("raili")
    told: dict[str, Any] = {"department": "sports", "reference": "D/1/2026", "counts": {"reason": "by_post"}}
    entry = leave(DeskEntry.OPENED, raili.person, by=CLERK, **told)
    for path in ("usage/", f"usage/{entry}/"):
        said = text_of(page_of(raili, path))
        assert ", service adviser" in said
        assert "You answered by post. Case D/1/2026." in said
        assert ("Virve" in said, "staff-1" in said) == (False, False)


def test_what_is_passed_on_is_told_so_with_its_ground_and_permission(resident_in: Enter) -> None:
    raili = resident_in("raili")
    told: dict[str, Any] = {"department": "sports", "purpose": "swimming-reminders", "datasets": ["sports-courses"]}
    entry = leave(ConsentEntry.DISCLOSED, raili.person, by=CLIENT, details={"case": ""}, **told)
    said = text_of(page_of(raili, f"usage/{entry}/"))
    assert "Passed on automatically" in said
    assert "Ground Your permission" in said
    assert re.search(r'href="/en/permissions/[0-9a-f-]{36}/"', page_of(raili, f"usage/{entry}/"))


def _nightly(raili: Resident, times: int, *, at: datetime, department: str = "library") -> None:
    for number in range(times):
        moment = at + timedelta(minutes=number)
        kind, slugs = SourcesEntry.SHEET_CHANGED, ["library-loans"]
        leave(kind, raili.person, by=system("datasources.nightly"), at=moment, department=department, datasets=slugs)


def test_nightly_runs_are_one_row_a_system_and_day_and_each_can_be_seen(resident_in: Enter) -> None:
    raili = resident_in("raili")
    night = datetime(2026, 11, 20, 1, 10, tzinfo=UTC)
    _nightly(raili, 7, at=night)
    _nightly(raili, 2, at=night, department="sports")
    _nightly(raili, 1, at=night - timedelta(days=1))
    page = page_of(raili, "usage/")
    assert (page.count("7 times that day."), page.count("2 times that day."), page.count("times that day")) == (1, 1, 2)
    assert page.count("<p>Your data was updated here.") == 3
    [each] = [
        link.replace("&amp;", "&") for link in re.findall(r'href="/en/(usage/\?day=[^"]+)"', page) if "library" in link
    ]
    opened = page_of(raili, each)
    assert (opened.count("<p>Your data was updated here."), "times that day" in opened) == (7, False)
    assert "Only 20\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026 is shown." in opened


def test_a_removal_is_not_folded_into_updates(resident_in: Enter) -> None:
    raili = resident_in("raili")
    night = datetime(2026, 11, 20, 1, 10, tzinfo=UTC)
    _nightly(raili, 3, at=night)
    by = system("datasources.nightly")
    leave(SourcesEntry.SHEET_REMOVED, raili.person, by=by, at=night, department="library", datasets=["library-loans"])
    assert "Your data was removed from here." in page_of(raili, "usage/")


def test_rows_are_grouped_by_the_day_here(resident_in: Enter) -> None:
    raili = resident_in("raili")
    # Half past midnight here, and still the day before by the world's clock.
    for at in (datetime(2026, 11, 20, 22, 30, tzinfo=UTC), datetime(2026, 11, 21, 12, 0, tzinfo=UTC)):
        leave(PeopleEntry.SIGNED_IN, raili.person, by=CLIENT, at=at)
    page = page_of(raili, "usage/").replace("\N{NO-BREAK SPACE}", " ")
    assert ("<h2>21 November 2026</h2>" in page, "<h2>20 November 2026</h2>" in page) == (True, False)
    assert "00.30" in page


def test_a_late_report_stands_on_the_day_of_the_look(resident_in: Enter) -> None:
    raili = resident_in("raili")
    reported(raili.person, at=timezone.now() - timedelta(days=40))
    page = page_of(raili, "usage/")
    days = re.findall(r"<h2>(\d+.\w+.\d{4})</h2>", page)
    assert len(days) == len(set(days)) == 2
    assert page.index("A department used your data") > page.index("You signed in.")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"used", "opened", "old"}),
        ("period=7", {"used", "opened"}),
        ("period=365", {"used", "opened", "old"}),
        ("department=library", {"old"}),
        ("how=automatic", {"old"}),
        ("how=people", {"used", "opened"}),
        ("how=people&department=library", set()),
        ("period=1000000&how=x&day=never&department=%00", {"used", "opened", "old"}),
    ],
)
def test_the_log_is_narrowed_by_period_department_and_who_did_it(
    query: str, seen: set[str], resident_in: Enter
) -> None:
    raili = resident_in("raili")
    reported(raili.person)
    leave(DeskEntry.OPENED, raili.person, by=CLERK, department="sports")
    _nightly(raili, 1, at=timezone.now() - timedelta(days=30))
    page = page_of(raili, f"usage/?{query}")
    rows = {"used": "A department used your data", "opened": "Staff opened your", "old": "Your data was updated here."}
    assert {name for name, words in rows.items() if words in page} == seen
    assert ("Show the whole log" in page) == (query.startswith(("period=7", "period=365", "dep", "how")))


def test_nothing_that_fits_is_told_apart_from_an_empty_log(resident_in: Enter) -> None:
    page = page_of(resident_in("raili"), "usage/?department=no-such")
    assert ("No row fits what you chose." in page, "Nothing is in your log" in page) == (True, False)


def test_a_long_log_is_paged_and_no_row_is_lost(resident_in: Enter) -> None:
    raili = resident_in("raili")
    begun = timezone.now() - timedelta(days=2)
    with scope(Role.WORKER):
        for number in range(120):
            record(
                DeskEntry.OPENED, by=CLERK, about=raili.person, at=begun - timedelta(hours=number), department="sports"
            )
        sequence(at=timezone.now())
    pages = [page_of(raili, f"usage/?page={number}&department=sports") for number in (1, 2, 3)]
    rows = [set(re.findall(r'/en/usage/([0-9a-f-]{36})/"', page)) for page in pages]
    # With the question that was put when she came.
    assert ([len(each) for each in rows], len(set.union(*rows))) == ([50, 50, 21], 121)
    assert ["Older" in page for page in pages] == [True, True, False]
    assert ["Newer" in page for page in pages] == [False, True, True]
    for none in ("4", "0", "-1", "x", "9" * 18):
        assert raili.browser.get(f"/en/usage/?page={none}&department=sports").status_code == 404


def test_registers_that_tell_that_are_silent_and_that_do_not_tell_are_named(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.API):
        library = Register.objects.get(slug="library-customers")
        ReportHeard.objects.create(register=library, last_at=timezone.now() - timedelta(hours=1))
    fresh = text_of(page_of(raili, "usage/"))
    assert "It last told of a use on" in fresh
    assert "Nothing has come from it yet." in fresh
    assert "does not yet tell who has looked at the data. You can ask us." in fresh
    assert "This log began on" in fresh
    assert "Its newest row is of" in fresh
    with scope(Role.API):
        ReportHeard.objects.update(last_at=timezone.now() - timedelta(days=9))
    assert "It has told nothing since" in text_of(page_of(raili, "usage/"))


def test_a_log_that_cannot_be_read_is_no_empty_log(
    committed_db: str, loaded_city: None, superuser: psycopg.Connection
) -> None:
    raili = enter("raili")
    superuser.execute("REVOKE SELECT ON ledger_leaf FROM mydata_resident")
    answer = raili.browser.get("/en/usage/")
    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page) == (503, True)
    assert "We could not load this. It does not mean that no one has looked." in page
    assert "Nothing is in your log" not in page
    superuser.execute("GRANT SELECT ON ledger_leaf TO mydata_resident")
    assert raili.browser.get("/en/usage/").status_code == 200


def test_a_row_says_when_it_was_locked_or_that_it_waits(resident_in: Enter) -> None:
    raili = resident_in("raili")
    assert "Waiting to be locked (under a minute)." in page_of(raili, "usage/")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    page = page_of(raili, "usage/")
    assert (re.search(r"Locked at \d\d\.\d\d\.", page) is not None, "Waiting to be locked" in page) == (True, False)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_a_cell_of_plain_words_stays_as_it_is() -> None:
    assert [cell(text) for text in ("", "Kirjasto", "2026-11-20", "a=b")] == ["", "Kirjasto", "2026-11-20", "a=b"]


def test_the_log_is_taken_along_whole_as_a_table_and_it_stays_in_the_log(resident_in: Enter) -> None:
    raili = resident_in("raili")
    reported(raili.person, details={"unit": "=cmd|'/c calc'!A1", "role": "@x", "case": "+1", "reference": ""})
    _nightly(raili, 3, at=datetime(2026, 11, 20, 1, 10, tzinfo=UTC))
    answer = raili.browser.post("/en/usage/csv/")
    content = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content), delimiter=";"))
    whens = [row[0] for row in rows[1:]]
    assert (answer.headers["Content-Type"], "attachment" in answer.headers["Content-Disposition"]) == (
        *("text/csv; charset=utf-8", True),
    )
    assert rows[0][:6] == ["When", "Who", "What", "Data", "Why", "How"]
    assert whens == sorted(whens, reverse=True)
    assert sum("updated" in row[2] for row in rows) == 3
    assert [row[6] for row in rows if "its own system" in row[2]] == ["'+1"]
    assert [value for row in rows for value in row if value[:1] in {"=", "+", "-", "@"}] == []
    assert "You took your log along as a file." in page_of(raili, "usage/")


def test_the_log_as_json_holds_proofs_that_a_stranger_can_check(resident_in: Enter, tmp_path: Path) -> None:
    raili = resident_in("raili")
    entry = reported(raili.person, details={"unit": "=1", "role": "x", "case": "", "reference": ""})
    whole, one = tmp_path / "whole.json", tmp_path / "one.json"
    whole.write_bytes(raili.browser.post("/en/usage/json/?department=sports&how=people").content)
    one.write_bytes(raili.browser.get(f"/en/usage/{entry}/json/").content)
    for file in (whole, one):
        told = json.loads(file.read_text())
        assert [row["id"] for row in told["rows"]] == [str(entry)] == [each["entry"]["id"] for each in told["entries"]]
        [row], [proven] = told["rows"], told["entries"]
        assert (row["who"].endswith(", =1, x"), row["place"]) == (True, proven["index"])
        assert checked(file) == 0
    one.write_text(one.read_text().replace("use_reported", "disclosed"))
    assert checked(one) == 1


@pytest.mark.parametrize("file", ["csv", "json"])
def test_the_whole_log_goes_to_who_signed_in_lately_only(resident_in: Enter, file: str) -> None:
    raili = resident_in("raili")
    assert raili.browser.get(f"/en/usage/{file}/").headers["Location"] == "/en/usage/"
    grow_old(raili)
    answer = raili.browser.post(f"/en/usage/{file}/")
    assert (answer.status_code, "Sign in once more" in answer.content.decode()) == (403, True)


def checked(file: Path) -> int:
    """By the program that needs nothing of ours."""
    return subprocess.run([sys.executable, "docs/verify/verify.py", file], capture_output=True, check=False).returncode


def test_a_file_of_the_log_tells_nobody_apart_by_a_lasting_name(resident_in: Enter) -> None:
    raili = resident_in("raili")
    leave(DeskEntry.OPENED, raili.person, by=CLERK, department="sports")
    content = raili.browser.post("/en/usage/json/").content.decode()
    assert ("Staff opened" in content, "Virve" in content, "staff-1" in content) == (True, False, False)
