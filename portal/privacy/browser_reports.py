"""Reports of browsers (Content Security Policy Level 3 §5): what is kept of them is bounded, and is about nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from django.db import connection
from django.urls import Resolver404, get_resolver
from django.utils.translation import get_language_from_path, override

# Different kinds in a day: what comes beyond tells nothing new.
MOST_A_DAY = 500
MOST_BYTES = 16 * 1024
MOST_AT_ONCE = 20
_DIRECTIVE = re.compile(r"[a-z-]{1,40}")
_WORDS = {"inline", "eval", "wasm-eval", "data", "blob", "self", "trusted-types-policy", "trusted-types-sink"}
_HOST = re.compile(r"[a-z0-9.:\[\]-]{1,80}")
_OTHER = "other"
_KEEP = """
INSERT INTO privacy_browserreport (day, door, directive, blocked, route, number, last_at)
SELECT %(day)s::date, %(door)s::text, %(directive)s::text, %(blocked)s::text, %(route)s::text, 1, %(at)s::timestamptz
WHERE (SELECT count(*) FROM privacy_browserreport WHERE day = %(day)s::date) < %(most)s
   OR EXISTS (SELECT FROM privacy_browserreport WHERE (day, door, directive, blocked, route)
              = (%(day)s::date, %(door)s::text, %(directive)s::text, %(blocked)s::text, %(route)s::text))
ON CONFLICT (day, door, directive, blocked, route)
DO UPDATE SET number = privacy_browserreport.number + 1, last_at = excluded.last_at
"""


class NotAReport(Exception):
    """Not what browsers send."""


@dataclass(frozen=True)
class Report:
    """What is kept of one."""

    directive: str
    blocked: str
    route: str


class _Old(msgspec.Struct, rename="kebab"):
    document_uri: str = ""
    effective_directive: str = ""
    violated_directive: str = ""
    blocked_uri: str = ""


class _OldBody(msgspec.Struct, rename={"report": "csp-report"}):
    report: _Old


class _New(msgspec.Struct, rename="camel"):
    document_url: str = msgspec.field(default="", name="documentURL")
    effective_directive: str = ""
    blocked_url: str = msgspec.field(default="", name="blockedURL")


class _NewBody(msgspec.Struct):
    type: str
    body: _New


def reports_in(body: bytes, *, urlconf: str) -> list[Report]:
    """What a browser tells by `report-uri` or by `report-to`; NotAReport. Addresses of pages become their patterns."""
    try:
        told = list(_told(body))
    except (msgspec.DecodeError, ValueError):
        raise NotAReport from None
    return [
        Report(directive, _blocked(blocked), _route(page, urlconf))
        for directive, blocked, page in told[:MOST_AT_ONCE]
        if _DIRECTIVE.fullmatch(directive)
    ]


def _told(body: bytes) -> Iterator[tuple[str, str, str]]:
    if body.lstrip()[:1] == b"[":
        for each in msgspec.json.decode(body, type=list[_NewBody]):
            if each.type == "csp-violation":
                yield each.body.effective_directive, each.body.blocked_url, each.body.document_url
    else:
        old = msgspec.json.decode(body, type=_OldBody).report
        yield old.effective_directive or old.violated_directive.partition(" ")[0], old.blocked_uri, old.document_uri


def _blocked(told: str) -> str:
    """Never a path or a query: an address may carry what is somebody's."""
    if told in _WORDS:
        return told
    parts = urlsplit(told)
    host = parts.netloc.rpartition("@")[2].lower()
    if parts.scheme in {"http", "https", "ws", "wss"} and _HOST.fullmatch(host):
        return f"{parts.scheme}://{host}"
    return parts.scheme if parts.scheme in _WORDS else _OTHER


def _route(page: str, urlconf: str) -> str:
    try:
        path = urlsplit(page).path
        with override(get_language_from_path(path)):
            return str(get_resolver(urlconf).resolve(path).route)[:120]
    except (Resolver404, ValueError):
        return _OTHER


def keep_reports(reports: list[Report], *, door: str, at: datetime) -> None:
    """Count them. Outside every scope; anybody may send anything, so nothing of it is believed."""
    with connection.cursor() as cursor:
        for report in reports:
            values = {"day": at.date(), "door": door, "at": at, "most": MOST_A_DAY, **vars(report)}
            cursor.execute(_KEEP, values)
