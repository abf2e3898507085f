"""Idempotency-Key: whoever did not hear the answer asks again, and nothing is done twice.

After draft-ietf-httpapi-idempotency-key-header. A POST that changes something carries a key that the client made up.
The reply is stored in the transaction of the act itself, for a day: the same key with the same body gets it again.
A lock of PostgreSQL is held while the first call runs; it falls with its transaction, however that ends.
"""

import functools
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from portal.keys.indexes import digest
from portal.keys.moving import Rows, lies_under
from portal.keys.ring import ring
from portal.keys.seals import place, seal, unseal
from portal.rest.authentication import caller_of
from portal.rest.bodies import content_of
from portal.rest.problem_kinds import KEY_MISSING, KEY_REUSED, STILL_RUNNING
from portal.rest.problems import Refused
from portal.walls import Role, scope, sent, told

KEPT_FOR = timedelta(hours=24)
HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
_IN_META = "HTTP_IDEMPOTENCY_KEY"
# A string of RFC 8941 §3.3.3, or the same without its quotation marks, as most programs send it.
_KEY = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})', re.ASCII)
_COME_AGAIN = 1
_RING_KEY = "sessions"
_KEPT_HEADERS = ("Location", "ETag")

_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
# Only ever by its id: planned while the table is empty, a condition on the time would have every reply looked through.
_FIND = "SELECT fingerprint, sealed, expires_at > %s FROM rest_reply WHERE id = %s"
_KEEP = """
INSERT INTO rest_reply (id, client, fingerprint, sealed, expires_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, sealed = excluded.sealed,
                               expires_at = excluded.expires_at
"""

_View = TypeVar("_View")
_More = ParamSpec("_More")


@dataclass(frozen=True)
class Attempt:
    """One call under a key. `row` (32 bytes) stands for client and key, `fingerprint` (32) for address and body.

    `secret` goes into the seal of the reply: only whoever presents the key again can have it opened.
    """

    client: str
    row: bytes
    fingerprint: bytes
    secret: bytes


class _Kept(msgspec.Struct):
    status: int
    headers: dict[str, str]
    body: bytes


def attempt_of(request: Request, *, content: bytes | None = None) -> Attempt:
    """The attempt that this request is; Refused when it brings no key, or none that could be one.

    `content` stands for the body where it is streamed: a digest of all its bytes.
    """
    told = _KEY.fullmatch(request.META.get(_IN_META, ""))
    if told is None:
        raise Refused(KEY_MISSING)
    client = str(caller_of(request).client)
    secret = place(client, told[1] or told[2])
    asked = content_of(request) if content is None else content
    # Keyed, as a body may be little more than an identity code, and a plain hash of that can be tried out.
    fingerprint = digest(place(request.method, request.path, request.META.get("QUERY_STRING", "")) + b"\0" + asked)
    return Attempt(client, hashlib.sha256(secret).digest(), fingerprint, secret)


def replayed(attempt: Attempt, *, at: datetime) -> HttpResponse | None:
    """The reply stored for this attempt; None when it is the first, which then holds its key until the commit.

    First of all in the transaction of the act. Refused when another call holds the key, or had it for something else.
    """
    return replaying(attempt, at=at)()


def replaying(attempt: Attempt, *, at: datetime) -> Callable[[], HttpResponse | None]:
    """What reads the `replayed` reply; what is sent before that reading travels along, and may only read."""
    locked = sent(_LOCK, [int.from_bytes(attempt.row[:8], "big", signed=True)])
    # A statement of its own: it must see what whoever held the lock before has committed.
    found = sent(_FIND, [at, attempt.row])

    def read() -> HttpResponse | None:
        if locked() != [(True,)]:
            raise Refused(STILL_RUNNING, wait=_COME_AGAIN)
        for fingerprint, sealed, lasts in found():
            if not lasts:
                continue
            if not hmac.compare_digest(bytes(fingerprint), attempt.fingerprint):
                raise Refused(KEY_REUSED)
            return _opened(attempt, bytes(sealed))
        return None

    return read


def keep(attempt: Attempt, reply: HttpResponse, *, at: datetime) -> HttpResponse:
    """Store the reply, in the transaction of the act; returns it as it is to be sent."""
    headers = {name: reply[name] for name in _KEPT_HEADERS if reply.has_header(name)}
    kept = _Kept(reply.status_code, headers, _written(reply))
    version, key = _seal_key(attempt)
    sealed = version.to_bytes(2, "big") + seal(key, msgspec.msgpack.encode(kept), aad=_place(attempt))
    told(_KEEP, [attempt.row, attempt.client, attempt.fingerprint, sealed, at + KEPT_FOR])
    return _sent_as(kept)


def _written(reply: HttpResponse) -> bytes:
    # Not written out a second time by the framework.
    if not isinstance(reply, Response):
        return reply.content
    return b"" if reply.data is None else msgspec.json.encode(reply.data)


def _sent_as(kept: _Kept) -> HttpResponse:
    answer = HttpResponse(kept.body, status=kept.status, headers=kept.headers, content_type="application/json")
    if not kept.body:
        del answer["Content-Type"]
    return answer


def once(
    post: Callable[Concatenate[_View, Request, _More], HttpResponse],
) -> Callable[Concatenate[_View, Request, _More], HttpResponse]:
    """A view's method that changes something: done once for each key, and answered again as often as asked.

    It runs within a transaction of the API's role; scopes that it opens itself lie inside. Whoever wants fewer
    statements calls `attempt_of`, `replayed` and `keep` within a scope of their own.
    """

    @functools.wraps(post)
    def done_once(view: _View, request: Request, /, *args: _More.args, **more: _More.kwargs) -> HttpResponse:
        attempt, at = attempt_of(request), timezone.now()
        with scope(Role.API):
            known = replayed(attempt, at=at)
            return known or keep(attempt, post(view, request, *args, **more), at=at)

    return done_once


def _seal_key(attempt: Attempt, version: int | None = None) -> tuple[int, bytes]:
    # A key of its own for every reply, as there are more of them than one key may seal with random nonces.
    version, key = ring().newest(_RING_KEY) if version is None else (version, ring().version(_RING_KEY, version))
    return version, hmac.digest(key, place("rest_reply", "sealed") + b"\0" + attempt.secret, "sha256")


_ON_OLDER = """
SELECT count(*) FROM rest_reply WHERE expires_at > %s AND get_byte(sealed, 0) * 256 + get_byte(sealed, 1) < %s
"""


def _replies_left(at: datetime) -> int:
    with scope(Role.WORKER):
        ((count,),) = sent(_ON_OLDER, [at, ring().newest(_RING_KEY)[0]])()
    return int(count)


def name_replies() -> None:
    """Called once, at the start: nobody but the caller's own key opens a reply, so none can be moved."""
    lies_under(_RING_KEY, Rows("stored replies", _replies_left, why="they end within 24 hours"))


def _place(attempt: Attempt) -> bytes:
    return place("rest_reply", "sealed", attempt.row.hex())


def _opened(attempt: Attempt, sealed: bytes) -> HttpResponse:
    _, key = _seal_key(attempt, int.from_bytes(sealed[:2], "big"))
    answer = _sent_as(msgspec.msgpack.decode(unseal(key, sealed[2:], aad=_place(attempt)), type=_Kept))
    answer[REPLAYED] = "true"
    return answer
