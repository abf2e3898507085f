"""Department systems that misbehave: a web interface that answers anything, files of any bytes."""

import csv
import io
import json

from hypothesis import strategies as st

from datasources.connectors.files.reading import rows_of
from datasources.connectors.files.shape import Shape
from datasources.connectors.rest.connector import RestConnector
from datasources.errors import SourceFault
from datasources.protocol import Limits
from tests.misbehaving import TOKEN, Misbehaving, misbehaving, wire
from tests.proof.fuzzing.driving import drive

# No patience: an interface that asks to wait is left.
_LIMITS = Limits.within(0.4)
_MAPPING = {"loans": {"listing": "/loans", "search": "/search", "key": "code", "columns": {"title": "title"}}}
_FILE = Shape(file="loans.csv", key="code", columns={"title": "Title", "due": "Due"})
_OTHER_FILES = [
    Shape(file=f"loans.{kind}", rows="loan", key="code", columns={"title": "Title", "due": "Due"})
    for kind in ("tsv", "xlsx", "json", "xml")
]
_LINE = st.text(st.characters(codec="latin-1", exclude_characters="\0\r\n"), max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=5), parts, max_size=4),
    max_leaves=10,
)
_ITEM = st.fixed_dictionaries({}, optional={"code": _JSON, "title": _JSON}) | _JSON
_PAGE = st.fixed_dictionaries({}, optional={"items": st.lists(_ITEM, max_size=3) | _JSON, "next": _JSON}) | _JSON
_DEEP = st.integers(1, 100_000).map(lambda depth: b'{"items":' + b"[" * depth + b"]" * depth + b"}")
_BODY = st.one_of(_PAGE.map(lambda page: json.dumps(page).encode()), _DEEP, st.binary(max_size=200))
_TOKEN = st.one_of(
    st.just(TOKEN),
    st.fixed_dictionaries({"access_token": _JSON, "expires_in": _JSON}).map(lambda told: json.dumps(told).encode()),
    st.binary(max_size=80),
)
_KINDS = st.sampled_from(["application/json", "application/json; charset=utf-16", "text/html", ""])
_STATUSES = st.sampled_from([200, 200, 200, 204, 301, 302, 400, 401, 403, 404, 418, 429, 500, 503, 999])
_EXTRA = st.one_of(
    st.just(b""),
    st.sampled_from([b"0", b"1", b"-1", b"\xb2", b"1e9", b"9" * 5000, b"Wed, 21 Oct 2026"]).map(
        lambda told: b"Retry-After: " + told + b"\r\n"
    ),
    st.sampled_from([b"gzip", b"br", b"zstd", b"deflate", b"x"]).map(
        lambda told: b"Content-Encoding: " + told + b"\r\n"
    ),
    st.just(b"Location: http://127.0.0.1:1/\r\n"),
    st.just(b"Transfer-Encoding: chunked\r\n"),
    st.binary(max_size=30),
)


@st.composite
def _answers(draw: st.DrawFn, body: st.SearchStrategy[bytes]) -> bytes:
    """A whole answer as it goes over the wire; mostly well-formed."""
    content = draw(body)
    length = len(content) + draw(st.sampled_from([0, 0, 0, 5, -3]))
    head = f"HTTP/1.1 {draw(_STATUSES)} So\r\nContent-Type: {draw(_KINDS)}\r\n".encode()
    extra: bytes = draw(_EXTRA)
    return head + extra + f"Content-Length: {max(0, length)}\r\nConnection: close\r\n\r\n".encode() + content


def hold(*, number: int) -> int:
    """How many examples there were."""
    csv_bytes = st.binary(max_size=300) | st.builds(lambda text: b"code;Title;Due\n" + text, st.binary(max_size=200))
    rows = st.lists(st.tuples(_LINE.map(str.strip), _LINE, _LINE), max_size=6)
    tried = drive("files of any bytes", csv_bytes, _any_file, count=1500, number=number)
    tried += drive("files as they should be", rows, _good_file, count=600, number=number)
    with misbehaving() as server:
        wires = st.tuples(_answers(_TOKEN) | st.just(wire(TOKEN)), _answers(_BODY))
        tried += drive("web interfaces", wires, lambda drawn: _web(server, *drawn), count=600, number=number)
    return tried


def _any_file(content: bytes) -> None:
    """Whatever kind it is taken for."""
    for shape in (_FILE, *_OTHER_FILES):
        try:
            for key, born, row in rows_of(io.BytesIO(content), shape):
                assert (type(key), born, len(row)) == (str, "", 2)
        except SourceFault as fault:
            _is_a_sentence(fault)


def _good_file(rows: list[tuple[str, str, str]]) -> None:
    told = io.StringIO(newline="")
    csv.writer(told, delimiter=";").writerows([("code", "Due", "Title"), *rows])
    read = list(rows_of(io.BytesIO(told.getvalue().encode()), _FILE))
    assert read == [(key, "", (due, title)) for key, due, title in rows]


def _web(server: Misbehaving, token: bytes, answer: bytes) -> None:
    server.token, server.answer = token, answer
    settings = {"url": server.base, "token_url": f"{server.base}/token", "client_id": "portal"}
    connector = RestConnector(settings, {"client_secret": "s"}, _MAPPING, _LIMITS)
    try:
        for held in connector.everyone("loans"):
            assert held.row_count > 0
        connector.one("loans", "131052-308T")
    except SourceFault as fault:
        _is_a_sentence(fault)
    finally:
        connector.close()


def _is_a_sentence(fault: SourceFault) -> None:
    assert str(fault).endswith("."), "what went wrong is told in a sentence"
    assert "131052-308T" not in str(fault)
