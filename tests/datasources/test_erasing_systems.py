"""Erasing in a department's system: only what is declared, rehearsed without a trace, once."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from datasources.connectors.rest.connector import RestConnector
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import Declined, Drifted, MisSet, Refused
from datasources.protocol import Limits
from tests.datasources.gdpr_service import AINO, CODE, GdprService, connector, introduced
from tests.datasources.misbehaving import Desk, DeskServer, Request, served
from tests.servers import drop_database, fresh_name, server

AINO_CODE, OTHER = "010190-999X", "020202A999B"
MAPPING = {"loans": {"table": "loan", "key": "loan.hetu", "columns": {"title": "loan.title"}}}
ERASING = {
    "loans": [
        {"table": "fee", "column": "loan_id", "through": {"table": "loan", "key": "hetu", "column": "id"}},
        {"table": "loan", "column": "hetu"},
        {"table": "visit", "column": "hetu", "clear": ["place", "note"]},
    ]
}
TABLES = f"""
CREATE TABLE loan (id int PRIMARY KEY, hetu text, title text);
CREATE TABLE fee (loan_id int, cents int);
CREATE TABLE visit (hetu text, place text, note text);
INSERT INTO loan VALUES (1, '{AINO_CODE}', 'A'), (2, '{AINO_CODE}', 'B'), (3, '{OTHER}', 'C');
INSERT INTO fee VALUES (1, 50), (3, 70);
INSERT INTO visit VALUES ('{AINO_CODE}', 'Hall', 'x'), ('{OTHER}', 'Hall', 'y');
"""
COUNTS = "SELECT (SELECT count(*) FROM loan), (SELECT count(*) FROM fee), (SELECT count(place) FROM visit)"


@pytest.fixture
def department() -> Iterator[psycopg.Connection]:
    database = fresh_name()
    with server().connect() as opened:
        opened.execute(f'CREATE DATABASE "{database}"')
    with server().connect(database) as opened:
        opened.execute(TABLES)
        yield opened
    drop_database(database)


def sql(department: psycopg.Connection, **settings: Any) -> SqlConnector:
    socket, database = server().socket_folder, department.info.dbname
    url = f"postgresql+psycopg://{department.info.user}@/{database}?host={socket}"
    return SqlConnector({"url": url, **settings}, {}, MAPPING, Limits.within(5))


def counts(department: psycopg.Connection) -> tuple[int, ...]:
    return tuple(department.execute(COUNTS).fetchone() or ())


def test_a_database_rehearses_without_a_trace_and_erases_what_is_declared_once(department: psycopg.Connection) -> None:
    system = sql(department, erasing=json.dumps(ERASING))
    assert system.can_erase(["loans"]) is True
    assert (system.rehearse_erasure(["loans"], AINO_CODE), counts(department)) == (4, (3, 2, 2))
    assert (system.erase_records(["loans"], AINO_CODE, reference="r"), counts(department)) == (4, (1, 1, 1))
    assert system.rehearse_erasure(["loans"], AINO_CODE) == 0
    assert system.erase_records(["loans"], AINO_CODE, reference="r") == 0


def test_nothing_can_be_erased_that_is_not_declared(department: psycopg.Connection) -> None:
    assert sql(department).can_erase(["loans"]) is False
    assert sql(department, erasing=json.dumps(ERASING)).can_erase(["loans", "cards"]) is False
    assert sql(department, erasing=json.dumps(ERASING)).can_erase([]) is False


@pytest.mark.parametrize(
    "step",
    [
        {"table": "loan; DROP TABLE fee", "column": "hetu"},
        {"table": "loan", "column": "hetu = '' OR true --"},
        {"table": "loan", "column": "hetu", "clear": ["title = 'x' --"]},
        {"table": "loan", "column": "hetu", "where": "true"},
    ],
)
def test_a_declaration_names_tables_and_columns_and_nothing_else(
    step: dict[str, Any], department: psycopg.Connection
) -> None:
    with pytest.raises(MisSet):
        sql(department, erasing=json.dumps({"loans": [step]}))


def test_a_step_that_fails_leaves_every_row(department: psycopg.Connection) -> None:
    steps = [{"table": "loan", "column": "hetu"}, {"table": "gone", "column": "hetu"}]
    system = sql(department, erasing=json.dumps({"loans": steps}))
    with pytest.raises(Exception, match="no longer has a table") as found:
        system.erase_records(["loans"], AINO_CODE, reference="r")
    assert (counts(department), AINO_CODE in str(found.value)) == ((3, 2, 2), False)


def test_reading_stays_reading(department: psycopg.Connection) -> None:
    """Only the erasure's own connection may write."""
    system = sql(department, erasing=json.dumps(ERASING))
    with pytest.raises(Exception, match="read-only"), system._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM loan")


def test_a_database_in_a_file_erases_too(tmp_path: Path) -> None:
    path = tmp_path / "loans.sqlite"
    with sqlite3.connect(path) as opened:
        opened.executescript(TABLES)
    told = {"url": f"sqlite:///{path}", "erasing": json.dumps(ERASING)}
    system = SqlConnector(told, {}, MAPPING, Limits.within(5))
    assert system.rehearse_erasure(["loans"], AINO_CODE) == 4
    assert system.erase_records(["loans"], AINO_CODE, reference="r") == 4
    assert system.rehearse_erasure(["loans"], AINO_CODE) == 0


class Erasing(DeskServer):
    """A web interface that erases by POST, once for each Idempotency-Key, and tells how many rows it took."""

    def __init__(self) -> None:
        super().__init__()
        self.held = {AINO_CODE: 3, OTHER: 1}
        self.refuses = False
        self.done: set[str] = set()

    def answer(self, desk: Desk, request: Request) -> None:
        code = json.loads(request.body)["code"]
        if not request.path.startswith("/api/erasure"):
            desk.say(404, {"error": "no such page"})
        elif self.refuses:
            message = {"fi": "Laina on palauttamatta", "sv": "Ett lån är kvar", "en": "A loan is out"}
            desk.say(409, {"errors": [{"code": "LOAN", "message": message}]})
        elif code not in self.held:
            desk.say(404, {"rows": 0})
        else:
            rows = self.held[code]
            if request.path == "/api/erasure":
                self.held.pop(code)
            desk.say(200, {"rows": rows})


@pytest.fixture
def interface() -> Iterator[Erasing]:
    with served(Erasing()) as running:
        yield running


def rest(interface: Erasing, **settings: Any) -> RestConnector:
    mapping = {"loans": {"listing": "loans", "key": "code", "columns": {"title": "title"}}}
    told = {"url": f"http://127.0.0.1:{interface.port}/api", "auth": "none", **settings}
    return RestConnector(told, {}, mapping, Limits.within(5))


def test_a_web_interface_is_asked_with_the_code_in_the_body_only(interface: Erasing) -> None:
    system = rest(interface, erase_path="erasure", rehearse_path="erasure/rehearsal")
    assert (system.can_erase(["loans"]), rest(interface).can_erase(["loans"])) == (True, False)
    assert system.rehearse_erasure(["loans"], AINO_CODE) == 3
    assert system.erase_records(["loans"], AINO_CODE, reference="ref-1") == 3
    assert system.rehearse_erasure(["loans"], AINO_CODE) == 0
    assert [AINO_CODE in f"{request.path}{request.query}" for request in interface.seen] == [False] * 3
    assert [request.headers.get("idempotency-key") for request in interface.seen] == [None, "ref-1", None]


def test_a_web_interface_that_refuses_says_why_in_three_languages(interface: Erasing) -> None:
    interface.refuses = True
    with pytest.raises(Declined) as found:
        rest(interface, erase_path="erasure").erase_records(["loans"], AINO_CODE, reference="r")
    [reason] = found.value.reasons
    assert (reason.code, reason.fi, reason.sv) == ("LOAN", "Laina on palauttamatta", "Ett lån är kvar")
    # The words may tell something about the person: they stand in no message.
    assert "palauttamatta" not in str(found.value)


def test_a_path_that_is_not_there_does_not_pass_for_nothing_held(interface: Erasing) -> None:
    system = rest(interface, erase_path="remove", rehearse_path="rehearsal")
    with pytest.raises(Drifted, match="no such path"):
        system.rehearse_erasure(["loans"], AINO_CODE)
    with pytest.raises(Drifted, match="no such path"):
        system.erase_records(["loans"], AINO_CODE, reference="r")


def test_without_a_rehearsal_nobody_can_tell_beforehand(interface: Erasing) -> None:
    assert rest(interface, erase_path="erasure").rehearse_erasure(["loans"], AINO_CODE) is None
    assert interface.seen == []


def test_a_gdpr_api_erases_only_where_its_settings_say_so_and_whole() -> None:
    with served(GdprService()) as service:
        system, off = introduced(service, erases=True), connector(service)
        datasets = list(system._mapping)
        assert (system.can_erase(datasets), off.can_erase(datasets), system.can_erase([])) == (True, False, False)
        assert system.erase_records(datasets, CODE, reference="r") is None
        assert str(AINO) not in service.trees


def test_a_refused_token_is_no_reason_of_the_system() -> None:
    with served(GdprService()) as service:
        service.says = (403, {})
        with pytest.raises(Refused):
            introduced(service, erases=True).rehearse_erasure(["orders"], CODE)
