"""What a grown PostgreSQL database holds: own types, arrays, ranges, hundreds of tables; what is never asked for."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import Drifted
from datasources.protocol import Limits
from tests.datasources.conftest import City

CODES = ("010190-999X", "020202A999B")
SCHEMA = """
CREATE SCHEMA odd;
CREATE TYPE odd.day_part AS ENUM ('morning', 'day', 'evening');
CREATE TYPE odd.clock_range AS RANGE (subtype = time);
CREATE TABLE odd.guardian (id int PRIMARY KEY, code text NOT NULL);
CREATE TABLE odd.child (id int PRIMARY KEY, guardian_id int NOT NULL, name text);
CREATE TABLE odd.care (
    id int PRIMARY KEY, child_id int NOT NULL, parts odd.day_part[], parts_none odd.day_part[], period daterange,
    open_ended daterange, weeks int4multirange, hours odd.clock_range, form jsonb, number bigint, cents int,
    price numeric(20, 10), wall timestamp, moment timestamptz, matrix int[][], flags boolean[], photo bytea NOT NULL,
    secret text NOT NULL
);
INSERT INTO odd.guardian VALUES (1, '010190-999X'), (2, '020202A999B');
INSERT INTO odd.child VALUES (1, 1, 'Åsa "A"'), (2, 1, E'back\\\\slash'), (3, 2, NULL);
INSERT INTO odd.care
SELECT n, 1 + n % 3, '{morning,evening}', '{}', '[2026-01-01,2026-02-01)', '[2026-01-01,)', '{[1,3),[5,7)}',
       odd.clock_range('08:00', '16:30'), '{"b": [1, null, {"c": "é"}], "a": 1.10}', 9223372036854775807, -1,
       0.1000000000, '2026-03-29 03:30:00', '2026-03-29 03:30:00+03', '{{1,2},{3,4}}', '{t,f,NULL}',
       '\\xdeadbeef', 'shh'
FROM generate_series(1, 6) AS n;
GRANT USAGE ON SCHEMA odd TO {reader};
GRANT SELECT ON odd.guardian, odd.child TO {reader};
GRANT SELECT (id, child_id, parts, parts_none, period, open_ended, weeks, hours, form, number, cents, price, wall,
              moment, matrix, flags) ON odd.care TO {reader};
DO $$ BEGIN
    FOR n IN 1..400 LOOP EXECUTE format('CREATE TABLE odd.table_%s (id int, code text)', n); END LOOP;
END $$;
"""
COLUMNS = (
    *("parts", "parts_none", "period", "open_ended", "weeks", "hours", "form", "number", "cents", "price", "wall"),
    *("moment", "matrix", "flags"),
)
MAPPING: dict[str, Any] = {
    "care": {
        "table": "odd.care",
        # A child's care, through the guardian.
        "joins": [
            {"table": "odd.child", "left": "odd.care.child_id", "right": "odd.child.id"},
            {"table": "odd.guardian", "left": "odd.child.guardian_id", "right": "odd.guardian.id"},
        ],
        "key": "odd.guardian.code",
        "order": ["odd.care.id"],
        "columns": {name: f"odd.care.{name}" for name in COLUMNS} | {"child": "odd.child.name"},
    }
}


@pytest.fixture(scope="module")
def odd(running_departments: City) -> Iterator[City]:
    reader = running_departments.departments.sources["early-education"]["settings"]["url"].split("//")[1].split("@")[0]
    database = running_departments.early_education
    database.execute(SCHEMA.replace("{reader}", reader.split(":")[0]))
    yield running_departments
    database.execute("DROP SCHEMA odd CASCADE")


def connector(odd: City, mapping: dict[str, Any] = MAPPING) -> Any:
    reach = odd.departments.sources["early-education"]
    return closing(SqlConnector(reach["settings"], reach.get("secrets", {}), mapping, Limits.within(20.0)))


def first_row(body: bytes) -> dict[str, Any]:
    told = json.loads(body)
    names = [name.rpartition(".")[2] for name in told["columns"]]
    return dict(zip(names, (column[0] for column in told["values"]), strict=True))


def test_every_type_is_kept_as_the_database_tells_it(odd: City) -> None:
    with connector(odd) as opened:
        found = {holding.key: holding for holding in opened.everyone("care")}
    assert {key: holding.row_count for key, holding in found.items()} == {CODES[0]: 4, CODES[1]: 2}
    row = first_row(found[CODES[1]].body)
    assert row == {
        "parts": ["morning", "evening"],
        "parts_none": [],
        "period": "[2026-01-01,2026-02-01)",
        "open_ended": "[2026-01-01,)",
        "weeks": "{[1,3),[5,7)}",
        "hours": "[08:00:00,16:30:00)",
        "form": {"a": 1.10, "b": [1, None, {"c": "é"}]},
        "number": 9223372036854775807,
        "cents": -1,
        "price": 0.1,
        "wall": "2026-03-29T03:30:00",
        "moment": "2026-03-29T00:30:00+00:00",
        "matrix": [[1, 2], [3, 4]],
        "flags": [True, False, None],
        "name": None,
    }
    # To the last digit, before any program makes a number of it.
    assert b"9223372036854775807" in found[CODES[1]].body
    assert b"0.1000000000" in found[CODES[1]].body


def test_asked_alone_it_is_the_same_to_the_byte(odd: City) -> None:
    with connector(odd) as opened:
        among_all = {holding.key: holding.body for holding in opened.everyone("care")}
        assert {code: opened.one("care", code)[0].body for code in CODES} == among_all


def test_what_is_not_mapped_is_never_selected(odd: City) -> None:
    # The reader may not even look at them: any query that named them would fail.
    with connector(odd) as opened:
        bodies = b"".join(holding.body for holding in opened.everyone("care"))
    assert b"photo" not in bodies
    assert b"shh" not in bodies


def test_a_type_that_changed_its_words_is_no_drift_and_a_column_that_is_gone_is(odd: City) -> None:
    database = odd.early_education
    database.execute("ALTER TYPE odd.day_part RENAME VALUE 'day' TO 'noon'")
    with connector(odd) as opened:
        assert len(list(opened.everyone("care"))) == 2
    gone = {"care": MAPPING["care"] | {"columns": {"parts": "odd.care.piece"}}}
    with connector(odd, gone) as opened, pytest.raises(Drifted, match=r"odd\.care\.piece"):
        list(opened.everyone("care"))


def test_rows_are_put_together_by_what_stands_for_the_code_only_where_the_database_vouches_for_it(odd: City) -> None:
    """A code that two rows of its table may have would come twice, each time with half of what there is."""

    def told() -> dict[str, tuple[bytes, int]]:
        with connector(odd) as open_one:
            holdings = list(open_one.everyone("care"))
            for holding in holdings:
                assert open_one.one("care", holding.key) == [holding]
        assert len({holding.key for holding in holdings}) == len(holdings)
        return {holding.key: (holding.body, holding.row_count) for holding in holdings}

    database = odd.early_education
    nobody_vouches = told()
    assert sorted(nobody_vouches) == sorted(CODES)
    database.execute("CREATE UNIQUE INDEX vouched ON odd.guardian (code)")
    try:
        assert told() == nobody_vouches
        # A row whose guardian is not there is nobody's.
        database.execute("UPDATE odd.child SET guardian_id = 77 WHERE id = 3")
        assert told().keys() == {CODES[0]}
    finally:
        database.execute("UPDATE odd.child SET guardian_id = 2 WHERE id = 3; DROP INDEX odd.vouched")
    database.execute("CREATE UNIQUE INDEX of_some ON odd.guardian (code) WHERE id > 2")
    database.execute("UPDATE odd.guardian SET code = %s WHERE id = 2", [CODES[0]])
    try:
        assert {key: count for key, (_, count) in told().items()} == {CODES[0]: 6}
    finally:
        database.execute("UPDATE odd.guardian SET code = %s WHERE id = 2", [CODES[1]])
        database.execute("DROP INDEX odd.of_some")
