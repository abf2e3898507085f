"""What X-Road says when something went wrong: `X-Road-Error` and `{type, message, detail}` (PR-REST 4.6)."""

import re
from http import HTTPStatus
from typing import Any

import httpx2
import msgspec

from datasources.errors import Garbled, MisSet, Refused, SourceFault, Unreachable

_TYPE = re.compile(r"[A-Za-z0-9_.]{1,100}")
_REFERENCE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# By the last word of a type, wherever in X-Road it arose.
_NOT_LET_IN = {"AccessDenied", "SslAuthenticationFailed", "SecurityServerNotAllowed"}
_NOT_KNOWN = {"UnknownMember", "UnknownService", "BadRequest", "InvalidClientIdentifier", "InvalidServiceIdentifier"}


def fault_of(answer: httpx2.Response) -> SourceFault | None:
    """The fault an answer tells of; None when it is a good one."""
    status = answer.status_code
    if "X-Road-Error" in answer.headers:
        return _of_xroad(answer)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Refused("The service behind X-Road does not let the portal in.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable("The service behind X-Road is out of order (HTTP {status}).", status=status)
    if status != HTTPStatus.OK:
        return Garbled("The service behind X-Road answered HTTP {status}.", status=status)
    return None


def _of_xroad(answer: httpx2.Response) -> SourceFault:
    """By type; its `message` tells inward addresses and stays out. `detail` is what its administrators look for."""
    told = _object(answer.content)
    kind = _fitting(_TYPE, answer.headers["X-Road-Error"]) or _fitting(_TYPE, told.get("type")) or "unknown"
    reference = _fitting(_REFERENCE, told.get("detail"))
    where = f"{kind}, {reference}" if reference else kind
    last = kind.rsplit(".", 1)[-1]
    if last in _NOT_LET_IN:
        return Refused("X-Road does not let the portal in ({where}).", where=where)
    if last in _NOT_KNOWN or kind.startswith("Client."):
        return MisSet("X-Road does not know the service or the portal by these settings ({where}).", where=where)
    return Unreachable("X-Road could not carry the request ({where}).", where=where)


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _fitting(form: re.Pattern[str], text: Any) -> str:
    return text if isinstance(text, str) and form.fullmatch(text) else ""
