"""One call to a maker's service: outward only, no redirect, so many bytes at the most, and never a word of it told."""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward

_WITHIN = 20.0
# While a person waits for a page.
BRIEFLY = 5.0
_MOST = 16 << 20
# Not packed: what is larger than it says is not unpacked at all.
_PLAIN = {"Accept": "application/json", "Accept-Encoding": "identity"}
_TOO_MANY, _NOT_LET, _WITHHELD = 429, 401, 403
# Of a maker that says no number; and however long it says, tomorrow is asked anew.
_USUAL_WAIT, _LONGEST_WAIT = 15 * 60, 24 * 3600


class NoAnswer(Exception):
    """Nobody answers, in time, with what was agreed."""


class Withheld(NoAnswer):
    """This is not given to us, though something else may be (RFC 9110 §15.5.4)."""


class NotLet(Exception):
    """The person, or the maker, ended the tie at the other end."""


class SlowDown(Exception):
    """Too much was asked: not again before `seconds` from now (RFC 6585 §4)."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True)
class Answer:
    """`body` is nobody's but the reader's."""

    status: int
    body: bytes = field(repr=False)

    def told(self) -> dict[str, Any]:
        """As JSON; NoAnswer where it is no object."""
        with suppress(ValueError, RecursionError):
            told = json.loads(self.body)
            if isinstance(told, dict):
                return told
        raise NoAnswer


def called(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Sequence[tuple[str, str]] = (),
    form: Mapping[str, str] | None = None,
    body: Mapping[str, str] | None = None,
    also: Sequence[int] = (),
    within: float = _WITHIN,
) -> Answer:
    """An answer of 2xx, or one of `also`. NotLet, SlowDown, NoAnswer for any other, and where nothing comes."""
    ends = time.monotonic() + within
    try:
        with (
            httpx2.Client(transport=outward(), timeout=within, trust_env=False) as http,
            http.stream(
                method, url, headers=_PLAIN | dict(headers), params=list(query) or None,
                data=form, json=body,
            ) as answer,
        ):  # fmt: skip
            content = _whole(answer, ends)
            _judge(answer, content, also)
            return Answer(answer.status_code, content)
    except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown, PointsInward, ValueError):
        # From None: the fault would name an address, and that may name a person there.
        raise NoAnswer from None


def _whole(answer: httpx2.Response, ends: float) -> bytes:
    content = bytearray()
    for block in answer.iter_bytes():
        content += block
        if len(content) > _MOST or time.monotonic() > ends:
            raise NoAnswer
    return bytes(content)


def _judge(answer: httpx2.Response, content: bytes, also: Sequence[int]) -> None:
    status = answer.status_code
    if answer.is_success or status in also:
        return
    if status == _TOO_MANY:
        raise SlowDown(_seconds(answer.headers.get("Retry-After", "")))
    # A member who pays no more is told 401 too, and nothing was taken back.
    if (status == _NOT_LET and b"membership" not in content and b"invalid_client" not in content) or (
        b'"invalid_grant"' in content
    ):
        raise NotLet
    raise Withheld if status == _WITHHELD else NoAnswer


def _seconds(told: str) -> int:
    if not (told.isascii() and told.isdecimal()):
        return _USUAL_WAIT
    return max(1, min(int(told[:9]), _LONGEST_WAIT))
