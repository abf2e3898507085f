"""The two signed words of an errand: the link that leads here, by the service; the result that leads back, by us.

Both are JWS (RFC 7515), each with a `typ` of its own, so that no other token of anyone's can stand for them (RFC 8725
§3.11).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from joserfc import jws, jwt
from joserfc.errors import JoseError

from consents.enums import ErrandResult
from consents.errors import LinkBroken, LinkExpired, QuestionUnknown, ReturnUnknown
from consents.models import Errand, ReturnAddress
from consents.rules.returning import is_at_or_below, is_return_address
from portal.keys.indexes import NotAnIdentityCode, normal_identity_code
from portal.keys.signing import signing_key
from portal.people.subjects import NotASubject, raw_subject
from portal.rest.keysets import ALGORITHMS, keys_of
from portal.rest.models import Client

TYPE, RESULT_TYPE = "errand+jwt", "errand-result+jwt"
# How long a link may hold, and how far the clocks of two machines may be apart.
LONGEST, LEEWAY = timedelta(minutes=15), timedelta(minutes=1)
RESULT_HOLDS = timedelta(minutes=5)
_NEEDS = "consents:request"
_LARGEST = 4096
_SECOND_1970_TO_9999 = 253_402_300_799

Word = Annotated[str, msgspec.Meta(min_length=8, max_length=128, pattern=r"^[A-Za-z0-9._~-]+$")]
State = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._~-]+$")]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=_SECOND_1970_TO_9999)]
Slug = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern="^[a-z0-9-]+$")]


class Claims(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a link says: all of it, and nothing else, so that a typo never means something."""

    iss: UUID
    aud: str
    iat: Seconds
    exp: Seconds
    jti: Word
    purpose: Slug
    return_to: Annotated[str, msgspec.Meta(max_length=300)]
    state: State
    subject: str | None = None


@dataclass(frozen=True)
class Link:
    """A link that holds: which system made it, and what it says. `subject`: 16 bytes, or None."""

    client: Client
    claims: Claims
    subject: bytes | None


def audience() -> str:
    """Whom a link is for: this address of this portal."""
    return f"{settings.PUBLIC_URL}/errand/"


def read_link(token: str, *, at: datetime) -> Link:
    """What the service signed, within the API's scope. LinkBroken, LinkExpired, ReturnUnknown, QuestionUnknown."""
    client = _client_of(token)
    claims = _claims(token, client, at=at)
    _must_hold_now(claims, at=at)
    # By their code nobody is named in an address.
    if claims.aud != audience() or _tells_a_code(claims.state) or _tells_a_code(claims.return_to):
        raise LinkBroken
    if client.purposes and claims.purpose not in client.purposes:
        raise QuestionUnknown
    if not is_return_address(claims.return_to, plain_http=settings.PLAIN_HTTP):
        raise ReturnUnknown
    if not is_at_or_below(claims.return_to, confirmed_of(client.pk)):
        raise ReturnUnknown
    try:
        return Link(client, claims, raw_subject(claims.subject) if claims.subject is not None else None)
    except NotASubject:
        raise LinkBroken from None


def confirmed_of(client: UUID) -> list[str]:
    """The addresses of a system that two people have looked at and nobody has ended."""
    rows = ReturnAddress.objects.filter(client=client, confirmed_at__isnull=False, ended_at=None)
    return list(rows.values_list("address", flat=True))


def signed_result(errand: Errand, result: ErrandResult, *, at: datetime) -> str:
    """What the service is told: that somebody answered, or will later; by `state` it knows whom."""
    key = signing_key("tokens")
    claims = {
        "iss": settings.PUBLIC_URL,
        "aud": str(errand.client),
        "iat": int(at.timestamp()),
        "exp": int((at + RESULT_HOLDS).timestamp()),
        "jti": str(uuid4()),
        "purpose": errand.purpose.slug,
        "state": errand.state,
        "result": result.value,
    }
    return str(jwt.encode({"alg": "ES256", "kid": key.kid or "", "typ": RESULT_TYPE}, claims, key))


def _client_of(token: str) -> Client:
    """The system that says it made the link, if it may ask; what it signed is looked at next."""
    if not token.isascii() or len(token) > _LARGEST:
        raise LinkBroken
    try:
        unread = jws.extract_compact(token.encode())
        named = msgspec.json.decode(unread.payload, type=dict[str, Any]).get("iss")
    except (JoseError, ValueError, RecursionError, msgspec.DecodeError):
        raise LinkBroken from None
    if unread.headers().get("typ") != TYPE or not isinstance(named, str):
        raise LinkBroken
    try:
        client = Client.objects.filter(pk=named, switched_on=True, scopes__contains=[_NEEDS]).first()
    except ValidationError:
        raise LinkBroken from None
    if client is None:
        raise LinkBroken
    kid = unread.headers().get("kid")
    client.kid = kid if isinstance(kid, str) else None
    return client


def _claims(token: str, client: Client, *, at: datetime) -> Claims:
    try:
        read = jwt.decode(token, keys_of(client, kid=client.kid, at=at), algorithms=ALGORITHMS)
        return msgspec.convert(read.claims, Claims)
    except (JoseError, ValueError, msgspec.ValidationError):
        raise LinkBroken from None


def _must_hold_now(claims: Claims, *, at: datetime) -> None:
    begins, ends = (datetime.fromtimestamp(moment, tz=UTC) for moment in (claims.iat, claims.exp))
    if begins > at + LEEWAY or not timedelta(0) < ends - begins <= LONGEST:
        raise LinkBroken
    if ends + LEEWAY <= at:
        raise LinkExpired


# What may be an identity code within a longer word.
_MAYBE = re.compile(r"(?=([0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Za-z]))")


def _tells_a_code(text: str) -> bool:
    for found in _MAYBE.findall(text):
        try:
            normal_identity_code(found)
        except NotAnIdentityCode:
            continue
        return True
    return False
