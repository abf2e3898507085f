"""Tokens: client credentials by signed assertion (RFC 7523) or secret, access tokens as signed JWTs (RFC 9068)."""

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.keys.signing import signing_key
from portal.rest.believing import ALGORITHM, Believed, NotBelieved, believed
from portal.rest.keysets import ALGORITHMS, keys_of
from portal.rest.models import SCOPES, Client, RevokedToken
from portal.rest.once import used_first
from portal.walls import Role, scope

TOKEN_SECONDS = 600
LONGEST_ASSERTION = 300
METHODS = ["private_key_jwt", "client_secret_basic"]


class Assertion(JWTBearerClientAssertion):
    """Who the client is; each assertion once."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __call__(self, query_client: Any, request: Any) -> Any:
        """The client, which is told the `kid` that its assertion names: a key may have come since we last looked."""

        def named(client_id: str) -> Client | None:
            client: Client | None = query_client(client_id)
            if client is not None:
                client.kid = _kid(request.form["client_assertion"])
            return client

        return super().__call__(named, request)

    def get_audiences(self) -> list[str]:
        """This token endpoint, or this site."""
        return [f"{settings.PUBLIC_URL}/oauth/token/", settings.PUBLIC_URL]

    def resolve_client_public_key(self, client: Any) -> KeySet:
        """All keys of this client that hold."""
        return keys_of(client, kid=client.kid, at=timezone.now())

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> Any:
        """What a key of the client signed, by an algorithm that was agreed."""
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            raise InvalidClientError from None
        self.verify_claims(token.claims)
        return token.claims

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """True the first time only; an assertion that would live long is refused."""
        until = claims["exp"]
        if not isinstance(until, int) or until > time.time() + LONGEST_ASSERTION:
            return False
        return used_first(claims["sub"], jti, until=datetime.fromtimestamp(until + 2 * self.leeway, tz=UTC))


def _kid(assertion: str) -> str | None:
    kid = jws.extract_compact(assertion.encode()).headers().get("kid")
    return kid if isinstance(kid, str) else None


def _by_secret(query_client: Any, request: Any) -> Client | None:
    """HTTP Basic (RFC 6749 §2.3.1); whatever is wrong with it shows no client."""
    try:
        client_id, secret = extract_basic_authorization(request.headers)
    except ValueError:
        return None
    client: Client | None = query_client(client_id) if client_id and secret else None
    return client if client and client.has_secret(secret, at=timezone.now()) else None


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

    def handle_error_response(self, request: Any, error: Any) -> Any:
        """Who is not let in is not told why: an unknown system and a wrong key look alike."""
        plain = InvalidClientError(status_code=401) if isinstance(error, InvalidClientError) else error
        return super().handle_error_response(request, plain)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Tokens are not stored; when one was last given is."""
        Client.objects.filter(pk=request.client.pk).update(last_token_at=timezone.now())


class _ByCredentials(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _GivenBack:
    """A token as the revocation endpoint asks about it."""

    def __init__(self, token: Believed) -> None:
        self.token = token

    def check_client(self, client: Client) -> bool:
        return self.token.client == client.pk


class _Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS
    SUPPORTED_TOKEN_TYPES = ["access_token"]

    def query_token(self, token_string: str, token_type_hint: str | None) -> _GivenBack | None:
        """None for a token that does not hold anyway (RFC 7009 §2.2)."""
        try:
            return _GivenBack(believed(token_string))
        except NotBelieved:
            return None

    def revoke_token(self, token: _GivenBack, request: Any) -> None:
        ends_at = datetime.fromtimestamp(token.token.ends, tz=UTC)
        RevokedToken.objects.bulk_create([RevokedToken(jti=token.token.jti, expires_at=ends_at)], ignore_conflicts=True)


@lru_cache(maxsize=1)
def server() -> AuthorizationServer:
    """The authorization server of this process."""
    made = _Server(Client, None)
    made.scopes_supported = list(SCOPES)
    made.register_client_auth_method("private_key_jwt", Assertion())
    made.register_client_auth_method("client_secret_basic", _by_secret)
    made.register_grant(_ByCredentials)
    made.register_endpoint(_Revocation)
    made.register_token_generator(
        "default",
        _AccessTokens(settings.PUBLIC_URL, alg=ALGORITHM, expires_generator=lambda *_: TOKEN_SECONDS),
    )
    return made


def token_response(request: HttpRequest) -> HttpResponse:
    """What the token endpoint answers, in the API's scope."""
    with scope(Role.API):
        answer: HttpResponse = server().create_token_response(request)
    return answer


def revocation_response(request: HttpRequest) -> HttpResponse:
    """What the revocation endpoint answers, in the API's scope: 200 for whatever does not hold after it."""
    with scope(Role.API):
        answer: HttpResponse = server().create_endpoint_response(_Revocation.ENDPOINT_NAME, request)
    return answer
