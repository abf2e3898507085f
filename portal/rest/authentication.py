"""Who calls: a bearer token, checked here, of a client that is still switched on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.ledger.actor import Actor, ActorKind, Right
from portal.rest.tokens import NotBelieved, claims_of
from portal.walls import sent

# On every call: the ORM would take as long as all the rest of this.
_SWITCHED_ON = "SELECT id FROM rest_client WHERE id = %s AND switched_on"


@dataclass(frozen=True)
class Caller:
    """A department system; `scopes` are those of this token."""

    client: UUID
    department: str
    scopes: frozenset[str]
    is_authenticated: bool = True

    @property
    def actor(self) -> Actor:
        """As the log tells it."""
        return Actor(kind=ActorKind.CLIENT, id=str(self.client), right=Right.CLIENT, unit=self.department)


def caller_of(request: Request) -> Caller:
    """Who calls; only behind `HasScope`, which lets nobody else through."""
    if not isinstance(request.user, Caller):
        raise AuthenticationFailed
    return request.user


class BearerAuthentication(BaseAuthentication):
    """401 without detail for whatever is wrong."""

    def authenticate(self, request: Request) -> tuple[Caller, str] | None:
        """A switched-off client is refused at once, whatever its token says."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return None
        try:
            claims: dict[str, Any] = claims_of(token)
        except NotBelieved:
            raise AuthenticationFailed from None
        if not sent(_SWITCHED_ON, [claims["sub"]])():
            raise AuthenticationFailed
        scopes = frozenset(str(claims.get("scope", "")).split())
        return Caller(UUID(claims["sub"]), str(claims["department"]), scopes), token

    def authenticate_header(self, request: Request) -> str:
        """RFC 6750 §3."""
        return "Bearer"
