"""Another city comes for what was handed over: a code for a token, the token for the bytes, each once.

Who comes is looked up by what they show, within the API's scope; why they are refused is told to nobody.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Q

from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind, Right
from portal.requests.actions import close_request
from portal.requests.enums import Outcome, RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.leaving.handing import digest_of
from portal.requests.models import HandOver, Package, Request
from portal.requests.package.links import forget_packages, newest_package
from portal.walls import Role, scope

TOKEN_LIVES = timedelta(seconds=900)
_BYTES, _AT_ONCE = 32, 200
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """What a city brings to the token endpoint; who it is was made sure of before."""

    client: str
    redirect_uri: str
    code: str = field(repr=False)
    verifier: str = field(repr=False)


def token_for(shown: Shown, *, at: datetime) -> str | None:
    """The token, None for every reason alike. Opens its own scope.

    A code that is shown wrongly is spent; one that was spent ends what came of it (RFC 6749 §4.1.2).
    """
    code = digest_of(shown.code)
    with scope(Role.API, lookups=[code]):
        row = HandOver.objects.select_for_update().filter(code=code, client=shown.client).first()
        if row is None or row.ended_at or row.fetched_at:
            return None
        if row.code_used_at:
            _end(row, at=at)
            return None
        row.code_used_at = at
        holds = at <= row.code_until_at and shown.redirect_uri == row.redirect_uri and _proves(shown.verifier, row)
        token = secrets.token_urlsafe(_BYTES) if holds else None
        if token:
            row.token, row.token_until_at = digest_of(token), at + TOKEN_LIVES
        row.save(update_fields=["code_used_at", "token", "token_until_at"])
    return token


def _proves(verifier: str, row: HandOver) -> bool:
    """RFC 7636 §4.6."""
    made = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return bool(_VERIFIER.fullmatch(verifier)) and hmac.compare_digest(made, row.challenge)


def _end(row: HandOver, *, at: datetime) -> None:
    row.ended_at, row.token, row.token_until_at = at, None, None
    row.save(update_fields=["ended_at", "token", "token_until_at"])
    after_commit("requests.settle_hand_over", due_at=at, request_id=row.request_id)


@dataclass(frozen=True)
class Handed:
    """What a token leads to: `package` when it is made; `of` how many items there are."""

    request: UUID
    person: UUID
    of: int
    package: Package | None


def handed_by(token: str, *, at: datetime) -> Handed | None:
    """None for a token that leads nowhere: unknown, over, used, taken back. Opens its own scopes."""
    shown = digest_of(token)
    with scope(Role.API, lookups=[shown]):
        held = HandOver.objects.filter(token=shown, token_until_at__gt=at, fetched_at=None, ended_at=None)
        found = held.values_list("request_id", "person_id").first()
    if found is None:
        return None
    request, person = found
    with scope(Role.RESIDENT, persons=[person]):
        row = Request.objects.filter(pk=request, state=RequestState.WORKING).select_related("leaving").first()
        if row is None:
            return None
        return Handed(request, person, len(row.leaving.items), newest_package(request, at=at))


def taken_whole(handed: Handed, parts: Iterator[bytes], *, clock: Callable[[], datetime]) -> Iterator[bytes]:
    """The bytes as they go; when the last has gone, the token leads nowhere. What breaks off may be begun again."""
    yield from parts
    now = clock()
    with scope(Role.RESIDENT, persons=[handed.person]):
        mine = HandOver.objects.filter(request=handed.request, fetched_at=None, ended_at=None)
        if mine.update(fetched_at=now):
            after_commit("requests.settle_hand_over", due_at=now, request_id=handed.request)


def settle(request: UUID, *, at: datetime) -> None:
    """After it was fetched, or a code was shown twice: nothing of it is kept, and the log says so. Its own scopes."""
    with scope(Role.WORKER):
        row = HandOver.objects.select_related("request").get(pk=request)
    done = row.fetched_at is not None
    kind = RequestEntry.FETCHED_BY_CITY if done else RequestEntry.CODE_SHOWN_TWICE
    _close(row, kind, Outcome.DONE if done else Outcome.REFUSED, at=at)


def end_unfetched(*, at: datetime) -> int:
    """What no city came for in time is removed; how many. Opens its own scopes."""
    with scope(Role.WORKER):
        open_still = HandOver.objects.filter(fetched_at=None, ended_at=None, code_until_at__lt=at)
        late = open_still.filter(Q(token=None) | Q(token_until_at__lt=at))
        rows = list(late.select_related("request")[:_AT_ONCE])
    # One after the other, each whole: whoever is killed between leaves the rest for the next time.
    return sum(_give_up(row, at=at) for row in rows)


def _give_up(row: HandOver, *, at: datetime) -> bool:
    """False when the city came at the last moment."""
    with scope(Role.WORKER):
        if not HandOver.objects.filter(pk=row.pk, fetched_at=None, ended_at=None).update(ended_at=at):
            return False
        _close(row, RequestEntry.NOT_FETCHED, Outcome.REFUSED, at=at)
    return True


def _close(row: HandOver, kind: RequestEntry, outcome: Outcome, *, at: datetime) -> None:
    city = Actor(ActorKind.CLIENT, row.client, Right.CLIENT)
    with scope(Role.WORKER, persons=[row.person_id]):
        # First, for whoever makes the package holds the request until it is made.
        if close_request(row.request, outcome, by=city, at=at):
            told = {"reference": row.request.number, "counts": {"to": row.client}}
            record(kind, by=city, about=row.person_id, at=at, **told)  # type: ignore[arg-type]
        forget_packages(row.request_id)
