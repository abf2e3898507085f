"""Statements for databases of which no server is at hand: compiled by their dialects, and looked at."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

from datasources.connectors.sql import licensed
from datasources.connectors.sql.manners import told
from datasources.connectors.sql.offering import few
from datasources.connectors.sql.shape import Shape, Statements
from datasources.errors import Drifted, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits

SHAPE = Shape(
    table="city.loan",
    joins=[{"table": "city.customer", "left": "city.loan.customer_id", "right": "city.customer.id"}],
    key="city.customer.code",
    order=["city.loan.id"],
    columns={"title": "city.loan.title"},
    watermark="city.loan.updated_at",
)
FROM = "city.loan LEFT OUTER JOIN city.customer ON city.loan.customer_id = city.customer.id"
DIALECTS: dict[str, Any] = {
    "oracle": oracle.dialect(),  # type: ignore[no-untyped-call]
    "mssql": mssql.dialect(),  # type: ignore[no-untyped-call]
    "mysql": mysql.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
    "sqlite": sqlite.dialect(),
}


def written(statement: sa.Select[Any], dialect: str) -> str:
    return " ".join(str(statement.compile(dialect=DIALECTS[dialect])).split())


@pytest.mark.parametrize(
    ("dialect", "order"),
    [
        ("oracle", "NLSSORT(city.customer.code, 'NLS_SORT=BINARY')"),
        ("mssql", "CAST(city.customer.code AS VARBINARY(200))"),
        ("mysql", "CAST(city.customer.code AS BINARY)"),
        ("postgresql", "CAST(city.customer.code AS BYTEA)"),
        ("sqlite", "CAST(city.customer.code AS BLOB)"),
    ],
)
def test_rows_come_person_by_person_by_the_bytes_of_the_code(dialect: str, order: str) -> None:
    statements = Statements(SHAPE)
    sql = written(statements.rows(statements.whose(None)), dialect)
    assert sql == (
        f"SELECT city.customer.code, city.loan.title FROM {FROM} WHERE city.customer.code IS NOT NULL "
        f"ORDER BY {order}, city.loan.id"
    )


@pytest.mark.parametrize(("dialect", "parameter"), [("oracle", ":code"), ("mssql", ":code")])
def test_one_person_is_asked_about_by_a_parameter_and_never_in_the_text(dialect: str, parameter: str) -> None:
    statements = Statements(SHAPE)
    statement = statements.rows(statements.whose("010190-999X"))
    compiled = statement.compile(dialect=DIALECTS[dialect])
    assert "010190-999X" not in str(compiled)
    assert list(compiled.params.values()) == ["010190-999X"]
    assert f"WHERE city.customer.code = {parameter}" in " ".join(str(compiled).split()).replace(":code_1", ":code")


@pytest.mark.parametrize(
    ("dialect", "newest"),
    [
        ("oracle", f"SELECT CAST(max(city.loan.updated_at) AS VARCHAR2(60 CHAR)) AS max_1 FROM {FROM}"),
        ("mssql", f"SELECT CAST(max(city.loan.updated_at) AS VARCHAR(60)) AS max_1 FROM {FROM}"),
    ],
)
def test_the_newest_watermark_is_asked_as_text(dialect: str, newest: str) -> None:
    assert written(Statements(SHAPE).newest, dialect) == newest


@pytest.mark.parametrize("dialect", ["oracle", "mssql"])
def test_whoever_changed_is_asked_by_a_watermark(dialect: str) -> None:
    statements = Statements(SHAPE)
    compiled = statements.rows(statements.changed("2026-11-01 10:00:00")).compile(dialect=DIALECTS[dialect])
    assert "city.loan.updated_at >=" in str(compiled)
    assert list(compiled.params.values()) == ["2026-11-01 10:00:00"]


@pytest.mark.parametrize(
    ("dialect", "bound"), [("oracle", "FETCH FIRST"), ("mssql", "SELECT TOP"), ("mysql", "LIMIT"), ("sqlite", "LIMIT")]
)
def test_a_look_is_bounded_by_the_database(dialect: str, bound: str) -> None:
    assert bound in written(few(SHAPE, DIALECTS[dialect]), dialect)


def test_the_driver_that_is_meant_connects_to_the_address_that_was_looked_at() -> None:
    url = licensed.url_of(sa.make_url("oracle://reader@db.example/?service_name=city"), ["203.0.113.7"])
    assert (url.drivername, url.host) == ("oracle+oracledb", "203.0.113.7")
    assert licensed.url_of(sa.make_url("mssql://reader@db.example/city"), ["203.0.113.7"]).drivername == "mssql+pymssql"
    limits = Limits(connect=10, answer=60, statement=1800)
    assert licensed.arguments_of("oracle", limits) == {"tcp_connect_timeout": 10}
    assert licensed.arguments_of("mssql", limits) == {"login_timeout": 10, "timeout": 1800}


class OracleError:
    """As oracledb has it: an object with the whole code."""

    def __init__(self, full_code: str) -> None:
        self.full_code = full_code


@pytest.mark.parametrize(
    ("first", "fault"),
    [
        (OracleError("ORA-00942"), Drifted),
        (OracleError("ORA-00904"), Drifted),
        (OracleError("ORA-01017"), Refused),
        (OracleError("DPY-4024"), TooSlow),
        (OracleError("DPY-6005"), Unreachable),
        (208, Drifted),
        (18456, Refused),
        ((18456, b"Login failed"), Refused),
        (20003, TooSlow),
        ((20009, b"Unable to connect"), Unreachable),
    ],
)
def test_what_the_servers_count_faults_by_is_a_sentence(first: object, fault: type[SourceFault]) -> None:
    assert type(told(Exception(first))) is fault
