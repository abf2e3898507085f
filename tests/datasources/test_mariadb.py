"""What only MariaDB and MySQL do: moments in UTC, capitals that do not matter, certificates of a name."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datasources.connectors.sql.connector import SqlConnector
from datasources.enums import FieldType
from datasources.errors import MisSet, Refused, SourceFault
from datasources.protocol import Limits
from datasources.rules.showing import FieldSpec, records_of
from tests.datasources.certificates import Authority, Pair
from tests.datasources.test_addresses import named
from tests.datasources.test_other_databases import CODES, Database, connector, in_mariadb, told

__all__ = ["in_mariadb"]
AUTHORITY, STRANGER = Authority("the city"), Authority("a stranger")
VISITS = {"visits": {"table": "visit", "key": "visit.code", "order": ["visit.n"], "columns": {"at": "visit.at"}}}


def _shown(body: bytes) -> list[Any]:
    records = records_of(body, VISITS["visits"], [FieldSpec("at", "At", FieldType.MOMENT)], language="en")
    return [record.values[0].text.replace("\N{NO-BREAK SPACE}", " ") for record in records]


@pytest.mark.parametrize(("kind", "wall"), [("timestamp", "13.30"), ("datetime", "10.30")])
def test_a_timestamp_is_a_moment_and_a_datetime_the_clock_on_the_wall(
    kind: str, wall: str, in_mariadb: Database
) -> None:
    in_mariadb.run("SET SESSION time_zone = '+00:00'")
    in_mariadb.run(f"CREATE TABLE visit (n int, code varchar(11), at {kind} NULL)")
    in_mariadb.run(f"INSERT INTO visit VALUES (1, '{CODES[0]}', '2026-07-01 10:30:00'), (2, '{CODES[0]}', NULL)")
    with connector(in_mariadb, VISITS) as opened:
        (among_all,) = opened.everyone("visits")
        (alone,) = opened.one("visits", CODES[0])
    assert among_all.body == alone.body
    assert f"1 July 2026 at {wall}" in _shown(alone.body)
    assert json.loads(alone.body)["values"][0][1] is None


def test_both_sides_of_the_hour_that_comes_twice_are_told_apart(in_mariadb: Database) -> None:
    in_mariadb.run("SET SESSION time_zone = '+00:00'")
    in_mariadb.run("CREATE TABLE visit (n int, code varchar(11), at timestamp NULL)")
    for n, hour in ((1, "00"), (2, "01")):
        in_mariadb.run(f"INSERT INTO visit VALUES ({n}, '{CODES[0]}', '2026-10-25 {hour}:30:00')")
    with connector(in_mariadb, VISITS) as opened:
        (holding,) = opened.one("visits", CODES[0])
    moments = [datetime.fromisoformat(value) for value in json.loads(holding.body)["values"][0]]
    assert moments == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_rows_of_one_way_to_write_a_code_stay_together(in_mariadb: Database) -> None:
    in_mariadb.run("CREATE TABLE visit (n int, code varchar(11) COLLATE utf8mb4_general_ci, at int)")
    for n in range(6):
        code = CODES[0] if n % 2 else CODES[0].lower()
        in_mariadb.run(f"INSERT INTO visit VALUES ({n}, '{code}', {n})")
    mapping = {"visits": VISITS["visits"] | {"order": ["visit.n"]}}
    with connector(in_mariadb, mapping) as opened:
        found = [(holding.key, told(holding)["visit.at"]) for holding in opened.everyone("visits")]
    assert found == [(CODES[0], [1, 3, 5]), (CODES[0].lower(), [0, 2, 4])]


class Greeting:
    """A port that greets as MariaDB does, goes over to TLS when that is asked for, and then lets nobody in.

    `heard`: what came inside TLS, or without it (MySQL documentation, connection phase).
    """

    _TLS, _PROTOCOL_41, _PLUGINS, _SECURE = 1 << 11, 1 << 9, 1 << 19, 1 << 15

    def __init__(self, own: Pair | None, folder: Path) -> None:
        self._own, self.heard = own, b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        if own:
            (folder / "certificate").write_text(own.certificate)
            (folder / "key").write_text(own.key)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(folder / "certificate", folder / "key")
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                with self.socket.accept()[0] as met, suppress(OSError):
                    met.settimeout(5)
                    self._greet(met)

    def _greet(self, met: socket.socket) -> None:
        able = self._PROTOCOL_41 | self._PLUGINS | self._SECURE | (self._TLS if self._own else 0)
        low, high = able & 0xFFFF, able >> 16
        salt = b"12345678", b"123456789012\0"
        told = (
            b"\x0a10.11.0-MariaDB\0" + struct.pack("<I", 7) + salt[0] + b"\0" + struct.pack("<HBHH", low, 45, 2, high)
        )
        told += bytes([21]) + bytes(10) + salt[1] + b"mysql_native_password\0"
        met.sendall(struct.pack("<I", len(told))[:3] + b"\0" + told)
        # A request for TLS is the first 32 bytes of a login.
        first = met.recv(4 + 32)
        if self._own and len(first) == 4 + 32 and first[0] == 32:
            with self._context.wrap_socket(met, server_side=True) as inside:
                self._refuse(inside, first=b"")
        else:
            self._refuse(met, first=first)

    def _refuse(self, met: socket.socket, *, first: bytes) -> None:
        self.heard += first + met.recv(4096)
        told = b"\xff" + struct.pack("<H", 1045) + b"#28000No"
        met.sendall(struct.pack("<I", len(told))[:3] + b"\x03" + told)


@contextmanager
def greeting(own: Pair | None, folder: Path) -> Iterator[Greeting]:
    port = Greeting(own, folder)
    try:
        yield port
    finally:
        port.socket.close()


def _asked(port: Greeting, words: str, folder: Path, *, host: str = "maria.example") -> None:
    (folder / "ca").write_text(AUTHORITY.certificate)
    url = f"mysql+pymysql://reader:r@{host}:{port.port}/city?{words.replace('CA', str(folder / 'ca'))}"
    with closing(SqlConnector({"url": url}, {}, VISITS, Limits.within(5.0))) as opened:
        opened.one("visits", CODES[0])


class TestCertificates:
    @pytest.fixture(autouse=True)
    def name_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        named(monkeypatch, maria=["127.0.0.1"])

    @pytest.mark.parametrize(
        ("mode", "theirs"),
        [
            ("verify-full&sslrootcert=CA", AUTHORITY.pair("db", address="maria.example")),
            ("verify-ca&sslrootcert=CA", AUTHORITY.pair("db", address="other.example")),
            ("require", STRANGER.pair("db", address="other.example")),
            ("prefer", STRANGER.pair("db", address="other.example")),
        ],
        ids=["full", "ca", "require", "prefer"],
    )
    def test_the_name_is_checked_though_the_connection_leads_to_an_address(
        self, mode: str, theirs: Pair, tmp_path: Path
    ) -> None:
        with greeting(theirs, tmp_path) as port:
            with pytest.raises(Refused, match="does not let the portal in"):
                _asked(port, f"sslmode={mode}", tmp_path)
            assert b"reader" in port.heard

    @pytest.mark.parametrize("mode", ["verify-full&sslrootcert=CA", "verify-full", "verify-full&sslrootcert=system"])
    @pytest.mark.parametrize(
        "theirs",
        [
            AUTHORITY.pair("db", address="other.example"),
            AUTHORITY.pair("db"),
            STRANGER.pair("db", address="maria.example"),
            AUTHORITY.pair("db", address="maria.example", days=-1),
        ],
        ids=["of another name", "of the address", "of a stranger", "of yesterday"],
    )
    def test_another_certificate_than_agreed_is_refused_before_anything_is_sent(
        self, mode: str, theirs: Pair, tmp_path: Path
    ) -> None:
        with greeting(theirs, tmp_path) as port:
            with pytest.raises(Refused, match="another certificate than agreed"):
                _asked(port, f"sslmode={mode}", tmp_path)
            assert port.heard == b""

    @pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
    def test_a_server_without_tls_is_told_nothing_where_tls_is_asked_for(self, mode: str, tmp_path: Path) -> None:
        with greeting(None, tmp_path) as port:
            with pytest.raises(SourceFault, match="offers no TLS"):
                _asked(port, f"sslmode={mode}&sslrootcert=CA", tmp_path)
            assert b"reader" not in port.heard

    @pytest.mark.parametrize(
        "words",
        ["sslmode=full", "sslmode=verify-full&sslrootcert=/etc/no/such", "sslmode=verify-full&sslrootcert=/etc/passwd"],
    )
    def test_words_that_mean_nothing_are_refused(self, words: str, tmp_path: Path) -> None:
        with greeting(None, tmp_path) as port, pytest.raises(MisSet):
            _asked(port, words, tmp_path)


ERASING = {
    "loans": [
        {"table": "fee", "column": "loan_id", "through": {"table": "paid", "key": "code", "column": "loan_id"}},
        {"table": "paid", "column": "code"},
        {"table": "visit", "column": "code", "clear": ["place"]},
    ]
}


def _erasing(database: Database, engine: str = "InnoDB") -> SqlConnector:
    one, other = CODES[:2]
    for statement in (
        f"CREATE TABLE paid (loan_id int, code varchar(11)) ENGINE={engine}",
        "CREATE TABLE fee (loan_id int, cents int)",
        "CREATE TABLE visit (code varchar(11), place varchar(20))",
        f"INSERT INTO paid VALUES (1, '{one}'), (2, '{one}'), (3, '{other}')",
        "INSERT INTO fee VALUES (1, 50), (3, 70)",
        f"INSERT INTO visit VALUES ('{one}', 'Hall'), ('{other}', 'Hall')",
    ):
        database.run(statement)
    return SqlConnector({"url": database.url, "erasing": json.dumps(ERASING)}, {}, VISITS, Limits.within(10.0))


def _left(database: Database) -> list[int]:
    cursor = database.run.__self__
    cursor.execute("SELECT (SELECT count(*) FROM paid), (SELECT count(*) FROM fee), (SELECT count(place) FROM visit)")
    return list(cursor.fetchone())


def test_an_erasure_is_rehearsed_without_a_trace_and_done_once(in_mariadb: Database) -> None:
    system = _erasing(in_mariadb)
    assert (system.rehearse_erasure(["loans"], CODES[0]), _left(in_mariadb)) == (4, [3, 2, 2])
    assert (system.erase_records(["loans"], CODES[0], reference="r"), _left(in_mariadb)) == (4, [1, 1, 1])
    assert system.rehearse_erasure(["loans"], CODES[0]) == 0


@pytest.mark.parametrize("engine", ["MyISAM", "Aria TRANSACTIONAL=0"])
def test_where_nothing_is_taken_back_nothing_is_rehearsed_or_erased(engine: str, in_mariadb: Database) -> None:
    system = _erasing(in_mariadb, engine)
    for erase in (system.rehearse_erasure, lambda *asked: system.erase_records(*asked, reference="r")):
        with pytest.raises(MisSet, match="nothing can be erased"):
            erase(["loans"], CODES[0])
    assert _left(in_mariadb) == [3, 2, 2]


def test_what_reads_still_only_reads(in_mariadb: Database) -> None:
    system = _erasing(in_mariadb)
    with pytest.raises(Exception, match="READ ONLY"), system._engine.begin() as opened:
        opened.exec_driver_sql("DELETE FROM paid")
    assert _left(in_mariadb)[0] == 3
