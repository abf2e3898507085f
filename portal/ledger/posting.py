"""Seals posted to somebody outside, and what is answered: little of it, in time, and from nowhere inward."""

import time
from dataclasses import dataclass

import httpx2

from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward

_PATIENCE = 10.0
_LONGEST = 10_000


class CopyFailed(Exception):
    """The checkpoint did not arrive; the message names the fault, and no address."""


@dataclass(frozen=True)
class Answer:
    """What somebody outside answered; `kind` is the content type, without its parameters."""

    status: int
    kind: str
    text: str


def posted(url: str, text: str) -> Answer:
    """POST as text; no redirect is followed, nothing of ours goes along. CopyFailed where nobody answers in time."""
    ends = time.monotonic() + _PATIENCE
    headers = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}
    try:
        with (
            httpx2.Client(transport=outward(), timeout=_PATIENCE, trust_env=False) as http,
            http.stream("POST", url, content=text.encode(), headers=headers) as answer,
        ):
            content = bytearray()
            for block in answer.iter_raw():
                content += block
                if len(content) > _LONGEST or time.monotonic() > ends:
                    raise CopyFailed("The answer was too long, or too slow.")
    except PointsInward:
        raise CopyFailed("The address points inward.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown, ValueError) as fault:
        raise CopyFailed(type(fault).__name__) from None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(answer.status_code, kind, content.decode(errors="replace"))
