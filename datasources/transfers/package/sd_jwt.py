"""SD-JWT (RFC 9901) as verifiable credentials (draft-ietf-oauth-sd-jwt-vc): made, shown in part, and read.

Nothing binds them to a key of the holder, for residents have no wallet here: whoever has the file can show it. Who is
asked to believe one asks also who shows it; `about` carries what they can compare.
"""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, OKPKey

from datasources.transfers.package.signatures import ALGORITHMS, SigningKey

KIND, VOCABULARY = "dc+sd-jwt", "urn:omattiedot:fact:"
_SALT, _LARGEST = 16, 64 * 1024


class NotAFact(Exception):
    """It is no fact that holds: changed, over, or signed by nobody that is known."""


def make(kind: str, claims: Mapping[str, Any], *, issuer: str, at: datetime, expires: datetime, key: SigningKey) -> str:
    """An SD-JWT of which every claim can be shown or not. `kind` becomes its `vct`, `issuer` is the city's address."""
    disclosures = [_encoded(json.dumps([_salt(), name, value], ensure_ascii=False)) for name, value in claims.items()]
    told = {
        "iss": issuer,
        "iat": int(at.timestamp()),
        "exp": int(expires.timestamp()),
        "vct": f"{VOCABULARY}{kind}",
        "_sd_alg": "sha-256",
        # In the order of the digests: where one stands tells nothing of what it is.
        "_sd": sorted(_digest(each) for each in disclosures),
    }
    header = {"alg": "EdDSA" if isinstance(key, OKPKey) else "ES256", "kid": key.kid, "typ": KIND}
    signed = jws.serialize_compact(header, json.dumps(told).encode(), key, algorithms=list(ALGORITHMS))
    return "~".join([signed, *disclosures, ""])


def shown(sd_jwt: str, names: Collection[str]) -> str:
    """The same with these claims only: what a holder hands to somebody. NotAFact."""
    signed, *disclosures = _parts(sd_jwt)
    return "~".join([signed, *(each for each in disclosures if _opened(each)[0] in names), ""])


def read(sd_jwt: str, key_of: Callable[[str], Mapping[str, Any] | None], *, at: datetime) -> dict[str, Any]:
    """Its claims: who says so, what kind, and what is shown. `key_of`: kid -> public JWK of that city. NotAFact."""
    signed, *disclosures = _parts(sd_jwt)
    told = _signed(signed, key_of)
    if told.get("_sd_alg") != "sha-256" or not isinstance(told.get("exp"), int) or told["exp"] <= at.timestamp():
        raise NotAFact
    digests = told.pop("_sd", [])
    if not isinstance(digests, list) or not {_digest(each) for each in disclosures} <= set(map(str, digests)):
        raise NotAFact
    opened = dict(map(_opened, disclosures))
    if len(opened) < len(disclosures) or opened.keys() & {*told, "_sd", "..."}:
        raise NotAFact
    del told["_sd_alg"]
    return told | opened


def _signed(signed: str, key_of: Callable[[str], Mapping[str, Any] | None]) -> dict[str, Any]:
    try:
        header = json.loads(_decoded(signed.partition(".")[0]))
        key = key_of(header["kid"])
        expected = {"EC": "ES256", "OKP": "EdDSA"}.get(key["kty"] if key else "")
        if key is None or header["typ"] != KIND or header["alg"] != expected:
            raise NotAFact
        read_ = jws.deserialize_compact(signed, JWKRegistry.import_key(dict(key)), algorithms=list(ALGORITHMS))
        told = json.loads(read_.payload)
    except (JoseError, binascii.Error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotAFact from None
    if not isinstance(told, dict):
        raise NotAFact
    return told


def _parts(sd_jwt: str) -> list[str]:
    """The signed part and its disclosures; what stands after the last `~` would be a proof of a key: there is none."""
    *parts, last = sd_jwt.split("~")
    if not parts or last or len(sd_jwt) > _LARGEST or len(set(parts)) < len(parts):
        raise NotAFact
    return parts


def _opened(disclosure: str) -> tuple[str, Any]:
    try:
        _, name, value = json.loads(_decoded(disclosure))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise NotAFact from None
    if not isinstance(name, str):
        raise NotAFact
    return name, value


def _salt() -> str:
    return secrets.token_urlsafe(_SALT)


def _digest(disclosure: str) -> str:
    return _encoded(hashlib.sha256(disclosure.encode()).digest())


def _encoded(data: str | bytes) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
