"""The API, from its own description and with bytes that no description knows; tokens forged, stale or broken."""

import json
import subprocess
import sys
from typing import Any

import httpx2
from hypothesis import strategies as st

from demo.client import Department
from portal.rest.models import SCOPES
from tests.portal_server import ROOT, Running
from tests.proof.fuzzing.described import LIKE_A_CODE, hold_all
from tests.proof.fuzzing.driving import drive, examples
from tests.residents import CODES

_EXAMPLES = 250
_CHECKS = "/api/v1/checks/"
_PROBLEM = {"type", "title", "status", "instance"}
_SUBJECT = st.one_of(
    st.sampled_from(sorted(CODES.values())).map(lambda code: {"identity_code": code}),
    st.text(st.characters(codec="utf-8"), max_size=30).map(lambda text: {"identity_code": text}),
    st.text(st.characters(codec="utf-8"), max_size=30).map(lambda text: {"subject": text}),
    st.from_regex(r"[A-Za-z0-9_=-]{20,24}", fullmatch=True).map(lambda text: {"subject": text}),
)
_BODY = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(["swimming-reminders", "reading-tips", "none"]),
        "datasets": st.lists(st.sampled_from(["sports-courses", "sports-visits", "none"]), min_size=1, max_size=60),
        "subjects": st.lists(_SUBJECT, min_size=1, max_size=12),
    }
).map(lambda body: json.dumps(body, ensure_ascii=False).encode())
_CODE = next(iter(CODES.values())).encode()
_BROKEN = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda body, at, byte: body[:at] + byte + body[at:], _BODY, st.integers(0, 300), st.binary(max_size=4)),
    st.integers(1, 200_000).map(lambda depth: b'{"purpose":' + b"[" * depth),
    st.integers(1, 200_000).map(lambda depth: b'{"a":' * depth),
    st.just(b'{"purpose":"' + b"a" * 1_000_000 + b'"}'),
    st.just(b"[" + b"0," * 3_000_000 + b"0]"),
    st.just(
        b'{"purpose":"x","purpose":"swimming-reminders","datasets":["a"],"subjects":[{"identity_code":"%b"}]}' % _CODE
    ),
)
_KINDS = st.sampled_from(
    ["application/json", "text/plain", "application/json; charset=utf-16", "multipart/form-data", ""]
)
_FORM = st.dictionaries(
    st.sampled_from(["grant_type", "client_assertion_type", "client_assertion", "scope", "client_id", "client_secret"]),
    st.one_of(
        st.sampled_from(
            [
                "client_credentials",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "consents:check",
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
                "eyJhbGciOiJFUzI1NiJ9.e30.AA",
                "eyJhbGciOiJFUzI1NiJ9.WzFd.AA",
                "\0",
                "a" * 100_000,
            ]
        ),
        st.text(st.characters(codec="utf-8"), max_size=40),
        st.binary(max_size=60).map(lambda raw: f"eyJhbGciOiJFUzI1NiJ9.{raw.hex()}.{raw.hex()}"),
    ),
    max_size=6,
)


def hold(portal: Running, *, number: int) -> int:
    """How many examples there were."""
    department = _department(portal)
    token = {"Authorization": f"Bearer {department.token()}"}
    tried = hold_all(portal.base, token, count=examples(), number=number)
    with httpx2.Client(base_url=portal.base, trust_env=False, timeout=30) as http:

        def bytes_sent(drawn: tuple[bytes, str]) -> None:
            _clean(_posted(http, content=drawn[0], headers={**token, "Content-Type": drawn[1]}))

        def forged(header: bytes) -> None:
            answer = _posted(http, content=b"{}", headers={b"Authorization": header})
            assert answer.status_code in {400, 401}, f"a forged token was answered {answer.status_code}"

        def token_asked(form: dict[str, str]) -> None:
            answer = http.post("/oauth/token/", data=form)
            assert answer.status_code in {400, 401}, f"the token address answered {answer.status_code}"

        wires = st.tuples(_BODY | _BROKEN, st.just("application/json") | _KINDS)
        tried += drive("bytes to the API", wires, bytes_sent, count=_EXAMPLES, number=number)
        tried += drive("forged tokens", _forgeries(department.token()), forged, count=_EXAMPLES, number=number)
        tried += drive("asking for tokens", _FORM, token_asked, count=_EXAMPLES, number=number)
    return tried


def _posted(http: httpx2.Client, **told: Any) -> httpx2.Response:
    """The answer. A server that did not read a body to its end closes the connection under the next request."""
    try:
        return http.post(_CHECKS, **told)
    except httpx2.RemoteProtocolError:
        return http.post(_CHECKS, **told)


def _department(portal: Running) -> Department:
    out = portal.log.with_name("sports.json")
    argv = [sys.executable, "manage.py", "make_client", "sports", "--scopes", *SCOPES, "--calls-per-second", "10000"]
    argv += ["--out", str(out)]
    subprocess.run(argv, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
    return Department(portal.base, out)


def _forgeries(good: str) -> st.SearchStrategy[bytes]:
    head, body, signature = good.split(".")
    bent = st.builds(
        lambda at, letter: good[:at] + letter + good[at + 1 :],
        st.integers(0, len(good) - 3),  # the last letters of a signature may hold unused bits
        st.sampled_from("AZaz09_-.=%"),
    ).filter(lambda token: token != good)
    parts = st.sampled_from(
        [f"{head}..{signature}", f"{head}.{body}.", f"eyJhbGciOiJub25lIn0.{body}.", f"{head}.{body}"]
    )
    visible = st.binary(max_size=60).map(lambda raw: bytes(byte for byte in raw if byte > 0x20 and byte != 0x7F))
    return (bent | parts).map(lambda token: f"Bearer {token}".encode()) | visible


def _clean(answer: httpx2.Response) -> None:
    assert answer.status_code < 500, f"answered {answer.status_code}"
    assert not LIKE_A_CODE.search(answer.text), "an identity code stands in the answer"
    if answer.status_code == httpx2.codes.OK:
        assert set(answer.json()) == {"answers"}
        return
    assert answer.headers["Content-Type"] == "application/problem+json", answer.headers["Content-Type"]
    assert set(answer.json()) >= _PROBLEM
    assert answer.json()["status"] == answer.status_code
