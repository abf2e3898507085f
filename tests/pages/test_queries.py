"""How many statements each list page takes: the same number for one row as for three."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.catalogue.loader import load as load_purposes
from consents.kinds import ConsentEntry
from consents.queries.reading import consents_of
from portal.ledger.actions import record
from portal.ledger.actor import resident, system
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope
from tests.residents import PURPOSES, Resident, describe_city, enter

# Session and user, the scope's beginning, and what the page itself reads.
TAKES = {
    "home": 12,
    "data": 7,
    "usage": 10,
    "permissions": 7,
    "registers": 4,
    "data/sports/sports-courses": 6,
    "settings": 3,
    "settings/letters": 7,
}
# Inside a test's transaction a scope sets a savepoint and frees it, reads the role before and gives it back after.
IN_TESTS = re.compile(r"SAVEPOINT|SELECT current_setting\('role'\)")
SHEETS = """
INSERT INTO datasources_sheet (id, person_id, dataset_id, source_id, digest, body, row_count, mapping_version,
    pulled_at, changed_at, confirmed)
SELECT DISTINCT ON (d.id) gen_random_uuid(), %s::uuid, d.id, s.id, '', '', 7, 1, now(), now(), true
FROM datasources_dataset d JOIN datasources_register r ON r.id = d.register_id
JOIN datasources_source s ON s.department_id = r.department_id
WHERE d.slug = ANY (%s)
"""
DATASETS = ["library-card", "library-loans", "sports-visits"]
SLUG = "swimming-reminders"


def _ask(purposes: int, tmp_path: Path) -> None:
    """Describe the city so that everyone who arrives is asked this many questions."""
    describe_city(purposes=None)
    whole = PURPOSES.read_text()
    _, law, swimming, *_ = re.split(r"^(?=\[\[purpose\]\])", whole, flags=re.MULTILINE)
    path = tmp_path / "purposes.toml"
    path.write_text(law + "".join(swimming.replace(SLUG, f"{SLUG}-{number}") for number in range(purposes)))
    with scope(Role.STAFF, departments=["*"]):
        load_purposes(path, by=system("tests"), at=timezone.now())


def _takes(one: Resident, path: str) -> int:
    one.browser.get(f"/fi/{path}/")
    with CaptureQueriesContext(connection) as asked:
        assert one.browser.get(f"/fi/{path}/").status_code == 200
    said = [query["sql"] for query in asked if not IN_TESTS.search(query["sql"])]
    # The scope before is given back: one more statement that a page has not.
    return len(said) - sum("set_config('role'" in sql for sql in said) // 2


@pytest.mark.parametrize("rows", [1, 3])
def test_each_list_takes_as_many_statements_for_three_rows_as_for_one(rows: int, db: None, tmp_path: Path) -> None:
    _ask(rows, tmp_path)
    raili = enter("raili")
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute(SHEETS, [raili.person, DATASETS[:rows]])
    with scope(Role.RESIDENT, persons=[raili.person]):
        assert consents_of(raili.person).count() == rows
        for _ in range(rows):
            record(PeopleEntry.SIGNED_IN, by=resident(raili.person), about=raili.person, at=timezone.now())
    assert {path: _takes(raili, path) for path in TAKES} == TAKES


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_takes_one_more_with_what_stands_sealed_in_it(rows: int, db: None, tmp_path: Path) -> None:
    _ask(1, tmp_path)
    raili = enter("raili")
    told = {"unit": "Uimahalli", "role": "ohjaaja", "case": "", "reference": ""}
    with scope(Role.WORKER):
        for _ in range(rows):
            record(ConsentEntry.USE_REPORTED, by=system("tests"), about=raili.person, at=timezone.now(), details=told)
    assert (_takes(raili, "usage"), TAKES["usage"]) == (11, 10)


def test_home_and_data_stay_within_twelve() -> None:
    assert max(TAKES["home"], TAKES["data"]) <= 12
