"""Another city comes for what was handed over: a code for a token, the token for the bytes, each once.

Who comes is looked up by what they show, within the API's scope; why they are refused is told to nobody.
"""

import base64
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac

from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind, Right
from portal.requests.actions import close_request
from portal.requests.enums import Outcome, RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.leaving.clients import NotThatCity, Signed
from portal.requests.leaving.handing import digest_of
from portal.requests.models import HandOver, Package, Request
from portal.requests.package.links import forget_packages, newest_package
from portal.walls import Role, scope

TOKEN_LIVES = timedelta(seconds=900)
_AT_ONCE = 200
_SALT = "portal.requests.leaving.fetching"
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """What a city brings to the token endpoint; who it is was made sure of before."""

    signed: Signed
    redirect_uri: str
    assertion: str = field(repr=False)
    code: str = field(repr=False)
    verifier: str = field(repr=False)

    @property
    def token(self) -> str:
        """What this very call is answered with: its answer may be lost, and the call come again.

        256 bits that follow from all that was shown: the code is as long, and no more than its digest is kept of it.
        """
        told = "\x1f".join((self.signed.city, self.assertion, self.code, self.verifier, self.redirect_uri))
        digest = salted_hmac(_SALT, told, algorithm="sha256").digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Given(NamedTuple):
    """A token, good for so many seconds more."""

    token: str
    seconds: int


def token_for(shown: Shown, *, at: datetime) -> Given | None:
    """The token, None for every reason alike. NotThatCity: the assertion was used before. Opens its own scope.

    A code that is shown wrongly is spent; one that was spent ends what came of it (RFC 6749 §4.1.2). The very call
    that was answered is answered again, as long as its assertion holds and nothing was fetched: that is no second use.
    """
    code = digest_of(shown.code)
    with scope(Role.API, lookups=[code]):
        is_first = shown.signed.is_used_first()
        row = HandOver.objects.select_for_update().filter(code=code, client=shown.signed.city).first()
        over = row is None or bool(row.ended_at or row.fetched_at)
        if not is_first:
            return _the_same_again(None if over else row, shown, at=at)
        if row is None or over:
            return None
        if row.code_used_at:
            _end(row, at=at)
            return None
        return _traded(row, shown, at=at)


def _traded(row: HandOver, shown: Shown, *, at: datetime) -> Given | None:
    holds = at <= row.code_until_at and shown.redirect_uri == row.redirect_uri and _proves(shown.verifier, row)
    row.code_used_at = at
    if holds:
        row.token, row.token_until_at = digest_of(shown.token), at + TOKEN_LIVES
    row.save(update_fields=["code_used_at", "token", "token_until_at"])
    return Given(shown.token, int(TOKEN_LIVES.total_seconds())) if holds else None


def _the_same_again(row: HandOver | None, shown: Shown, *, at: datetime) -> Given:
    if row is None or row.token is None or not hmac.compare_digest(bytes(row.token), digest_of(shown.token)):
        raise NotThatCity
    left = (row.token_until_at or at) - at
    return Given(shown.token, max(0, int(left.total_seconds())))


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
