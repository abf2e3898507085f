"""What is done about clients, and about what their calls leave behind."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.rest.kinds import RestEntry
from portal.rest.models import Client, ClientSecret, Reply, RevokedToken, UsedAssertion, secret_digest

# Both secrets hold for this long, so that a system changes over without a gap.
CHANGE_OVER = timedelta(hours=24)
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Wishes:
    """What a client is to be. `jwks` and `fetched_jwks` have been looked at (keysets)."""

    name: str
    scopes: Sequence[str]
    purposes: Sequence[str] = ()
    calls_per_second: int | None = None
    jwks: Mapping[str, Any] = field(default_factory=dict)
    jwks_url: str = ""
    fetched_jwks: Mapping[str, Any] = field(default_factory=dict)


def make_client(department: str, wishes: Wishes, *, by: Actor, at: datetime) -> Client:
    """Let a system of this department in."""
    client = Client.objects.create(department=department, **asdict(wishes))
    _tell(RestEntry.CLIENT_MADE, client, by=by, at=at, scopes=sorted(client.scopes))
    return client


def change_client(client: Client, wishes: Wishes, *, by: Actor, at: datetime) -> list[str]:
    """Make it what is wished, in force at its next call; returns the names of the columns that changed."""
    wanted = asdict(wishes)
    changed = sorted(name for name, value in wanted.items() if value != getattr(client, name))
    if changed:
        for name in changed:
            setattr(client, name, wanted[name])
        client.save(update_fields=changed)
        # Scopes stand in the tokens themselves: what was taken away is not to be used for ten minutes more.
        if "scopes" in changed:
            _end_tokens(client, at=at)
        _tell(RestEntry.CLIENT_CHANGED, client, by=by, at=at, fields=changed)
    return changed


def switch_off(client: Client, *, by: Actor, at: datetime) -> None:
    """Its next call is refused, and every token it holds is worth nothing from now on."""
    client.switched_on = False
    client.save(update_fields=["switched_on"])
    _end_tokens(client, at=at)
    _tell(RestEntry.CLIENT_SWITCHED_OFF, client, by=by, at=at)


def switch_on(client: Client, *, by: Actor, at: datetime) -> None:
    """It may get tokens again."""
    client.switched_on = True
    client.save(update_fields=["switched_on"])
    _tell(RestEntry.CLIENT_SWITCHED_ON, client, by=by, at=at)


def make_secret(client: Client, *, by: Actor, at: datetime) -> str:
    """A new secret, told this once; older ones hold for CHANGE_OVER more."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    longer = Q(ends_at=None) | Q(ends_at__gt=at + CHANGE_OVER)
    client.secrets.filter(longer).update(ends_at=at + CHANGE_OVER)
    ClientSecret.objects.create(client=client, sha256=secret_digest(secret), made_at=at)
    _tell(RestEntry.SECRET_MADE, client, by=by, at=at)
    return secret


def end_secrets(client: Client, *, by: Actor, at: datetime) -> None:
    """No secret holds any more, nor a token that was given for one: for when one was seen by others."""
    client.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=at)).update(ends_at=at)
    _end_tokens(client, at=at)
    _tell(RestEntry.SECRETS_ENDED, client, by=by, at=at)


def tidy(*, by: Actor, at: datetime, batch: int = 5000) -> int:
    """Forget at most `batch` each of replies, used assertions and revoked tokens that have expired; how many.

    Within the worker's scope.
    """
    gone = 0
    for model in (Reply, UsedAssertion, RevokedToken):
        old = model._default_manager.filter(expires_at__lt=at).order_by("expires_at").values_list("pk", flat=True)
        gone += model._default_manager.filter(pk__in=list(old[:batch])).delete()[0]
    return gone


def _end_tokens(client: Client, *, at: datetime) -> None:
    client.tokens_from_at = at
    client.save(update_fields=["tokens_from_at"])


def _tell(kind: RestEntry, client: Client, *, by: Actor, at: datetime, **facts: Json) -> None:
    counts = {"client": str(client.pk), **facts}
    record(kind, by=by, at=at, department=client.department, reference=f"client {client.pk}", counts=counts)
