"""Which city asks at the token endpoint: it signs who it is with its key of packages (private_key_jwt, RFC 7523)."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.trust.keysets import key_of
from portal.rest.once import used_first

_ALGORITHMS = ["ES256", "EdDSA"]
# An assertion lives for a minute; two cities' clocks may differ by so much.
_LONGEST, _SKEW = timedelta(seconds=60), timedelta(seconds=10)
_MOST_LETTERS = 200


class NotThatCity(Exception):
    """Nobody whom we trust signed this, for this, just now; why is told to nobody."""


class KeysNotKnown(Exception):
    """The city's keys cannot be had at this moment: it may bring the very same again."""


class Signed(NamedTuple):
    """An assertion of a city: its name in that city (`jti`), and until when it is remembered once it was used."""

    city: str
    jti: str
    until: datetime

    def is_used_first(self) -> bool:
        """Within the API's scope; waits for whoever shows the same at this moment."""
        return used_first(f"city:{self.city}", self.jti, until=self.until)


def signed_by_city(assertion: str, *, client_id: str, at: datetime) -> Signed:
    """Who signed it; nothing is used up. NotThatCity, KeysNotKnown. Own scopes, and that city may be asked for keys."""
    claims = _claims(assertion, client_id, at=at)
    until = claims.get("exp")
    if type(until) is not int or not at - _SKEW < _moment(until) <= at + _LONGEST + _SKEW:
        raise NotThatCity
    jti = claims.get("jti")
    named = claims.get("iss") == client_id == claims.get("sub")
    if not named or claims.get("aud") not in (_here(), [_here()]):
        raise NotThatCity
    if not isinstance(jti, str) or not 1 <= len(jti) <= _MOST_LETTERS:
        raise NotThatCity
    return Signed(client_id, jti, _moment(until) + _SKEW)


def _claims(assertion: str, client_id: str, *, at: datetime) -> dict[str, Any]:
    """What that city signed with a key that it has not withdrawn; keys come from its published set only."""
    try:
        kid = jws.extract_compact(assertion.encode()).headers().get("kid")
        if not isinstance(kid, str):
            raise NotThatCity
        found = key_of(client_id, kid, at=at)
        if found.withdrawn_at is not None:
            raise NotThatCity
        key = JWKRegistry.import_key(dict(found.jwk))
        return dict(jwt.decode(assertion, key, algorithms=_ALGORITHMS).claims)
    except Refused as refusal:
        # It may be asked for its keys by another process just now: that it is not who it says is not known yet.
        raise (KeysNotKnown if refusal.reason is Reason.KEYS_UNREACHABLE else NotThatCity) from None
    except (JoseError, ValueError, TypeError):
        raise NotThatCity from None


def _here() -> str:
    return f"{settings.PUBLIC_URL}/transfers/token"


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise NotThatCity from None
