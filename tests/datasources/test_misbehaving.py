"""A web interface that answers nonsense is told of in a sentence, and stops nothing else."""

import pytest

from datasources.connectors.rest.connector import RestConnector
from datasources.errors import Garbled, SourceFault, TooSlow
from datasources.protocol import Limits
from tests.misbehaving import TOKEN, misbehaving, wire

MAPPING = {"loans": {"listing": "/loans", "search": "/search", "key": "code", "columns": {"title": "title"}}}
PAGE = b'{"items":[{"code":"131052-308T","title":"Kalevala"}]}'


def read(*, token: bytes = TOKEN, answer: bytes, seconds: float = 10) -> int:
    with misbehaving() as server:
        server.token, server.answer = wire(token), answer
        settings = {"url": server.base, "token_url": f"{server.base}/token", "client_id": "portal"}
        connector = RestConnector(settings, {"client_secret": "s"}, MAPPING, Limits.within(seconds))
        try:
            return sum(held.row_count for held in connector.everyone("loans"))
        finally:
            connector.close()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (wire(b"[" * 100_000), Garbled),
        (wire(b'{"items":' + b"[" * 100_000), Garbled),
        (wire(b"", status=429, more=b"Retry-After: \xb2\r\n"), TooSlow),
    ],
)
def test_an_answer_that_cannot_be_read_is_a_fault_of_the_source(answer: bytes, fault: type[SourceFault]) -> None:
    with pytest.raises(fault):
        read(answer=answer, seconds=0.5 if fault is TooSlow else 10)


@pytest.mark.parametrize(
    "token", ['{"access_token":"ä"}'.encode(), b'{"access_token":7}', b'{"access_token":"a\\nb"}', b"{}"]
)
def test_a_token_that_cannot_be_sent_is_a_fault_of_the_source(token: bytes) -> None:
    with pytest.raises(Garbled):
        read(token=token, answer=wire(PAGE))


@pytest.mark.parametrize("lasts", [b'"soon"', b"[]", b"null", b'"600"', b"-1"])
def test_how_long_a_token_lasts_may_be_nonsense(lasts: bytes) -> None:
    assert read(token=b'{"access_token":"t","expires_in":%b}' % lasts, answer=wire(PAGE)) == 1
