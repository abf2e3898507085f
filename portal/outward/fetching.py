"""A small file from an address that somebody else wrote: whole, in time, and from nowhere inward."""

import time

import httpx2

from portal.outward.addresses import NotKnown, PointsInward
from portal.outward.transport import outward


class NotFetched(Exception):
    """The file did not come: nobody answers, in time, with 200 and as few bytes as were agreed."""


def fetched(url: str, *, most: int, within: float) -> bytes:
    """At most `most` bytes within `within` seconds. NotFetched; PointsInward. No redirect is followed.

    Nothing of ours is sent along: no cookie, no secret, no proxy of the environment.
    """
    ends = time.monotonic() + within
    try:
        with (
            httpx2.Client(
                transport=outward(), timeout=within, trust_env=False, headers={"Accept-Encoding": "identity"}
            ) as http,
            http.stream("GET", url) as answer,
        ):
            if answer.status_code != httpx2.codes.OK or "content-encoding" in answer.headers:
                raise NotFetched
            content = bytearray()
            for block in answer.iter_raw():
                content += block
                if len(content) > most or time.monotonic() > ends:
                    raise NotFetched
            return bytes(content)
    except (httpx2.HTTPError, httpx2.InvalidURL, NotKnown, ValueError):
        raise NotFetched from None


__all__ = ["NotFetched", "PointsInward", "fetched"]
