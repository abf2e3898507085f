"""Pulling 300,000 rows of 6,000 people from PostgreSQL, against a raw binary COPY pipe of the same rows.

`first`: nothing is held yet; everything is digested, compressed, sealed with each person's own key (keys exist: the
people have signed in before) and merged, with an entry in each person's log. `unchanged`: the same again.
`first_cursor` and `unchanged_cursor`: by a plain cursor that hands on row by row, as every other database does. The
mapping is the demo's for early education applications: eight fields, two code lists, two joins. Servers, Python and
COPY share the machine; every run commits durably. `peak_mib` is the memory of a process that pulls ten times as much.
"""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from time import perf_counter
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from datasources.actions.pulls import pull_source
from datasources.catalogue.loader import load
from datasources.models import Pull, PullKind, PullState, Source
from demo.people.person import identity_code
from portal.keys.indexes import blind_index
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, ROOT, Portal, Row, interleaved

PEOPLE, ROWS_EACH = 6_000, 50
MANY_PEOPLE = 60_000
DATASET = "early-education-applications"
_BLOCK = 256 << 10
_SCHEMA = ROOT / "demo" / "departments" / "early_education.sql"
_CATALOGUE = ROOT / "datasources" / "catalogue" / "espoo"
_GUARDIANS = """
INSERT INTO guardian
SELECT n, code, 'Aino Maria', 'Mallila', 'Mallikatu 1', '02100', '', '', 'fi', false
FROM unnest(%s::text[]) WITH ORDINALITY AS g (code, n)
"""
_APPLICATIONS = """
INSERT INTO child SELECT id, 'child ' || id, 'Eino Antero', 'Mallila', date '2020-03-09' + (id % 900), NULL, NULL, NULL
FROM guardian;
INSERT INTO application
SELECT n, 1 + n % {people}, 1 + (n * 7) % {people},
       (enum_range(NULL::application_status))[1 + n % 5], (enum_range(NULL::placement_type))[1 + n % 5],
       date '2026-01-01' - (n % 900), date '2026-01-01' + (n % 400), n % 3 = 0, ARRAY[1, 2],
       '{{}}', 'Muistiinpano henkilökunnalle.'
FROM generate_series(1, {rows}) AS n;
"""
_PEOPLE = """
INSERT INTO people_person (id, blind_index, sealed_identity_code, sealed_names, created_at, last_signed_in_at)
SELECT id, blind_index, '', '', now.at, now.at
FROM unnest(%b::uuid[], %b::bytea[]) AS p (id, blind_index), (SELECT %b::timestamptz) AS now (at)
"""
_PIPE_TABLE = """
CREATE TABLE bench_pipe (
    code text, number int, preferred_start date, sent_on date, status text, type text, urgent boolean, child_born date,
    child text
)
"""
_OUT = """
COPY (
    SELECT {columns} FROM application JOIN guardian ON guardian.id = application.guardian_id
    JOIN child ON child.id = application.child_id
) TO STDOUT (FORMAT binary)
"""


_NIGHT = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
_BY = system("bench")


# In a process of its own: the most memory a process ever had is never told back.
_PULL_ALONE = """
import re, sys, django
django.setup()
from datetime import datetime
from uuid import UUID
from datasources.actions.pulls import pull_source
from datasources.models import PullKind
from portal.ledger.actor import system
told = pull_source(UUID(sys.argv[1]), kind=PullKind.NIGHTLY, by=system("bench"), at=datetime.fromisoformat(sys.argv[2]))
# Not getrusage's figure: that one begins with the memory of whoever started the process.
print(told.rows_read, told.changed, re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""


def rows(portal: Portal) -> list[Row]:
    """`first` and `unchanged` in seconds; `peak_mib` at 3,000,000 rows."""
    bench = Pulling(portal, PEOPLE)
    seconds = interleaved(
        {
            "floor": bench.pipe,
            "first": bench.first,
            "unchanged": bench.unchanged,
            "first_cursor": lambda: bench.by_rows(bench.first),
            "unchanged_cursor": lambda: bench.by_rows(bench.unchanged),
        }
    )
    return [
        Row("first", seconds["first"], seconds["floor"], "s", 1.2, "lower"),
        Row("unchanged", seconds["unchanged"], seconds["floor"], "s", 0.9, "lower"),
        Row("first_cursor", seconds["first_cursor"], seconds["floor"], "s", 1.5, "lower"),
        Row("unchanged_cursor", seconds["unchanged_cursor"], seconds["floor"], "s", 1.1, "lower"),
        Row("peak_mib", Pulling(portal, MANY_PEOPLE).peak_mib(), 1.0, "MiB", 200, "lower"),
    ]


def _codes() -> Iterator[str]:
    for day in count():
        born = date(1950, 1, 1) + timedelta(days=day)
        yield from (identity_code(born, number, sign="-") for number in range(900, 1000))


class Pulling:
    """A source of its own in the same server, people who are active here, and the catalogue connected to the source.

    Each of `datasets` is read from the same tables, `rows_each` rows a person.
    """

    def __init__(
        self, portal: Portal, people: int, *, rows_each: int = ROWS_EACH, datasets: Sequence[str] = (DATASET,)
    ) -> None:
        self._portal, self._people, self._name = portal, people, f"bench_source_{people}"
        self._rows, self._sheets = people * rows_each, people * len(datasets)
        self._datasets = datasets
        self._nights = count()
        with portal.server.connect(DATABASE) as connection:
            connection.execute("TRUNCATE datasources_sheet, keys.person_key, people_person CASCADE")
        codes = list(islice(_codes(), people))
        self._fill_source(codes)
        self._arrive(codes)
        reach = {"settings": {"url": portal.server.url(self._name).replace("postgresql://", "postgresql+psycopg://")}}
        with scope(Role.STAFF, departments=["*"]):
            load(_CATALOGUE, reach={"early-education": reach}, by=_BY, at=_NIGHT)
        mapping = tomllib.loads((_CATALOGUE / "early-education.toml").read_text())["source"]["mapping"][DATASET]
        with portal.server.connect(DATABASE) as connection:
            # These datasets only: the floor carries the same rows.
            connection.execute(
                "UPDATE datasources_source SET mapping = "
                "(SELECT jsonb_object_agg(slug, mapping -> %s) FROM unnest(%s::text[]) AS slug)",
                [DATASET, list(datasets)],
            )
        with scope(Role.WORKER):
            self._source = Source.objects.get(slug="early-education").pk
        self._columns = [mapping["key"], *sorted(mapping["columns"].values())]

    def _fill_source(self, codes: list[str]) -> None:
        with self._portal.server.connect() as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._name)))
        with psycopg.connect(self._portal.server.url(self._name), autocommit=True) as source:
            source.execute(_SCHEMA.read_bytes())
            source.execute(_GUARDIANS, [codes])
            source.execute(_APPLICATIONS.format(people=self._people, rows=self._rows).encode())
            source.execute("VACUUM ANALYZE")

    def _arrive(self, codes: list[str]) -> None:
        people: dict[UUID, bytes] = {uuid4(): blind_index(code) for code in codes}
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute(_PEOPLE, [list(people), list(people.values()), _NIGHT])
            connection.execute("DROP TABLE IF EXISTS bench_pipe")
            connection.execute(_PIPE_TABLE)
        with scope(Role.WORKER):
            for key_scope in (KeyScope.RECORDS, KeyScope.LOG):
                person_keys(people, key_scope)
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("VACUUM ANALYZE")

    def by_rows(self, measure: Callable[[], float]) -> float:
        """The measure with a source that only hands on rows."""
        with scope(Role.WORKER):
            before = Source.objects.get(pk=self._source).settings
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("UPDATE datasources_source SET settings = %s", [Jsonb({**before, "plain_rows": True})])
            try:
                return measure()
            finally:
                connection.execute("UPDATE datasources_source SET settings = %s", [Jsonb(before)])

    def pipe(self) -> float:
        """Seconds of the floor: the same rows from database to database, in binary, in writes of 256 KiB."""
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("TRUNCATE bench_pipe")
        columns = ", ".join(self._columns)
        began = perf_counter()
        with (
            psycopg.connect(self._portal.server.url(self._name)) as source,
            psycopg.connect(self._portal.server.url(DATABASE)) as target,
            source.cursor().copy(_OUT.format(columns=columns).encode()) as outward,
            target.cursor().copy("COPY bench_pipe FROM STDIN (FORMAT binary)") as inward,
        ):
            block = bytearray()
            for row in outward:
                block += row
                if len(block) >= _BLOCK:
                    inward.write(block)
                    block = bytearray()
            inward.write(block)
        return perf_counter() - began

    def first(self) -> float:
        """Seconds of a pull when nothing is held."""
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("TRUNCATE datasources_sheet")
        seconds, pull = self._pull()
        assert (pull.changed, pull.unchanged) == (self._sheets, 0), pull.error
        return seconds

    def unchanged(self) -> float:
        """Seconds of a pull when everything is held and nothing is new."""
        seconds, pull = self._pull()
        assert (pull.changed, pull.unchanged) == (0, self._sheets), pull.error
        return seconds

    def after_changes(self, share: float) -> float:
        """Seconds of a pull when something about this share of the people has changed in every dataset."""
        people = round(self._people * share)
        with psycopg.connect(self._portal.server.url(self._name), autocommit=True) as source:
            source.execute("UPDATE application SET urgent = NOT urgent WHERE id <= %s", [people])
        seconds, pull = self._pull()
        assert pull.changed == people * len(self._datasets), pull.error
        return seconds

    def _pull(self) -> tuple[float, Pull]:
        at = _NIGHT + timedelta(days=next(self._nights))
        began = perf_counter()
        pull = pull_source(self._source, kind=PullKind.NIGHTLY, by=_BY, at=at)
        seconds = perf_counter() - began
        assert (pull.state, pull.rows_read) == (PullState.DONE, self._rows * len(self._datasets)), pull.error
        return seconds, pull

    def peak_mib(self) -> float:
        """Memory of a process that pulls everything for the first time, Django and all, in MiB."""
        argv = [sys.executable, "-c", _PULL_ALONE, str(self._source), _NIGHT.isoformat()]
        done = subprocess.run(argv, cwd=ROOT, env=self._portal.environment, check=True, capture_output=True, text=True)
        rows_read, changed, kilobytes = map(int, done.stdout.split())
        assert (rows_read, changed) == (self._rows, self._sheets)
        return kilobytes / 1024
