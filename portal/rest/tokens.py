"""Tokens: client credentials by signed assertion (RFC 7523), access tokens as signed JWTs (RFC 9068, ES256)."""

import hashlib
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from portal.keys.ring import ring
from portal.keys.signing import signing_key
from portal.rest.models import SCOPES, Client
from portal.walls import Role, scope

TOKEN_SECONDS = 600
LONGEST_ASSERTION = 300
ALGORITHM = "ES256"
_USE = "INSERT INTO rest_usedassertion (jti_sha256, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"


class NotBelieved(Exception):
    """The token does not hold."""


class Assertion(JWTBearerClientAssertion):
    """Who the client is; each assertion once."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def get_audiences(self) -> list[str]:
        """This token endpoint, or this site."""
        return [f"{settings.PUBLIC_URL}/oauth/token/", settings.PUBLIC_URL]

    def resolve_client_public_key(self, client: Client) -> KeySet:
        """The keys pasted for this client."""
        return KeySet.import_key_set(client.jwks)

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """True the first time only; an assertion that would live long is refused."""
        until = claims["exp"]
        if not isinstance(until, int) or until > time.time() + LONGEST_ASSERTION:
            return False
        digest = hashlib.sha256(f"{claims['sub']}\x1f{jti}".encode()).digest()
        until_at = datetime.fromtimestamp(until + 2 * self.leeway, tz=UTC)
        with connection.cursor() as cursor:
            cursor.execute(_USE, [digest, until_at])
            return bool(cursor.rowcount == 1)


class _AccessTokens(JWTBearerTokenGenerator):
    def get_jwks(self) -> Any:
        return signing_key("tokens")

    def get_extra_claims(self, client: Client, grant_type: str, user: Any, scope: str) -> dict[str, str]:
        return {"department": client.department}

    def get_audiences(self, client: Client, user: Any, scope: str) -> str:
        return f"{settings.PUBLIC_URL}/api/"


class _Server(AuthorizationServer):
    def query_client(self, client_id: str) -> Client | None:
        try:
            return Client.objects.filter(pk=client_id, switched_on=True).first()
        except ValidationError:
            return None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Tokens are not stored; when one was last given is."""
        Client.objects.filter(pk=request.client.pk).update(last_token_at=timezone.now())


class _ByAssertion(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]


@lru_cache(maxsize=1)
def server() -> AuthorizationServer:
    """The authorization server of this process."""
    made = _Server(Client, None)
    made.scopes_supported = list(SCOPES)
    made.register_client_auth_method("private_key_jwt", Assertion())
    made.register_grant(_ByAssertion)
    made.register_token_generator(
        "default",
        _AccessTokens(settings.PUBLIC_URL, alg=ALGORITHM, expires_generator=lambda *_: TOKEN_SECONDS),
    )
    return made


def token_response(request: Any) -> Any:
    """What the token endpoint answers, in the API's scope."""
    with scope(Role.API):
        return server().create_token_response(request)


@lru_cache(maxsize=1)
def _public() -> KeySet:
    return KeySet([ECKey.import_key(key) for key in ring().signing["tokens"]])


_believed: dict[bytes, tuple[float, dict[str, Any]]] = {}
_MOST_REMEMBERED = 10_000


def claims_of(token: str) -> dict[str, Any]:
    """The claims of an access token that we signed for this API and that has not expired; NotBelieved otherwise.

    A token that held is remembered by its SHA-256 until it expires: checking a signature costs 200 times a look-up.
    """
    digest = hashlib.sha256(token.encode()).digest()
    now = time.time()
    if (known := _believed.get(digest)) and known[0] > now:
        return known[1]
    try:
        claims: dict[str, Any] = jwt.decode(token, _public(), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        raise NotBelieved from None
    good = (
        claims.get("iss") == settings.PUBLIC_URL
        and claims.get("aud") == f"{settings.PUBLIC_URL}/api/"
        and isinstance(claims.get("exp"), int)
        and claims["exp"] > now
    )
    if not good:
        raise NotBelieved
    if len(_believed) >= _MOST_REMEMBERED:
        _believed.clear()
    _believed[digest] = (float(claims["exp"]), claims)
    return claims
