"""X-Road: whose answer it is and who stands at the other end is checked."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from datasources.connectors.xroad.connector import XRoadConnector
from datasources.errors import Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources import misbehaving as bad
from tests.datasources.xroad_service import (
    AUTHORITY,
    CLIENT,
    CODES,
    MAPPING,
    OURS,
    SERVICE,
    STRANGER,
    Ends,
    SecurityServer,
    connector,
    opened,
)


@pytest.fixture
def server() -> Iterator[SecurityServer]:
    with bad.served(SecurityServer(AUTHORITY.pair("security server"), AUTHORITY.certificate)) as running:
        yield running


def test_everyone_comes_page_by_page_and_each_once(server: SecurityServer) -> None:
    held = list(connector(server, page_size=4).everyone("courses"))
    assert [(each.key, each.row_count) for each in held] == [(code, 2) for code in CODES]
    assert len(server.seen) == 2
    assert msgspec.json.decode(held[0].body) == {"columns": ["course"], "values": [["Course 1", "Course 2"]]}


def test_one_person_is_asked_about_in_the_body_only(server: SecurityServer) -> None:
    (held,) = connector(server).one("courses", CODES[1])
    (request,) = server.seen
    assert (held.key, held.row_count) == (CODES[1], 2)
    assert request.path == f"/r1/{SERVICE}/v1/records/search"
    assert CODES[1] not in f"{request.path}{request.query}{request.headers}"


def test_a_person_who_is_not_there_holds_nothing(server: SecurityServer) -> None:
    assert connector(server).one("courses", "040404A999D") == []


def test_every_request_says_who_asks_and_has_an_id_of_its_own(server: SecurityServer) -> None:
    list(connector(server, page_size=4).everyone("courses"))
    ids = [UUID(request.headers["x-road-id"]) for request in server.seen]
    assert len(set(ids)) == 2
    assert {(request.headers["x-road-client"], request.headers["x-road-userid"]) for request in server.seen} == {
        (CLIENT, "FImydata")
    }


def test_parts_of_an_identifier_are_encoded_one_by_one(server: SecurityServer) -> None:
    with pytest.raises(Garbled, match="HTTP 404"):
        connector(server, client="FI/MUN/1/my data", service="FI/MUN/1/åland/a b").one("courses", CODES[0])
    (request,) = server.seen
    assert request.headers["x-road-client"] == "FI/MUN/1/my%20data"
    assert request.path == "/r1/FI/MUN/1/%C3%A5land/a%20b/v1/records/search"


def test_another_persons_record_comes_under_its_own_key(server: SecurityServer) -> None:
    server.instead = {"items": server.items[:1]}
    assert [held.key for held in connector(server).one("courses", CODES[1])] == [CODES[0]]


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Road_Id": "fa2e18a5-c2cb-4d09-b994-f57727f7c3fb"}, {"X_Road_Id": None}, {"X_Road_Id": "²"},
        {"X_Road_Request_Hash": "bm90IGEgaGFzaA=="}, {"X_Road_Request_Hash": "{}"}, {"X_Road_Request_Hash": ""},
        {"X_Road_Client": "FI/MUN/1/another"}, {"X_Road_Service": "FI/MUN/1/another/service"},
    ],
)  # fmt: skip
def test_an_answer_to_another_request_is_not_kept(server: SecurityServer, changed: dict[str, str | None]) -> None:
    server.changed = changed
    with pytest.raises(Garbled, match="belongs to another request"):
        connector(server).one("courses", CODES[0])


def test_what_need_not_come_back_need_not(server: SecurityServer) -> None:
    server.changed = {"X_Road_Client": None, "X_Road_Service": None, "X_Road_Request_Hash": None}
    assert len(connector(server).one("courses", CODES[0])) == 1


def test_a_busy_service_is_waited_for_but_not_for_ever(server: SecurityServer) -> None:
    server.busy = 2
    assert len(connector(server).one("courses", CODES[0])) == 1
    assert len({request.headers["x-road-id"] for request in server.seen}) == 3
    server.busy = 9
    with pytest.raises(TooSlow):
        connector(server).one("courses", CODES[0])


def test_nul_is_taken_out(server: SecurityServer) -> None:
    server.items = [{"code": CODES[0], "course": "a\0b"}]
    (held,) = connector(server).one("courses", CODES[0])
    assert msgspec.json.decode(held.body)["values"] == [["ab"]]


def test_a_dataset_without_a_search_says_so(server: SecurityServer) -> None:
    with pytest.raises(MisSet, match="no way to ask about one person"):
        connector(server).one("listed", CODES[0])


@pytest.mark.parametrize(
    "ends",
    [Ends(ca=STRANGER.certificate), Ends(ours=STRANGER.pair("mydata")), Ends(ours=AUTHORITY.pair("late", days=-1))],
)
def test_nothing_is_asked_across_a_wrong_authority_or_with_a_certificate_not_agreed(
    server: SecurityServer, ends: Ends
) -> None:
    with pytest.raises(Refused, match="certificate"):
        connector(server, ends=ends).one("courses", CODES[0])
    assert server.seen == []


@pytest.mark.parametrize("own", [{"address": "127.0.0.2"}, {"days": -1}])
def test_a_server_with_another_name_or_an_old_certificate_is_not_talked_to(own: dict[str, Any]) -> None:
    with bad.served(SecurityServer(AUTHORITY.pair("security server", **own), AUTHORITY.certificate)) as other:
        with pytest.raises(Refused, match="another certificate than agreed"):
            connector(other).one("courses", CODES[0])
        assert other.seen == []


def test_a_server_without_tls_is_not_talked_to() -> None:
    with bad.served(bad.Canary()) as plain:
        with pytest.raises(SourceFault):
            opened(f"https://127.0.0.1:{plain.port}").one("courses", CODES[0])
        assert plain.seen == []


@pytest.mark.parametrize(
    ("settings", "secrets", "named"),
    [
        ({"url": "http://127.0.0.1:1"}, {}, "url"), ({"url": "https://a@127.0.0.1"}, {}, "url"),
        ({"client": "FI/MUN"}, {}, "client"), ({"service": "FI/MUN/../x/y"}, {}, "service"),
        ({"user": "somebody"}, {}, "user"), ({"ca": ""}, {}, "ca"), ({"ca": "no certificate"}, {}, "authority"),
        ({}, {"certificate": ""}, "certificate"), ({}, {"private_key": ""}, "private_key"),
        ({}, {"private_key": "no key"}, "private key"), ({}, {"private_key": STRANGER.pair("x").key}, "private key"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_named_without_their_values(
    settings: dict[str, str], secrets: dict[str, str], named: str
) -> None:
    whole = {"url": "https://127.0.0.1", "client": CLIENT, "service": SERVICE, "user": "FImydata"}
    pair = {"certificate": OURS.certificate, "private_key": OURS.key}
    with pytest.raises(MisSet, match=named) as refused:
        XRoadConnector(whole | {"ca": AUTHORITY.certificate} | settings, pair | secrets, MAPPING, Limits())
    assert "KEY" not in str(refused.value)


def test_nothing_of_the_person_and_no_key_is_ever_said(
    server: SecurityServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = connector(server)
    said = repr(asked.one("courses", CODES[0])) + repr(vars(asked)) + repr(vars(asked._client))
    server.status = 500
    with pytest.raises(Unreachable) as fault:
        asked.one("courses", CODES[0])
    said += f"{fault.value!r}{caplog.text}"
    assert [secret for secret in (*CODES, "Course 1", OURS.key.splitlines()[1]) if secret in said] == []
    asked.close()
