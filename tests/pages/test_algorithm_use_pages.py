"""An algorithm's use of data as residents see it, and stop it: pages, what others see of it, and how much is read."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.enums import Ground
from consents.kinds import ConsentEntry
from consents.models import Announcement, Restriction
from portal.ledger.actor import system
from portal.ledger.queries import entries_about
from portal.pages.programs import concerned_by
from portal.requests.following import follow_up
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.acting import page_of
from tests.algorithms.entries import begun, published, written
from tests.pages.test_usage import CLIENT, checked, leave, reported, text_of
from tests.residents import Resident

Enter = Callable[[str], Resident]
# The page for everyone, the session, and what it reads of whoever is signed in.
MOST = 22
EXERCISE, PRESCHOOL = "exercise-group-suggestion", "preschool-place-proposal"
OUTCOME = {
    "result": {"fi": "Uintiryhmä", "sv": "Simgruppen", "en": "The swimming group"},
    "reasons": [{"fi": "Kävit <b>", "sv": "Du har simmat", "en": "You went <b> swimming"}],
    "decided_by": "person",
    "decided_at": "2026-11-24T10:00:00+00:00",
}


def used(person: UUID, *, by_program: bool = False, **more: Any) -> UUID:
    outcome = OUTCOME | ({"decided_by": "program"} if by_program else {})
    told: dict[str, Any] = {
        "details": {"unit": "Neuvonta", "role": "neuvoja", "case": "", "reference": "x", "outcome": outcome},
        "department": "sports",
        "purpose": EXERCISE,
        "datasets": ["sports-courses"],
        "counts": {"algorithm": EXERCISE, "version": 1},
    }
    return leave(ConsentEntry.ALGORITHM_USED, person, by=CLIENT, **told | more)


def objects(one: Resident, algorithm: str, **told: str) -> Any:
    return one.browser.post(f"/en/algorithms/{algorithm}/object/", told)


def held(one: Resident) -> list[Restriction]:
    with scope(Role.WORKER):
        return list(Restriction.objects.filter(person_id=one.person).order_by("asked_at"))


def test_a_row_is_marked_and_its_page_tells_all_of_it_in_the_readers_language(resident_in: Enter) -> None:
    raili = resident_in("raili")
    entry = used(raili.person)
    reported(raili.person)
    log = page_of(raili, "usage/?how=algorithm")
    assert (log.count('<span class="tag">Algorithm</span>'), "A department used your data" in log) == (1, False)
    assert "An algorithm used your data." not in page_of(raili, "usage/?how=people")
    page = page_of(raili, f"usage/{entry}/")
    said = text_of(page)
    for part in ("This concerned you on", "The swimming group", "You went &lt;b&gt; swimming", "A person decided."):
        assert part in said, part
    for link in (f"/en/algorithms/{EXERCISE}/", f"/en/algorithms/{EXERCISE}/versions/1/"):
        assert f'href="{link}"' in page
    assert f'href="/en/algorithms/{EXERCISE}/object/"' in page
    assert "Simgruppen" in raili.browser.get(f"/sv/usage/{entry}/").content.decode()


def test_that_no_person_decided_is_said(resident_in: Enter) -> None:
    raili = resident_in("raili")
    assert "No person decided. The program decided by itself." in page_of(
        raili, f"usage/{used(raili.person, by_program=True)}/"
    )


def test_files_of_the_log_tell_it_too_and_a_stranger_can_check_them(resident_in: Enter, tmp_path: Path) -> None:
    raili = resident_in("raili")
    entry, file = used(raili.person), tmp_path / "one.json"
    file.write_bytes(raili.browser.get(f"/en/usage/{entry}/json/").content)
    [row] = json.loads(file.read_text())["rows"]
    assert (row["what"], row["algorithm"]["name"]) == ("An algorithm used your data.", EXERCISE)
    assert row["algorithm"]["reasons"] == ["You went <b> swimming"]
    assert checked(file) == 0
    table = raili.browser.post("/en/usage/csv/?how=algorithm").content.decode("utf-8-sig")
    [line] = [line for line in table.splitlines() if "An algorithm used your data." in line]
    assert line.endswith(f"{EXERCISE};The swimming group;You went <b> swimming;A person decided.")


def test_another_resident_sees_nothing_of_it(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    entry = used(raili.person)
    assert otso.browser.get(f"/en/usage/{entry}/").status_code == 404
    objects(raili, EXERCISE)
    [row] = held(raili)
    assert otso.browser.get(f"/en/rights/{row.request}/").status_code == 404
    assert "It has not concerned you." in page_of(otso, f"algorithms/{EXERCISE}/")
    assert "This was already sent" not in page_of(otso, f"algorithms/{EXERCISE}/object/")


@pytest.mark.parametrize("times", [1, 3])
def test_the_register_tells_how_often_with_the_same_statements(times: int, resident_in: Enter) -> None:
    raili = resident_in("raili")
    for _ in range(times):
        used(raili.person)
    used(raili.person, counts={"algorithm": PRESCHOOL, "version": 1})
    with CaptureQueriesContext(connection) as read:
        answer = raili.browser.get(f"/en/algorithms/{EXERCISE}/")
    said = text_of(answer.content.decode())
    assert ("once" if times == 1 else f"{times} times") in said.split("It has concerned you")[1][:20]
    assert answer.content.decode().count("/en/usage/0") == times
    assert answer.headers["Cache-Control"] == "no-store"
    asked = [query["sql"] for query in read if "SAVEPOINT" not in query["sql"]]
    log = [sql for sql in asked if "ledger_log" in sql]
    assert (len(log), len(asked) <= MOST) == (1, True), len(asked)


def test_the_log_of_the_one_person_is_found_by_an_index(resident_in: Enter) -> None:
    raili = resident_in("raili")
    used(raili.person)
    with scope(Role.RESIDENT, persons=[raili.person]), CaptureQueriesContext(connection) as read:
        assert concerned_by(entries_about(raili.person), EXERCISE).times == 1
    sql = read[-1]["sql"]
    with scope(Role.RESIDENT, persons=[raili.person]), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(r"using ledger_entry_\d+_\d+_subject_id_idx", plan)
    assert "Seq Scan on ledger_entry" not in plan


def test_strangers_read_the_entry_and_may_sign_in_to_object(city: None) -> None:
    stranger = Client(HTTP_HOST="127.0.0.1")
    answer = stranger.get(f"/en/algorithms/{EXERCISE}/")
    assert ("concerned you" in answer.content.decode(), answer.status_code) == (False, 200)
    assert stranger.get(f"/en/algorithms/{EXERCISE}/object/").status_code == 302


def test_what_was_permitted_is_said_no_to_without_a_reason_and_stands(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer = objects(raili, EXERCISE)
    assert answer.status_code == 302
    [row] = held(raili)
    assert (row.ground, row.department, row.algorithm) == (Ground.OPT_OUT, "sports", EXERCISE)
    assert row.objected_at is not None
    page = page_of(raili, f"rights/{row.request}/")
    assert "The objection stands. The algorithm does not use the data; people may." in page
    with scope(Role.WORKER):
        told = Announcement.objects.filter(person_id=raili.person, kind="data.restricted")
        rows = [(each.department, each.datasets, each.algorithm, each.due_at is not None) for each in told]
    assert rows == [("sports", ["sports-courses", "sports-visits"], EXERCISE, True)]
    objects(raili, EXERCISE)
    assert len(held(raili)) == 1
    assert "This was already sent on" in page_of(raili, f"algorithms/{EXERCISE}/object/")


def test_a_public_task_is_weighed_and_needs_the_situation(resident_in: Enter) -> None:
    raili = resident_in("raili")
    refused = objects(raili, PRESCHOOL)
    assert (refused.status_code, held(raili)) == (422, [])
    assert "Tell about your situation." in refused.content.decode()
    assert objects(raili, PRESCHOOL, said="x" * 2001).status_code == 422
    assert objects(raili, PRESCHOOL, said="We live beside two schools.").status_code == 302
    [row] = held(raili)
    assert (row.ground, row.department, row.objected_at) == (Ground.SITUATION, "early-education", None)
    with scope(Role.WORKER):
        request = Request.objects.get(pk=row.request)
    assert (request.kind, request.department, request.number[:5]) == ("object", "early-education", request.number[:5])
    page = page_of(raili, f"rights/{row.request}/")
    assert "The algorithm may not use the data since" in page


def test_what_no_use_of_data_names_is_not_objected_to(resident_in: Enter) -> None:
    raili = resident_in("raili")
    published(written(begun("pool-places")))
    objects(raili, EXERCISE)
    objects(raili, "pool-places")
    assert [row.algorithm for row in held(raili)] == [EXERCISE]
    assert "There is no right to object to it" in page_of(raili, "algorithms/pool-places/object/")


def test_taken_back_it_may_be_used_again(resident_in: Enter) -> None:
    raili = resident_in("raili")
    objects(raili, EXERCISE)
    [row] = held(raili)
    raili.browser.post(f"/en/rights/{row.request}/take-back/")
    with scope(Role.WORKER):
        follow_up(row.request, by=system("tests"), at=timezone.now())
    assert held(raili)[0].lifted_at is not None
    assert "It may use the data again since" in page_of(raili, f"rights/{row.request}/")


@pytest.mark.parametrize("slug", ["no-such", "boat-places"])
def test_of_what_is_not_in_the_register_there_is_no_page(slug: str, resident_in: Enter) -> None:
    assert resident_in("raili").browser.get(f"/en/algorithms/{slug}/object/").status_code == 404
