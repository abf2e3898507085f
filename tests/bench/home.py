"""Eight residents' home pages, among 320,000 people, against a bare view on the same server.

The floor loads the same session and user, reads as many rows by primary key as our page has statements that read, and
renders the same template with the same values.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.queries.reading import requests_waiting
from demo.people import pinned
from portal.ledger.actions import sequence
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row, interleaved
from tests.bench.load import Ask, Load
from tests.bench.serving import fill, serving
from tests.residents import Resident, enter

RESIDENTS = 8
# No figure stands in the design for this row; the check's is taken.
BAR = 0.8
PATH = "/fi/home/"
# What the middleware reads before any view, of the floor's too.
_BEFORE_THE_VIEW = ("django_session", "people_user")
_SOURCES = """
INSERT INTO datasources_source (id, slug, department_id, kind, settings, mapping, mapping_version, live, keeps_for,
    keeps_for_ground, switched_on, failures, last_success_at, last_error, most_in_flight)
SELECT gen_random_uuid(), slug, id, 'sql', '{}', '{}', 1, false, 'active', '', true, 0, now(), '', 8
FROM datasources_department WHERE slug IN ('library', 'sports', 'early-education')
ON CONFLICT (slug) DO UPDATE SET switched_on = true, failures = 0, last_success_at = now()
"""
_SHEETS = """
INSERT INTO datasources_sheet (id, person_id, dataset_id, source_id, digest, body, row_count, mapping_version,
    pulled_at, changed_at, confirmed)
SELECT gen_random_uuid(), person, d.id, s.id, '', '', 7, 1, now(), now(), true
FROM unnest(%s::uuid[]) AS person, datasources_source s
JOIN datasources_register r ON r.department_id = s.department_id
JOIN datasources_dataset d ON d.register_id = r.id
ON CONFLICT DO NOTHING
"""


def rows(portal: Portal) -> list[Row]:
    """`home`, in requests a second."""
    fill(portal)
    residents = [enter(person.slug) for person in islice(pinned(), RESIDENTS)]
    settle(portal, [each.person for each in residents])
    bare = f"/fi/bare/{_selects(residents[0])}/home/"
    with serving(portal) as base:
        asks = [Ask({"Cookie": each.browser.cookies.output(header="", sep=";").strip()}) for each in residents]
        loads = {"floor": Load(base, "GET", bare, asks), "home": Load(base, "GET", PATH, asks)}
        figures = interleaved({name: load.requests_per_second for name, load in loads.items()})
    return [Row("home", figures["home"], figures["floor"], "req/s", BAR, "higher")]


def settle(portal: Portal, people: Sequence[UUID]) -> None:
    """Each has said yes once and no to nothing, has data of three departments, and a numbered log."""
    now = timezone.now()
    for person in people:
        with scope(Role.RESIDENT, persons=[person]):
            question = requests_waiting(person).first()
            assert question is not None
            give(question.pk, shown=Shown(question.text_id, "fi"), by=resident(person), at=now)
    with portal.server.connect(DATABASE) as connection:
        connection.execute(_SOURCES)
        connection.execute(_SHEETS, [people])
    with scope(Role.WORKER):
        while sequence(at=now + timedelta(seconds=1)):
            pass


def _selects(one: Resident) -> int:
    """How many statements of the page read a table, what the middleware reads left out."""
    one.browser.get(PATH)
    with CaptureQueriesContext(connection) as asked:
        answer = one.browser.get(PATH)
    assert answer.status_code == 200, answer.status_code
    reading = [query["sql"] for query in asked if " FROM " in query["sql"]]
    return sum(not any(f'FROM "{table}"' in sql for table in _BEFORE_THE_VIEW) for sql in reading)
