"""Input that nobody meant: the API from its own description, residents' forms, raw requests, and what reads files.

`FUZZ_SEED` repeats a run; without it the seed is new each time, and printed.
"""

import http.client
import io
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httpx2
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from datasources.connectors.files.connector import rows_of
from datasources.connectors.files.shape import Shape
from datasources.errors import SourceFault
from demo.browser import Browser
from demo.people import everyone
from tests.browsing import program_of
from tests.people.ways_in import sign_in
from tests.portal_server import Running, running_portal
from tests.servers import running_servers

EXAMPLES = 2_000
_WORST = 500
_CODES = [person.identity_code for person in everyone()]
_TEXT = st.text(max_size=200) | st.sampled_from(
    [
        "\x00",
        "\u202e\u200b",
        "=1+1",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "9" * 5000,
        "' OR 1=1 --",
        "ŋ" * 300,
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT | st.sampled_from(_CODES),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(_TEXT, inner, max_size=6),
    max_leaves=30,
)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE")


def _fuzzed(number: int, examples: int = EXAMPLES) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """As `given`, from a seed, a fixed number of times, with nothing remembered."""
    chosen = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: cast("Callable[[], None]", seed(number)(chosen(test)))


@dataclass
class Told:
    """How much was tried; each answer is judged as it comes."""

    tried: int = 0

    def judge(self, status: int, content: bytes, what: str) -> None:
        """Never a fault of ours, never anybody's identity code."""
        self.tried += 1
        assert status < _WORST, f"{what} answered {status}"
        assert [code for code in _CODES if code.encode() in content] == [], f"{what} told an identity code"


def prove() -> str:
    """Each kind in turn; then the portal's own log is read."""
    number = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(2**32))
    print(f"FUZZ_SEED={number}", flush=True)
    told = Told()
    _readers(number, told)
    with running_servers(), tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        with running_portal(Path(name), settings={"API_CALLS_PER_MINUTE": "1000000"}) as portal:
            operations = _api(portal, Path(name), number, told)
            _raw(portal, number, told)
            _forms(portal, number, told)
        said = (Path(name) / "portal.log").read_text()
    assert "Traceback" not in said, said[said.index("Traceback") :][:2000]
    assert [code for code in _CODES if code in said] == [], "an identity code stands in the portal's log"
    return f"seed {number}: {told.tried} tries at {operations} API operations, raw requests, forms and file readers"


def _readers(number: int, told: Told) -> None:
    """A file of any bytes is rows or a sentence, never another fault."""
    line = st.binary(max_size=60) | st.sampled_from(
        [b"code;name", b"010180-901A;x", b"\xef\xbb\xbfcode;name", b'"', b"\x00;"]
    )
    encoding = st.sampled_from(["utf-8-sig", "latin-1", "cp1252", "utf-16"])

    @_fuzzed(number, 2 * EXAMPLES)
    @given(lines=st.lists(line, max_size=8), encoding=encoding)
    def reads(lines: list[bytes], encoding: str) -> None:
        shape = Shape(file="any.csv", encoding=encoding, key="code", columns={"name": "name"})
        with suppress(SourceFault):
            list(rows_of(io.BytesIO(b"\r\n".join(lines)), shape))
        told.tried += 1

    reads()


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in description["paths"].items():
        for method in item:
            if method in {"get", "post", "put", "patch", "delete"}:
                yield method.upper(), path


def _api(portal: Running, folder: Path, number: int, told: Told) -> int:
    """How many operations were tried, each with and without a token."""
    department = program_of(portal, "sports", folder)
    near = st.fixed_dictionaries(
        {
            "purpose": st.just("swimming-reminders") | _JSON,
            "datasets": st.just(["sports-courses"]) | _JSON,
            "subjects": st.just([{"identity_code": _CODES[0]}]) | st.lists(_JSON, max_size=3) | _JSON,
        },
        optional={"more": _JSON},
    )
    with httpx2.Client(base_url=portal.base, timeout=20) as http:
        operations = list(_operations(http.get("/api/v1/openapi.json").raise_for_status().json()))

        @_fuzzed(number)
        @given(
            operation=st.sampled_from(operations),
            body=near | _JSON,
            raw=st.none() | st.binary(max_size=80),
            known=st.booleans(),
        )
        def answers(operation: tuple[str, str], body: Any, raw: bytes | None, known: bool) -> None:
            headers = {"Authorization": f"Bearer {department.token() if known else 'x.y.z'}"}
            headers["Content-Type"] = "application/json"
            content = raw if raw is not None else _encoded(body)
            answer = http.request(operation[0], operation[1], content=content, headers=headers)
            told.judge(answer.status_code, answer.content, f"{operation}")
            if answer.is_error:
                kind = answer.headers.get("Content-Type", "")
                assert kind.startswith("application/problem+json") or operation[1].startswith("/oauth"), (
                    operation,
                    kind,
                )
            assert known or answer.status_code != httpx2.codes.OK or operation[0] == "GET", operation

        answers()
    return len(operations)


def _encoded(body: Any) -> bytes:
    return json.dumps(body).encode(errors="replace")


def _raw(portal: Running, number: int, told: Told) -> None:
    """Requests that no browser sends."""
    address = urlsplit(portal.base)
    path = st.sampled_from(
        ["/", "/fi/", "/fi/home/", "/fi/registers/x/", "/api/v1/checks/", "/oauth/token/", "/sign-in/suomifi/callback/"]
    )
    host = st.sampled_from([address.netloc, "evil.example", "127.0.0.1:1", "", "127.0.0.1\t", "[::1]", "a" * 300])

    @_fuzzed(number)
    @given(
        method=st.sampled_from(_METHODS), path=path, host=host, more=st.text(max_size=40), body=st.binary(max_size=200)
    )
    def answers(method: str, path: str, host: str, more: str, body: bytes) -> None:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        try:
            connection.putrequest(method, f"{path}?{quote(more, errors='replace')}&page=-1&page=x", skip_host=True)
            for name, value in (
                ("Host", host),
                ("X-Forwarded-Host", "evil.example"),
                ("Content-Length", str(len(body))),
            ):
                connection.putheader(name, value.encode())
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
            told.judge(answer.status, content, f"{method} {path}")
            assert b"evil.example" not in content, (method, path)
            assert "evil.example" not in str(answer.headers.get("Location", "")), (method, path)
        finally:
            connection.close()

    answers()


def _forms(portal: Running, number: int, told: Told) -> None:
    """A resident's own forms, filled by someone who means ill."""
    browser = Browser("en")
    sign_in(browser, portal.base, "raili")
    permissions = browser.open(f"{portal.base}/en/permissions/")
    question = next(href for _, href in permissions.links if "/requests/" in href)
    row = question.replace("/requests/", "/permissions/")
    page = browser.open(f"{portal.base}{question}")
    token = page.form(with_choice="answer").values["csrfmiddlewaretoken"]
    targets = (question, f"{row}stop/", "/en/data/refresh/", "/en/settings/sessions/0/end/", "/en/session/")

    @_fuzzed(number)
    @given(
        target=st.sampled_from(targets),
        form=st.dictionaries(st.sampled_from(["answer", "text", "optional", "next", "x"]), _TEXT, max_size=5),
        forged=st.booleans(),
    )
    def answers(target: str, form: dict[str, str], forged: bool) -> None:
        sent = {name: value.encode(errors="replace").decode() for name, value in form.items()}
        sent["csrfmiddlewaretoken"] = "forged" if forged else token
        headers = {"Origin": portal.base, "Referer": f"{portal.base}{target}"}
        answer = browser.client.post(f"{portal.base}{target}", data=sent, headers=headers, follow_redirects=False)
        told.judge(answer.status_code, answer.content, target)
        assert not forged or answer.status_code == httpx2.codes.FORBIDDEN, target
        assert answer.headers.get("Location", "/").startswith("/"), target

    answers()
