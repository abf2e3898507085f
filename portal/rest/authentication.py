"""Who calls: a bearer token, checked here, of a client that is still switched on."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.ledger.actor import Actor, ActorKind, Right
from portal.rest.believing import NotBelieved, believed
from portal.walls import at_once

# On every call: the ORM would take as long as all the rest of this.
_STANDING = """
SELECT purposes, calls_per_second, (SELECT number FROM rest_edition) FROM rest_client
WHERE id = %s AND switched_on AND (tokens_from_at IS NULL OR tokens_from_at <= to_timestamp(%s))
      AND NOT EXISTS (SELECT FROM rest_revokedtoken WHERE jti = %s)
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """A department system; `scopes` are those of this token, `purposes` the slugs it may name: none means all.

    `edition`: of what the city describes and asks, as this call finds it.
    """

    client: UUID
    department: str
    scopes: frozenset[str]
    purposes: tuple[str, ...] = ()
    calls_per_second: int = 1
    edition: UUID | None = None
    is_authenticated: bool = True

    @property
    def actor(self) -> Actor:
        """As the log tells it."""
        return Actor(kind=ActorKind.CLIENT, id=str(self.client), right=Right.CLIENT, unit=self.department)

    def may_name(self, purpose: str) -> bool:
        """The city lets this system ask for the purpose; whose purpose it is, is seen elsewhere."""
        return not self.purposes or purpose in self.purposes


def caller_of(request: Request) -> Caller:
    """Who calls; only behind `HasScope`, which lets nobody else through."""
    if not isinstance(request.user, Caller):
        raise AuthenticationFailed
    return request.user


def token_of(header: str) -> str:
    """The bearer token of an Authorization header; nothing when it holds none."""
    kind, _, token = header.partition(" ")
    return token if kind.lower() == "bearer" else ""


class BearerAuthentication(BaseAuthentication):
    """401 without detail for whatever is wrong."""

    def authenticate(self, request: Request) -> tuple[Caller, str] | None:
        """A switched-off client is refused at once, whatever its token says; so is a token that was given back."""
        token = token_of(request.META.get("HTTP_AUTHORIZATION", ""))
        if not token:
            return None
        try:
            found = believed(token)
        except NotBelieved:
            raise AuthenticationFailed from None
        standing = at_once(_STANDING, [found.client, found.given, found.jti])
        if not standing:
            raise AuthenticationFailed
        purposes, most, edition = standing[0]
        most = most or settings.API_CALLS_PER_SECOND
        return Caller(found.client, found.department, found.scopes, tuple(purposes), most, edition), token

    def authenticate_header(self, request: Request) -> str:
        """RFC 6750 §3."""
        return "Bearer"
