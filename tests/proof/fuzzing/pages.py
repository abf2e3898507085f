"""Residents' pages: hostile addresses, forms, cookies and headers; over a socket also what no client would send."""

import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import httpx2
from hypothesis import strategies as st

from demo.browser import Browser
from tests.portal_server import Running
from tests.proof.fuzzing.driving import drive

_EXAMPLES = 250
_MEGABYTE = 1 << 20
_HOSTILE = st.one_of(
    st.sampled_from(
        [
            b"", b"\0", b"\xed\xa0\x80", "\N{RIGHT-TO-LEFT OVERRIDE}nimi".encode(), "\u200b\ufeff".encode(),
            b"\xff\xfe",
            "Áánná Ŋ ŧ".encode(), b"<script>alert(1)</script>", b"{{ 7*7 }}{% debug %}", b"%00%0d%0aX: y", b"../../etc",
            b"'; DROP TABLE x; --", b"-1", b"9" * 30, b"1e9", b"//evil.example", b"/\\evil.example",
            b"javascript:alert(1)",
            b"yes", b"no", b"2", b"\r\nSet-Cookie: a=b", "\N{ARABIC-INDIC DIGIT TWO}".encode(),
        ]
    ),
    st.binary(max_size=60),
    st.text(st.characters(codec="utf-8"), max_size=30).map(str.encode),
)  # fmt: skip
_NAMES = ("answer", "text", "optional", "next", "page", "session", "code", "state", "out", "language", "process")
_PAIRS = st.lists(st.tuples(st.sampled_from(_NAMES).map(str.encode) | st.binary(max_size=8), _HOSTILE), max_size=8)
_BIG = st.sampled_from(_NAMES).map(lambda name: [(name.encode(), b"a" * _MEGABYTE)])
_MANY = st.just([(b"optional", b"x")] * 2000)
_GETS = (
    "", "registers/", "help/", "verify/", "signed-out/", "session-ended/", "home/", "data/", "usage/", "permissions/",
    "settings/", "session/", "data/refresh/", "usage/00000000-0000-0000-0000-000000000000/", "registers/x/",
    "algorithms/", "algorithms/x/", "algorithms/x/versions/1/",
)  # fmt: skip
_STAFF = (
    "/", "/sign-in/", "/sign-in/city/", "/sign-in/city/callback/", "/signed-out/", "/second-step/",
    "/second-step/totp/activate/", "/second-step/picture.svg", "/admin/", "/admin/login/", "/admin/people/user/",
    "/admin/jsi18n/", "/admin/x/y/",
)  # fmt: skip
_BARE = ("/", "/home", "/sign-in/suomifi/", "/sign-in/suomifi/callback/", "/signed-out/", "/api/v1/docs/", "/city.css")
_HEADERS = (
    "Accept-Language",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Poll",
    "Referer",
    "Origin",
    "If-Modified-Since",
)
_RAW = (
    b"TRACE /en/ HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: %(host)b@evil.example\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: a\r\nHost: %(host)b\r\n\r\n",
    b"GET http://evil.example/en/ HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"PROPFIND /en/ HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"GET /en/\x00 HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"GET /en/%%00 HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"GET /%%ff%%fe/ HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: %(host)b\r\n\r\n",
    b"POST /en/home/ HTTP/1.1\r\nHost: %(host)b\r\nContent-Length: -1\r\n\r\n",
    b"POST /en/home/ HTTP/1.1\r\nHost: %(host)b\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /en/home/ HTTP/1.1\r\nHost: %(host)b\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc",
    b"POST /en/home/ HTTP/1.1\r\nHost: %(host)b\r\nContent-Type: a/b; boundary=\xff\r\nContent-Length: 3\r\n\r\nabc",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
)
_COOKIES = st.one_of(
    st.sampled_from(['"\\000aaaaaaaaaaaa"', '"\\377"', "\xff" * 9, "a" * 4000]),
    st.text('ab\\"0;,= ', max_size=20),
    st.from_regex(r'"[a-z0-9]{0,9}\\[0-3][0-7]{2}[a-z0-9]{0,12}"', fullmatch=True),
)


def hold(portal: Running, *, number: int) -> int:
    """How many examples there were."""
    visitor, question = _sign_in(portal)
    stop = f"{question.replace('/requests/', '/permissions/')}stop/"
    posts = [question, stop, "/en/data/refresh/", "/en/session/", "/en/settings/sessions/7/end/", "/sign-in/suomifi/"]
    posts.append(f"/en/settings/sessions/{'9' * 30}/end/")
    gets = [f"/{language}/{page}" for language in ("fi", "sv", "en") for page in _GETS] + [*_BARE, question]
    staff = _Visitor(portal.staff_base, {}, "")
    names = st.sampled_from([*sorted(visitor.cookies), "django_language", "messages", "sessionid", "x"])
    parts: tuple[tuple[str, st.SearchStrategy[Any], Callable[[Any], None]], ...] = (
        ("addresses", st.tuples(st.sampled_from(gets), _PAIRS), visitor.get),
        ("forms", st.tuples(st.sampled_from(posts), _PAIRS | _BIG | _MANY), visitor.post),
        ("parts of paths", _HOSTILE, visitor.path),
        ("addresses of the staff's door", st.tuples(st.sampled_from(_STAFF), _PAIRS), staff.get),
        ("forms of the staff's door", st.tuples(st.sampled_from(_STAFF), _PAIRS | _BIG), staff.post),
        ("cookies", st.tuples(names, _COOKIES), visitor.cookie),
        ("headers", st.tuples(st.sampled_from(_HEADERS), _HOSTILE), visitor.header),
    )
    tried = 0
    for name, examples, held in parts:
        tried += drive(name, examples, held, count=_EXAMPLES, number=number)
    for raw in _RAW:
        _answered(portal.base, raw)
    print(f"  {'requests no client would send':<40} {len(_RAW):6}", flush=True)
    return tried + len(_RAW)


def _sign_in(portal: Running) -> tuple["_Visitor", str]:
    """A resident's browser, and the path of a question that waits for them."""
    browser = Browser("en")
    start = browser.open(f"{portal.base}/en/")
    pick = browser.send(start, start.form(posting_to="suomifi/"))
    home = browser.send(pick, pick.form(with_choice="person"), person="raili")
    question = urlsplit(browser.open(f"{portal.base}/en/permissions/").link("A reminder before a course")).path
    cookies = {cookie.name: cookie.value or "" for cookie in browser.client.cookies.jar}
    ours = {name: value for name, value in cookies.items() if "resident" in name}
    return _Visitor(portal.base, ours, home.form(posting_to="sign-out/").values["csrfmiddlewaretoken"]), question


class _Visitor:
    """A signed-in resident who sends what nobody should."""

    def __init__(self, base: str, cookies: Mapping[str, str], csrf: str) -> None:
        self.cookies, self._csrf = dict(cookies), csrf
        self._http = httpx2.Client(base_url=base, trust_env=False, timeout=30)

    def get(self, drawn: tuple[str, list[tuple[bytes, bytes]]]) -> None:
        """Each page with any query, read as the resident."""
        path, pairs = drawn
        self._ask("GET", f"{path}?{_encoded(pairs)}")

    def post(self, drawn: tuple[str, list[tuple[bytes, bytes]]]) -> None:
        """Each form with any fields; the token is the right one, or Django would stop it at once."""
        path, pairs = drawn
        content = f"csrfmiddlewaretoken={self._csrf}&{_encoded(pairs)}"
        self._ask("POST", path, content=content.encode(), kind="application/x-www-form-urlencoded")

    def path(self, raw: bytes) -> None:
        """In place of every part of an address."""
        part = quote_from_bytes(raw, safe="")
        public = ("/en/registers/{}/", "/en/algorithms/{}/", "/algorithms/{}.json")
        for pattern in ("/{}/", "/en/{}/", "/en/data/{}/{}/", *public, "/en/usage/{}/", "/static/{}"):
            self._ask("GET", pattern.replace("{}", part))

    def cookie(self, drawn: tuple[str, str]) -> None:
        """In place of each cookie."""
        name, value = drawn
        self._ask("GET", "/en/home/", cookies={**self.cookies, name: value})

    def header(self, drawn: tuple[str, bytes]) -> None:
        """With each header, less what cannot go over the wire."""
        name, raw = drawn
        value = bytes(byte for byte in raw if byte > 0x20 and byte != 0x7F)
        self._ask("GET", "/en/home/", more=[(name.encode(), value)])
        self._ask("GET", "/", more=[(name.encode(), value)])

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        kind: str = "",
        cookies: Mapping[str, str] | None = None,
        more: list[tuple[bytes, bytes]] | None = None,
    ) -> None:
        told = "; ".join(f"{name}={value}" for name, value in (cookies or self.cookies).items())
        headers = [(b"Cookie", told.strip().encode("latin-1")), *(more or [])]
        if kind:
            headers.append((b"Content-Type", kind.encode()))
        try:
            answer = self._http.request(method, path, content=content, headers=headers)
        except httpx2.TransportError:
            # A server may hang up on a body that it refuses to read; the next connection must be served.
            answer = self._http.request(method, path, content=content, headers=headers)
        _is_clean(answer.status_code, answer.headers.get("Content-Type", ""), answer.content)


def _encoded(pairs: list[tuple[bytes, bytes]]) -> str:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)


def _is_clean(status: int, kind: str, content: bytes) -> None:
    assert status < 500, f"answered {status}"
    for trace in (b"Traceback (most", b"DisallowedHost", b"<script>alert", b"psycopg", b"django.core"):
        assert trace not in content, f"the page shows {trace!r}"
    if status >= 400 and content and kind.startswith("text/html"):
        assert b"<html lang=" in content, f"answered {status} with a page that has no language"


def _answered(base: str, raw: bytes) -> None:
    """The server may hang up; if it answers, it answers 4xx, or as if the odd part were not there."""
    where = urlsplit(base)
    host = where.netloc.encode()
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=5) as wire:
        wire.sendall(raw % {b"host": host})
        wire.settimeout(5)
        try:
            head = wire.recv(65536)
        except (TimeoutError, ConnectionError):
            return
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 400
    assert status < 500, f"{raw[:80]!r} was answered {status}"
    assert b"evil.example" not in head, f"{raw[:80]!r} is echoed"
