"""A web interface that sends garbage, or odd headers, is a fault and nothing worse."""

import tracemalloc
from collections.abc import Iterator

import pytest

from datasources.connectors.rest.connector import RestConnector
from datasources.errors import Garbled, SourceFault, TooSlow
from datasources.protocol import Limits
from tests.datasources import misbehaving as bad

MAPPING = {"cards": {"listing": "/v1/cards", "search": "/v1/cards/search", "key": "code", "columns": {"n": "n"}}}


class Interface(bad.DeskServer):
    """Gives tokens, and otherwise misbehaves."""

    def spoils(self, request: bad.Request) -> bool:
        return request.path != "/token"

    def answer(self, desk: bad.Desk, request: bad.Request) -> None:
        desk.say(200, {"access_token": "t", "expires_in": 600})


@pytest.fixture
def interface() -> Iterator[Interface]:
    with bad.served(Interface()) as running:
        yield running


def asked(interface: Interface, *, limits: Limits) -> None:
    url = f"http://127.0.0.1:{interface.port}"
    settings = {"url": url, "token_url": f"{url}/token", "client_id": "portal"}
    RestConnector(settings, {"client_secret": "s"}, MAPPING, limits).one("cards", "010190-999X")


@pytest.mark.parametrize(
    ("misbehave", "fault"),
    [
        (bad.page, Garbled), (bad.page_said_to_be_json, Garbled), (bad.half, SourceFault), (bad.raw_nul, Garbled),
        (bad.not_http, SourceFault), (bad.hundred_megabytes, Garbled), (bad.packed, Garbled), (bad.deep_value, Garbled),
        (bad.hanging, TooSlow), (bad.dripping, TooSlow), (bad.redirecting("http://127.0.0.1:1/"), Garbled),
    ],
)  # fmt: skip
def test_garbage_is_a_fault_within_the_time_limit(
    interface: Interface, misbehave: bad.Misbehaviour, fault: type[SourceFault]
) -> None:
    interface.misbehave = misbehave
    with pytest.raises(fault):
        asked(interface, limits=Limits(connect=1, answer=1, statement=1 if fault is TooSlow else 20))


def test_what_is_packed_is_not_asked_for_and_never_unpacked(interface: Interface) -> None:
    interface.misbehave = bad.bomb
    tracemalloc.start()
    try:
        with pytest.raises(Garbled, match="a packed answer"):
            asked(interface, limits=Limits.within(20))
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
    assert {request.headers["accept-encoding"] for request in interface.seen} == {"identity"}


@pytest.mark.parametrize(
    "answer",
    [
        b'{"items": [], "items": []}',
        b'{"items": [{"code": "010190-999X", "n": 1, "n": 2}]}',
        b'{"items": [{"code": "010190-999X", "n": {"a": 1, "\\u0061": 1}}]}',
    ],
)
def test_a_name_that_is_told_twice_is_a_fault(interface: Interface, answer: bytes) -> None:
    interface.misbehave = lambda desk: desk.say(200, answer)
    with pytest.raises(Garbled, match="the same name twice"):
        asked(interface, limits=Limits.within(5))


@pytest.mark.parametrize("told", ["²", "soon", "-1", "1e9", "99999999"])
def test_a_waiting_time_that_is_no_number_of_seconds_is_no_crash(interface: Interface, told: str) -> None:
    interface.misbehave = lambda desk: desk.say(429, {}, Retry_After=told)
    with pytest.raises(SourceFault):
        asked(interface, limits=Limits.within(1))


def test_a_header_outside_ascii_is_no_crash(interface: Interface) -> None:
    interface.misbehave = lambda desk: desk.say(200, {"items": []}, kind="application/json; é")
    asked(interface, limits=Limits.within(1))
