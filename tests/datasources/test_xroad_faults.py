"""X-Road, or a service behind it, that refuses, breaks or sends garbage: a sentence each."""

import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from datasources.errors import Drifted, Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources import misbehaving as bad
from tests.datasources.xroad_service import AUTHORITY, CODES, REFERENCE, SecurityServer, connector, opened


@pytest.fixture
def server() -> Iterator[SecurityServer]:
    with bad.served(SecurityServer(AUTHORITY.pair("security server"), AUTHORITY.certificate)) as running:
        yield running


@pytest.mark.parametrize(
    ("status", "kind", "fault", "sentence"),
    [
        (500, "Server.ServerProxy.NetworkError", Unreachable, "could not carry the request"),
        (500, "Server.ClientProxy.LoggingFailed.TimestamperFailed", Unreachable, "could not carry the request"),
        (500, "Server.ServerProxy.ServiceDisabled", Unreachable, "could not carry the request"),
        (500, "Server.ServerProxy.AccessDenied", Refused, "does not let the portal in"),
        (500, "Server.ClientProxy.SslAuthenticationFailed", Refused, "does not let the portal in"),
        (500, "Server.ServerProxy.UnknownService", MisSet, "does not know the service"),
        (500, "Server.ClientProxy.UnknownMember", MisSet, "does not know the service"),
        (400, "Client.BadRequest", MisSet, "does not know the service"),
        (200, "Server.ServerProxy.NetworkError", Unreachable, "could not carry the request"),
    ],
)
def test_each_error_of_xroad_is_a_sentence_with_the_reference(
    server: SecurityServer, status: int, kind: str, fault: type[SourceFault], sentence: str
) -> None:
    server.error = (status, kind)
    with pytest.raises(fault, match=re.escape(f"{sentence}")) as raised:
        connector(server).one("courses", CODES[0])
    assert f"({kind}, {REFERENCE})" in str(raised.value)
    assert "10.1.2.3" not in str(raised.value)


@pytest.mark.parametrize("body", [b"<html>", b"[]", {"type": 1, "detail": "<script>"}, {"detail": CODES[0]}])
def test_an_error_of_xroad_that_cannot_be_read_is_one_all_the_same(server: SecurityServer, body: Any) -> None:
    server.error, server.error_body = (500, "Server.ServerProxy.NetworkError"), body
    with pytest.raises(Unreachable, match=r"\(Server\.ServerProxy\.NetworkError\)\.$"):
        connector(server).one("courses", CODES[0])


@pytest.mark.parametrize(
    ("status", "fault"),
    [(400, Garbled), (401, Refused), (403, Refused), (404, Garbled), (500, Unreachable), (503, Unreachable)],
)
def test_each_status_of_the_service_itself_is_a_sentence(
    server: SecurityServer, status: int, fault: type[SourceFault]
) -> None:
    server.status = status
    with pytest.raises(fault, match="service behind X-Road"):
        connector(server).one("courses", CODES[0])


@pytest.mark.parametrize(
    ("misbehave", "fault", "sentence"),
    [
        (bad.page, Garbled, "another request"), (bad.page_said_to_be_json, Garbled, "another request"),
        (bad.half, Garbled, "broke off"), (bad.raw_nul, Garbled, "another request"),
        (bad.not_http, Garbled, "not HTTP"),
        (bad.hundred_megabytes, Garbled, "larger than 64 MiB"), (bad.packed, Garbled, "packed"),
        (bad.deep, Garbled, "another request"), (bad.hanging, TooSlow, "in time"), (bad.dripping, TooSlow, "in time"),
    ],
)  # fmt: skip
def test_garbage_is_a_fault_within_the_time_limit(
    server: SecurityServer, misbehave: bad.Misbehaviour, fault: type[SourceFault], sentence: str
) -> None:
    server.misbehave = misbehave
    limits = Limits(connect=1, answer=1, statement=1 if fault is TooSlow else 20)
    began = time.monotonic()
    with pytest.raises(fault, match=sentence):
        connector(server, limits=limits).one("courses", CODES[0])
    assert fault is not TooSlow or time.monotonic() - began < 2


def test_a_server_that_takes_the_call_and_never_speaks_is_too_slow() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TooSlow):
            opened(url, limits=Limits.within(0.5)).one("courses", CODES[0])


def test_json_with_the_right_headers_is_still_read_with_care(server: SecurityServer) -> None:
    for found in (
        b"\0",
        b"<html>",
        b'{"items": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b"[]",
        b"7",
        b'{"items": [], "items": []}',
    ):
        server.instead = found
        with pytest.raises(Garbled):
            connector(server).one("courses", CODES[0])
    server.instead = {"items": ["a", 7]}
    with pytest.raises(Garbled):
        connector(server).one("courses", CODES[0])


def test_a_redirect_is_not_followed(server: SecurityServer) -> None:
    with bad.served(bad.Canary()) as inward:
        server.misbehave = bad.redirecting(f"http://127.0.0.1:{inward.port}/latest/meta-data")
        with pytest.raises(Garbled, match="HTTP 302"):
            connector(server).one("courses", CODES[0])
        assert inward.seen == []


def test_the_same_page_again_and_again_is_a_fault(server: SecurityServer) -> None:
    server.instead = {"items": [], "next": "7"}
    with pytest.raises(Garbled, match="same page"):
        list(connector(server).everyone("courses"))


def test_a_field_or_list_that_is_gone_is_told(server: SecurityServer) -> None:
    with pytest.raises(Drifted, match="field grade"):
        connector(server).one("grades", CODES[0])
    server.instead = {"records": []}
    with pytest.raises(Drifted, match="list named items"):
        connector(server).one("courses", CODES[0])
