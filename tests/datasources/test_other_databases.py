"""Databases other than PostgreSQL: read only, in time, row by row, with the types they have."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from datasources.connectors.ahead import read_ahead
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import Drifted, Garbled, MisSet, Refused, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.mariadb import MariaDb

CODES = ("010190-999X", "020202A999B", "030303A999C")
SCHEMA = (
    "CREATE TABLE customer (id int PRIMARY KEY, code varchar(11) NOT NULL, name varchar(40) NOT NULL)",
    """CREATE TABLE loan (
        id int PRIMARY KEY, customer_id int NOT NULL, title varchar(40) NOT NULL, cents bigint, price decimal(12,2),
        lent_at datetime, due date, told boolean, note text, updated_at datetime NOT NULL
    )""",
    "INSERT INTO customer VALUES (1, '010190-999X', 'Åsa'), (2, '020202A999B', 'B'), (3, '030303A999C', 'C')",
)
LOAN = """
INSERT INTO loan VALUES (
    {id}, {whose}, 'Kirja {id}', 9007199254740993, 12.50, '2026-03-29 03:30:00', '2026-04-01', {told}, NULL,
    '2026-01-0{id} 10:00:00'
)
"""
COLUMNS = ("title", "cents", "price", "lent_at", "due", "told", "note")
MAPPING: dict[str, Any] = {
    "loans": {
        "table": "loan",
        "joins": [{"table": "customer", "left": "loan.customer_id", "right": "customer.id"}],
        "key": "customer.code",
        "order": ["loan.id"],
        "watermark": "loan.updated_at",
        "columns": {name: f"loan.{name}" for name in COLUMNS},
    }
}


@dataclass(frozen=True)
class Database:
    """Where it is; `run` changes it from outside."""

    url: str
    run: Any
    slow: str


def _fill(run: Any) -> None:
    for statement in SCHEMA:
        run(statement)
    for number, whose in ((1, 1), (2, 1), (3, 2)):
        run(LOAN.format(id=number, whose=whose, told=number % 2))


@pytest.fixture
def in_mariadb(maria: MariaDb) -> Iterator[Database]:
    with closing(maria.connect()) as root, root.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE DATABASE city CHARACTER SET utf8mb4")
        cursor.execute("CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'r'")
        # It may write: that it does not is the connector's doing.
        cursor.execute("GRANT ALL ON city.* TO reader@'127.0.0.1'")
        cursor.execute("USE city")
        _fill(cursor.execute)
        slow = "CREATE OR REPLACE VIEW slow_loan AS SELECT *, sleep(3) AS asleep FROM loan"
        yield Database(f"mysql+pymysql://reader:r@127.0.0.1:{maria.port}/city?charset=utf8mb4", cursor.execute, slow)


@pytest.fixture
def in_sqlite(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "city.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as opened:
        _fill(opened.execute)
        slow = (
            "CREATE VIEW slow_loan AS SELECT *, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 100000000) SELECT max(i) FROM n) AS asleep FROM loan"
        )
        yield Database(f"sqlite:///{path}", opened.execute, slow)


@pytest.fixture(params=["in_mariadb", "in_sqlite"])
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


def connector(database: Database, mapping: dict[str, Any] | None = None, *, limits: Limits | None = None) -> Any:
    return closing(SqlConnector({"url": database.url}, {}, mapping or MAPPING, limits or Limits.within(10.0)))


def told(holding: Any) -> dict[str, list[Any]]:
    body = json.loads(holding.body)
    return {name.removeprefix("loan."): column for name, column in zip(body["columns"], body["values"], strict=True)}


def test_everyone_is_read_each_once_with_their_rows(database: Database) -> None:
    with connector(database) as opened:
        found = {holding.key: told(holding)["title"] for holding in opened.everyone("loans")}
    assert found == {CODES[0]: ["Kirja 1", "Kirja 2"], CODES[1]: ["Kirja 3"]}


def test_the_types_of_a_database_are_kept_to_the_last_digit(database: Database) -> None:
    with connector(database) as opened:
        (holding,) = opened.one("loans", CODES[1])
    values = {name: column[0] for name, column in told(holding).items()}
    assert values["cents"] == 9007199254740993
    assert float(values["price"]) == 12.5
    assert str(values["lent_at"]).replace("T", " ").startswith("2026-03-29 03:30:00")
    assert values["due"] == "2026-04-01"
    assert (int(values["told"]), values["note"]) == (1, None)


def test_asked_alone_or_among_all_somebody_is_the_same(database: Database) -> None:
    with connector(database) as opened:
        among_all = {holding.key: holding.body for holding in opened.everyone("loans")}
        alone = {code: [holding.body for holding in opened.one("loans", code)] for code in CODES}
    assert alone == {code: [among_all[code]] if code in among_all else [] for code in CODES}


def test_a_reading_by_another_thread_leaves_the_connection_good(database: Database) -> None:
    with connector(database) as opened:
        opened.one("loans", CODES[0])
        with opened.parts("loans") as parts, read_ahead(parts) as ahead:
            assert len(list(ahead)) == 2
        assert len(opened.one("loans", CODES[0])) == 1


def test_from_a_watermark_on_only_those_are_read_of_whom_a_row_is_newer(database: Database) -> None:
    with connector(database) as opened:
        assert opened.newest("loans").startswith("2026-01-03 10:00:00")
        with opened.parts("loans", since="2026-01-02 23:00:00") as parts:
            assert [holding.key for part in parts for holding in part] == [CODES[1]]


def test_nothing_is_written_though_the_reader_might(database: Database) -> None:
    with connector(database) as opened, opened._engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("DELETE FROM loan"))


def test_a_reading_ends_in_time(database: Database) -> None:
    database.run(database.slow)
    shape = MAPPING["loans"] | {
        "table": "slow_loan",
        "order": [],
        "watermark": "",
        "columns": {"a": "slow_loan.asleep"},
    }
    shape["joins"] = [{"table": "customer", "left": "slow_loan.customer_id", "right": "customer.id"}]
    mapping = {"loans": shape}
    began = time.monotonic()
    with connector(database, mapping, limits=Limits.within(1.0)) as opened, pytest.raises(TooSlow):
        list(opened.everyone("loans"))
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("change", "gone"),
    [("ALTER TABLE loan DROP COLUMN cents", "loan.cents"), ("DROP TABLE loan", "loan.")],
)
def test_what_is_gone_is_named(change: str, gone: str, database: Database) -> None:
    database.run(change)
    with connector(database) as opened, pytest.raises(Drifted, match=gone):
        list(opened.everyone("loans"))


def test_a_wrong_password_is_refused(in_mariadb: Database) -> None:
    wrong = Database(in_mariadb.url.replace(":r@", ":wrong@"), None, "")
    with connector(wrong) as opened, pytest.raises(Refused, match="does not let the portal in") as refused:
        list(opened.everyone("loans"))
    assert "wrong" not in str(refused.value)


def test_a_server_that_is_away_is_told(in_mariadb: Database) -> None:
    away = Database("mysql+pymysql://reader:r@127.0.0.1:1/city", None, "")
    with connector(away) as opened, pytest.raises(Unreachable, match="does not answer"):
        list(opened.everyone("loans"))


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="not there"):
        SqlConnector({"url": f"sqlite:///{tmp_path}/none.db"}, {}, MAPPING, Limits())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.db").write_text("<html>" * 1000)
    page = Database(f"sqlite:///{tmp_path}/page.db", None, "")
    with connector(page) as opened, pytest.raises(Garbled, match="is none"):
        list(opened.everyone("loans"))


@pytest.mark.parametrize(
    "word", ["local_infile=1", "unix_socket=/s", "read_default_file=/etc/passwd", "hostaddr=10.0.0.1"]
)
def test_a_word_that_leads_past_the_check_is_refused(word: str) -> None:
    with pytest.raises(MisSet, match="a word that is not let"):
        SqlConnector({"url": f"mysql+pymysql://a@127.0.0.1/b?{word}"}, {}, MAPPING, Limits())


@pytest.mark.parametrize("url", ["nonsense", "mysql+nodriver://a@127.0.0.1/b", "", "postgresql+psycopg://[::1"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(MisSet, match="address of the database"):
        SqlConnector({"url": url}, {}, MAPPING, Limits())
