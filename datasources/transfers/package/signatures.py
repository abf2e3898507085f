"""The signature of a package: detached over the list of its files (RFC 7515 appendix F), and over the archive's bytes.

The header tells the SHA-256 of every byte of the archive that stands before the signature; what stands after it
follows from what stands before. So not one bit of a package can be changed.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from joserfc.registry import HeaderParameter

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import KIND

ALGORITHMS = ("ES256", "EdDSA")
ARCHIVE = "archive_sha256"
MOST_BYTES = 4096
_PARTS = re.compile(r"([A-Za-z0-9_-]{1,2000})\.\.([A-Za-z0-9_-]{1,700})", re.ASCII)
_HEX = re.compile("[0-9a-f]{64}", re.ASCII)


class _Registry(jws.JWSRegistry):
    """The list of a large package is longer than a token ever is."""

    max_payload_length = 32 * 1024 * 1024


_REGISTRY = _Registry(
    header_registry={ARCHIVE: HeaderParameter("SHA-256 of the archive before this signature", "str", required=True)},
    algorithms=list(ALGORITHMS),
)
SigningKey = ECKey | OKPKey | RSAKey


@dataclass(frozen=True)
class Signature:
    """A signature that was read and not yet verified."""

    algorithm: str
    kid: str
    archive: str
    head: str
    signed: str


def signature_over(manifest: bytes, *, archive: str, key: SigningKey) -> bytes:
    """`manifest.jws`. `archive`: SHA-256, in hexadecimal, of all that stands before it."""
    algorithm = "EdDSA" if isinstance(key, OKPKey) else "ES256"
    header = {"alg": algorithm, "kid": key.kid, "typ": KIND, ARCHIVE: archive}
    head, _, signed = jws.serialize_compact(header, manifest, key, registry=_REGISTRY).split(".")
    return f"{head}..{signed}".encode()


def signature_of(data: bytes) -> Signature:
    """As it was written. Refused: NO_SIGNATURE, ALGORITHM."""
    parts = _PARTS.fullmatch(data.decode("ascii", "replace"))
    if parts is None:
        raise Refused(Reason.NO_SIGNATURE)
    header = _header(parts[1])
    if header.get("alg") not in ALGORITHMS:
        raise Refused(Reason.ALGORITHM)
    archive, kid = header.get(ARCHIVE), header.get("kid")
    if header.keys() != {"alg", "kid", "typ", ARCHIVE} or header["typ"] != KIND:
        raise Refused(Reason.NO_SIGNATURE)
    if not isinstance(kid, str) or not isinstance(archive, str) or not _HEX.fullmatch(archive):
        raise Refused(Reason.NO_SIGNATURE)
    return Signature(header["alg"], kid, archive, parts[1], parts[2])


def _header(encoded: str) -> dict[str, Any]:
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise Refused(Reason.NO_SIGNATURE) from None
    if not isinstance(header, dict):
        raise Refused(Reason.NO_SIGNATURE)
    return header


def look_at(signature: Signature, manifest: bytes, key: dict[str, Any]) -> None:
    """Made over just these bytes, by the key whose public JWK this is. Refused: ALGORITHM, SIGNATURE."""
    # The key says how it is used, not whoever signed: a public key is never taken for a shared secret.
    fits = {"EC": "ES256", "OKP": "EdDSA"}.get(key.get("kty", ""))
    if fits != signature.algorithm:
        raise Refused(Reason.ALGORITHM)
    raw = base64.urlsafe_b64decode(signature.signed + "=" * (-len(signature.signed) % 4))
    # The last sign of base64 has bits to spare: another spelling of the same bytes is none of ours.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != signature.signed:
        raise Refused(Reason.SIGNATURE)
    try:
        public = JWKRegistry.import_key(key)
        told = f"{signature.head}..{signature.signed}"
        jws.deserialize_compact(told, public, registry=_REGISTRY, payload=manifest)
    except (JoseError, ValueError, TypeError):
        raise Refused(Reason.SIGNATURE) from None
