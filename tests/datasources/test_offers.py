"""What each kind of system offers for a mapping is looked at in bounds, and told by its names and shapes."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from datasources.actions.trials import ask_for_trial, run_trial
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import Drifted, Garbled, MisSet, Refused, SourceFault
from datasources.glimpses import MOST_PARTS, MOST_RECORDS
from datasources.models import Trial, TrialKind, TrialState
from datasources.protocol import Limits
from demo.departments.moods import Mood
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, dumped, source
from tests.datasources.dropping import FORMATS, HEADER, opened, written
from tests.datasources.file_server import file_server
from tests.datasources.gdpr_service import AINO, CODE, GdprService
from tests.datasources.gdpr_service import connector as gdpr
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import WebInterface
from tests.datasources.rest_service import connector as rest
from tests.datasources.test_other_databases import Database, connector, in_mariadb, in_sqlite
from tests.datasources.xroad_service import AUTHORITY, SecurityServer
from tests.datasources.xroad_service import connector as xroad

__all__ = ["in_mariadb", "in_sqlite"]


def looked(slug: str, kind: TrialKind, **asked_for: Any) -> Trial:
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source(slug), kind, by=BY, at=NIGHT, asked_for=asked_for)
    return run_trial(trial.pk, by=BY, at=NIGHT)


def part(trial: Trial, name: str) -> dict[str, Any]:
    return next(each for each in trial.report[0]["parts"] if each["name"] == name)


PLACEMENTS = {
    "dataset": "early-education-placements",
    "table": "placement",
    "joins": [
        {"table": "child", "left": "placement.child_id", "right": "child.id"},
        {"table": "unit", "left": "placement.unit_id", "right": "unit.id"},
    ],
    "key": "child.social_security_number",
}


@pytest.mark.usefixtures("catalogue")
class TestDemo:
    def test_a_database_tells_its_tables_columns_and_keys(self) -> None:
        trial = looked("early-education", TrialKind.PLACES)
        assert (trial.state, trial.error) == (TrialState.DONE, "")
        found = {place["name"]: place for place in trial.report}
        assert {"placement", "child", "guardian", "guardianship"} <= found.keys()
        assert ("placement.child_id", "child.id") in {tuple(link) for link in found["placement"]["links"]}
        assert ("placement.starts_on", "date") in {tuple(each) for each in found["placement"]["parts"]}

    def test_the_fields_of_a_table_and_those_beside_it_are_shapes_and_shared_codes(self) -> None:
        trial = looked("early-education", TrialKind.GLIMPSE, **PLACEMENTS)
        assert (trial.state, trial.error) == (TrialState.DONE, "")
        (item,) = trial.report
        assert item["key"] == "child.social_security_number"
        assert item["people"] > 1
        assert 0 < item["records"] <= MOST_RECORDS
        assert part(trial, "placement.starts_on")["shapes"] == ["9999-99-99"]
        assert "DAYCARE" in part(trial, "placement.type")["codes"]
        assert part(trial, "child.first_name")["codes"] == []
        assert "child.photo" not in {each["name"] for each in item["parts"]}

    def test_no_code_nor_name_of_anybody_is_kept(self, city: City) -> None:
        trial = looked("early-education", TrialKind.GLIMPSE, **PLACEMENTS)
        rows = city.early_education.execute(
            "SELECT social_security_number, first_name, last_name FROM child"
        ).fetchall()
        kept = dumped(trial.report)
        assert rows
        assert [word for row in rows for word in row if f'"{word}"' in kept] == []
        assert [code for code in CODES.values() if code in kept] == []

    def test_a_web_interface_tells_where_its_list_lies(self) -> None:
        mapping = source("library").mapping["library-loans"]
        trial = looked("library", TrialKind.GLIMPSE, dataset="library-loans", listing=mapping["listing"])
        assert (trial.state, trial.error) == (TrialState.DONE, "")
        (item,) = trial.report
        assert (item["where"]["items"], item["where"]["next"]) == (mapping["items"], mapping["next"])
        assert item["key"] == mapping["key"]
        assert set(mapping["columns"].values()) <= {each["name"] for each in item["parts"]}

    def test_a_file_server_tells_its_files_and_what_stands_in_them(self) -> None:
        mapping = source("sports").mapping["sports-courses"]
        places = looked("sports", TrialKind.PLACES)
        assert mapping["file"] in {place["name"] for place in places.report}
        trial = looked("sports", TrialKind.GLIMPSE, dataset="sports-courses", file=mapping["file"])
        (item,) = trial.report
        assert item["key"] == mapping["key"]
        assert set(mapping["columns"].values()) <= {each["name"] for each in item["parts"]}
        boats = looked("sports", TrialKind.GLIMPSE, dataset="boat-places", file="boat_places.csv")
        assert part(boats, "muistiinpano")["apart"] == "staff_text"

    def test_a_dead_system_is_a_sentence(self, city: City) -> None:
        city.departments.moods.set("library", Mood.DOWN)
        trial = looked("library", TrialKind.GLIMPSE, dataset="library-loans", listing="/loans")
        assert (trial.state, trial.faults, trial.report) == (TrialState.FAILED, "Unreachable", [])

    def test_what_is_not_there_is_told_by_its_name(self) -> None:
        trial = looked("early-education", TrialKind.GLIMPSE, dataset="x", table="no_such", joins=[])
        assert trial.error == "The database has no no_such any more. The mapping needs a look."
        nothing = looked("early-education", TrialKind.GLIMPSE, dataset="x")
        assert nothing.error == "No table is named to look at."


def test_of_what_the_user_may_not_read_nothing_is_offered(city: City) -> None:
    admin = city.early_education
    admin.execute("DROP ROLE IF EXISTS narrow_reader")
    admin.execute("CREATE ROLE narrow_reader LOGIN PASSWORD 'n'")
    admin.execute("GRANT USAGE ON SCHEMA public TO narrow_reader")
    admin.execute("GRANT SELECT (id, name) ON unit TO narrow_reader")
    host = psycopg.conninfo.conninfo_to_dict(admin.info.dsn) | {"port": admin.info.port}
    told = f"postgresql+psycopg://narrow_reader:n@/{admin.info.dbname}?host={host['host']}"
    with closing(SqlConnector({"url": told}, {}, {}, Limits.within(10))) as database:
        (place,) = database.places()
        glimpse = database.glimpse({"table": "unit"})
    admin.execute("REVOKE ALL ON unit FROM narrow_reader")
    admin.execute("REVOKE ALL ON SCHEMA public FROM narrow_reader")
    admin.execute("DROP ROLE narrow_reader")
    assert (place.name, [name for name, _ in place.parts]) == ("unit", ["unit.id", "unit.name"])
    assert list(glimpse.types) == ["unit.id", "unit.name"]


@pytest.mark.parametrize("database", ["in_mariadb", "in_sqlite"])
def test_other_databases_tell_the_same(request: pytest.FixtureRequest, database: str) -> None:
    told: Database = request.getfixturevalue(database)
    with connector(told) as opened_one:
        places = {place.name: dict(place.parts) for place in opened_one.places()}
        glimpse = opened_one.glimpse(
            {"table": "loan", "joins": [{"table": "customer", "left": "loan.customer_id", "right": "customer.id"}]}
        )
    assert {"customer", "loan"} <= places.keys()
    assert "customer.code" in places["customer"]
    assert [record["customer.name"] for record in glimpse.records] == ["Åsa", "Åsa", "B"]
    assert {record["loan.title"] for record in glimpse.records} == {"Kirja 1", "Kirja 2", "Kirja 3"}


def test_several_hundred_tables_are_told(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with closing(sqlite3.connect(path)) as made:
        for n in range(700):
            made.execute(f"CREATE TABLE t{n:03} (id int PRIMARY KEY, code text, v{n} text)")
    with closing(SqlConnector({"url": f"sqlite:///{path}"}, {}, {}, Limits.within(60))) as database:
        places = list(database.places())
    assert (len(places), places[-1].parts[2][0]) == (700, "t699.v699")


def test_a_long_text_is_cut_by_the_database_itself(tmp_path: Path) -> None:
    path = tmp_path / "long.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE letter (code text, body text)")
        made.execute("INSERT INTO letter VALUES ('010190-999X', ?)", ["x" * 5_000_000])
        made.commit()
    with closing(SqlConnector({"url": f"sqlite:///{path}"}, {}, {}, Limits.within(60))) as database:
        (record,) = database.glimpse({"table": "letter"}).records
    assert len(record["letter.body"]) == 200


DEEP = [{"code": code, "book": {"title": "T", "odd name": 1}, "tags": ["a"]} for code in ("P1", "P2")]


@pytest.mark.parametrize(
    ("body", "where", "names"),
    [
        ({"items": DEEP, "next": None}, {"items": "items", "next": "next", "paging": "cursor"}, True),
        (
            {"data": {"list": DEEP}, "meta": {"nextCursor": None}},
            {"items": "$.data.list", "next": "$.meta.nextCursor"},
            True,
        ),
        (DEEP, {"items": "$", "paging": "none"}, True),
        ({"message": "hello"}, None, False),
    ],
)
def test_a_list_is_found_wherever_it_lies_in_an_answer(body: Any, where: Mapping[str, str] | None, names: bool) -> None:
    class Told(WebInterface):
        def answer(self, desk: Any, request: Any) -> None:
            desk.say(200, body)

    with served(Told(auth="none")) as running, closing(rest(running, auth="none", secrets={})) as opened_one:
        if where is None:
            with pytest.raises(Drifted, match="there is no list of records"):
                opened_one.glimpse({"listing": "/books"})
            return
        glimpse = opened_one.glimpse({"listing": "/books"})
        shape = {"key": "code", "columns": {}, **glimpse.where}
        read = rest(running, shape, auth="none", secrets={})
        with closing(read):
            assert [held.key for held in read.look("books", people=5)] == ["P1", "P2"]
    assert where.items() <= glimpse.where.items()
    assert list(glimpse.types) == ["code", "$.book.title", "$.book['odd name']", "tags"]


def test_a_service_behind_x_road_tells_its_records() -> None:
    server = SecurityServer(AUTHORITY.pair("127.0.0.1"), AUTHORITY.certificate)
    with served(server) as running, closing(xroad(running)) as opened_one:
        glimpse = opened_one.glimpse({"listing": "/v1/records"})
        assert list(opened_one.places()) == []
    assert (dict(glimpse.where), list(glimpse.types)) == (
        {"items": "items", "next": "next"},
        ["code", "course", "secret"],
    )


def test_a_gdpr_api_is_asked_about_those_whose_ids_are_set() -> None:
    with served(GdprService()) as running, closing(gdpr(running, ids={CODE: str(AINO)})) as opened_one:
        glimpse = opened_one.glimpse({})
    assert (glimpse.where["rows"], glimpse.where["key"]) == ("ORDERS/ORDER", "UUID")
    assert {"NAME", "PAID"} <= set(glimpse.types)
    with served(GdprService()) as running, closing(gdpr(running)) as nobody, pytest.raises(MisSet, match="no list"):
        nobody.glimpse({})


ROWS = [(f"P{n:05}", "Halli", str(n)) for n in range(60_000)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("many", [3, 60_000])
def test_a_file_tells_its_columns_by_its_beginning(form: str, many: int, tmp_path: Path) -> None:
    (tmp_path / f"visits.{form}").write_bytes(written(form, ROWS[:many]))
    with closing(opened({"via": "folder"}, {}, root=tmp_path)) as drop:
        assert [place.name for place in drop.places()] == [f"visits.{form}"]
        glimpse = drop.glimpse({"file": f"visits.{form}"})
    assert (list(glimpse.types), len(glimpse.records)) == (list(HEADER), min(many, MOST_RECORDS))
    assert glimpse.records[1]["henkilotunnus"] == "P00001"


def test_encoding_and_delimiter_are_found_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("hetu,paikka,määrä\r\nP1,Espoo,1\r\n".encode("cp1252"))
    with closing(opened({"via": "folder"}, {}, root=tmp_path)) as drop:
        glimpse = drop.glimpse({"file": "a.csv"})
    assert dict(glimpse.where) == {"encoding": "cp1252", "delimiter": ","}
    assert list(glimpse.types) == ["hetu", "paikka", "määrä"]


def test_trees_in_files_tell_their_paths(tmp_path: Path) -> None:
    nested = {"data": {"visits": [{"who": {"hetu": "P1"}, "day": "2026-01-01"}] * 2}}
    (tmp_path / "a.json").write_text(json.dumps(nested))
    (tmp_path / "a.xml").write_text(
        '<all><head>x</head><v no="1"><who><hetu>P1</hetu></who></v><v no="2"><who><hetu>P2</hetu></who></v></all>'
    )
    with closing(opened({"via": "folder"}, {}, root=tmp_path)) as drop:
        by_json, by_xml = drop.glimpse({"file": "a.json"}), drop.glimpse({"file": "a.xml"})
    assert (dict(by_json.where), list(by_json.types)) == ({"rows": "data/visits"}, ["who/hetu", "day"])
    assert (dict(by_xml.where), list(by_xml.types)) == ({"rows": "v"}, ["@no", "who/hetu"])


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.csv", b"", Garbled),
        ("a.json", b'{"a": "' + b"x" * (2 << 20), Garbled),
        ("a.json", b"not json", Garbled),
        ("a.xml", b"<a><b>", Garbled),
        ("a.xlsx", b"PK\x03\x04 no", Garbled),
        ("a.csv", b"<!DOCTYPE html><html>", Garbled),
        ("gone.csv", None, Drifted),
    ],
)
def test_a_file_that_tells_nothing_is_a_sentence(
    name: str, content: bytes | None, fault: type[SourceFault], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with closing(opened({"via": "folder"}, {}, root=tmp_path)) as drop, pytest.raises(fault):
        drop.glimpse({"file": name})


def test_ten_thousand_columns_are_looked_at_as_far_as_they_go(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(10_000)]
    (tmp_path / "wide.csv").write_text(";".join(["hetu", *names]) + "\r\n" + ";".join(["P1", *names]) + "\r\n")
    with closing(opened({"via": "folder"}, {}, root=tmp_path)) as drop:
        assert len(drop.glimpse({"file": "wide.csv"}).types) == MOST_PARTS


def test_a_file_server_that_lets_nobody_in_is_a_sentence(tmp_path: Path) -> None:
    with file_server(tmp_path) as server:
        drop = opened(server.settings | {"user": "nobody"}, {})
        with closing(drop), pytest.raises(Refused):
            list(drop.places())
