"""The tokens of a person: an authorization code buys an access token, that one a ticket for one scope (UMA 2.0 grant).

Tokens live in this memory only, and end with the connector. They come from the token server itself, over TLS, so their
signatures are not checked again (OpenID Connect Core 1.0, 3.1.3.7, point 6); what they say is.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from datasources.connectors.gdpr_api.client import Client
from datasources.connectors.gdpr_api.shape import Settings
from datasources.errors import Garbled, NotLet, Refused, Unreachable

_UMA_TICKET = "urn:ietf:params:oauth:grant-type:uma-ticket"
_EARLY = 5.0  # seconds before its end that a token is no longer used


@dataclass(frozen=True)
class Token:
    """A JWT, and what it says."""

    text: str = field(repr=False)
    claims: dict[str, Any] = field(repr=False)
    ends: float

    @property
    def lasts(self) -> bool:
        """It may still be used."""
        return time.monotonic() < self.ends - _EARLY


@dataclass(frozen=True)
class Subject:
    """A person as the GDPR API knows them, and the token that speaks for them."""

    id: str = field(repr=False)
    access: Token


class Tokens:
    """The token server; `{identity code: Subject}` of those who came with a code, tickets by person and scope."""

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self._subjects: dict[str, Subject] = {}
        self._tickets: dict[tuple[str, str], Token] = {}

    def introduce(self, identity_code: str, code: str, *, redirect_uri: str, verifier: str) -> None:
        """Keep the token that the person's authorization code buys (RFC 6749 4.1.3, RFC 7636)."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        access = self._asked(form | {"code_verifier": verifier})
        identity = access.claims.get(self._settings.id_claim)
        if not isinstance(identity, str):
            raise Garbled("The token of the person has no {id_claim}.", id_claim=self._settings.id_claim)
        self._subjects[identity_code] = Subject(identity, access)

    def subject(self, identity_code: str) -> Subject:
        """Who came with a code, or whose id is told to a service account; NotLet when neither."""
        known = self._subjects.get(identity_code)
        if known and known.access.lasts:
            return known
        identity = (self._settings.ids or {}).get(identity_code)
        if identity is None:
            raise NotLet("The GDPR API is asked only with a token of the person, and there is none.")
        access = self._asked({"grant_type": "client_credentials"})
        self._subjects[identity_code] = Subject(str(identity), access)
        return self._subjects[identity_code]

    def ticket(self, subject: Subject, scope: str) -> str:
        """The token for one scope of the API. Refused when it is about another person or for another API."""
        held = self._tickets.get((subject.id, scope))
        if held is None or not held.lasts:
            form = {"grant_type": _UMA_TICKET, "audience": self._settings.audience, "permission": f"#{scope}"}
            held = self._asked(form, bearer=subject.access.text)
            audience = held.claims.get("aud")
            audiences = audience if isinstance(audience, list) else [audience]
            whose = held.claims.get("sub")
            if whose is None or whose != subject.access.claims.get("sub") or self._settings.audience not in audiences:
                raise Refused("The token server gave a token for someone or something else than asked.")
            self._tickets[subject.id, scope] = held
        return held.text

    def forget(self, subject: Subject, scope: str) -> None:
        """The API does not take this ticket: the next one is a new one."""
        self._tickets.pop((subject.id, scope), None)

    def _asked(self, form: dict[str, str], *, bearer: str = "") -> Token:
        ours = {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        # Keycloak takes one proof of who asks: the person's token speaks for itself.
        answer = self._client.send(
            "POST", self._settings.token_url, bearer=bearer, form=form if bearer else form | ours
        )
        if answer.status in {400, 401, 403}:
            raise Refused("The token server gives no token for the GDPR API.")
        if answer.status >= 500:  # noqa: PLR2004 - HTTP
            raise Unreachable("The token server is out of order (HTTP {status}).", status=answer.status)
        if answer.status != 200:  # noqa: PLR2004 - HTTP
            raise Garbled("The token server answered HTTP {status}.", status=answer.status)
        return _token(answer.object())


def _token(told: dict[str, Any]) -> Token:
    text, lasts = told.get("access_token"), told.get("expires_in", 60)
    if not isinstance(text, str) or not isinstance(lasts, int | float):
        raise Garbled("The token server sent no token.")
    try:
        parts = jws.extract_compact(text.encode())
        claims = msgspec.json.decode(parts.payload, type=dict[str, Any])
    except (JoseError, ValueError, RecursionError):
        raise Garbled("The token server sent something that is no token.") from None
    if parts.headers().get("alg") != "RS256":
        raise Garbled("The token server signs otherwise than agreed (RS256).")
    return Token(text, claims, time.monotonic() + lasts)
