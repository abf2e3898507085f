"""A package sealed as a whole to the receiving city's public key, so that it can be carried by mail.

JWE in compact form (RFC 7516 §7.1), ECDH-ES+A256KW on P-256 and A256GCM, written and opened a piece at a time: JOSE
libraries hold the whole of it in memory several times over. Tests hold both ends against such a library.
"""

import base64
import binascii
import json
import os
from collections.abc import Callable
from io import SEEK_END
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import MEDIA_TYPE
from datasources.transfers.package.zips import LARGEST, Sink
from portal.keys.errors import KeyMissing

SEALED_MEDIA_TYPE = "application/jose"
_ALGORITHM, _ENCRYPTION, _TYPE = "ECDH-ES+A256KW", "A256GCM", "transfer-package+jwe"
_IV, _KEY, _LONGEST_HEAD = 12, 32, 4096
# Sixteen bytes.
_TAG_SIGNS = 22
# Of base64: whole groups, so that pieces can be written one after the other.
_PIECE = 3 << 18


class Sealing:
    """A sink that seals what is written to it into another, for the owner of a public JWK with a `kid`; `end` it."""

    def __init__(self, sink: Sink, key: dict[str, Any]) -> None:
        ephemeral = ec.generate_private_key(ec.SECP256R1())
        epk = ECKey.import_key(ephemeral.public_key()).as_dict(private=False)
        header = {"alg": _ALGORITHM, "enc": _ENCRYPTION, "kid": key["kid"], "typ": _TYPE, "cty": MEDIA_TYPE}
        header["epk"] = {word: epk[word] for word in ("kty", "crv", "x", "y")}
        protected = _encoded(json.dumps(header, separators=(",", ":")).encode())
        content_key, iv = os.urandom(_KEY), os.urandom(_IV)
        wrapped = aes_key_wrap(_agreed(ephemeral, ECKey.import_key(key).public_key), content_key)
        self._sealing = Cipher(AES(content_key), GCM(iv)).encryptor()
        self._sealing.authenticate_additional_data(protected)
        self._sink, self._waiting = sink, bytearray()
        sink.write(b".".join([protected, _encoded(wrapped), _encoded(iv), b""]))

    def write(self, data: bytes, /) -> None:
        """Seal these bytes; up to two wait for the third."""
        self._waiting += self._sealing.update(data)
        whole = len(self._waiting) // 3 * 3
        self._sink.write(_encoded(bytes(self._waiting[:whole])))
        del self._waiting[:whole]

    def end(self) -> None:
        """The last bytes, and the tag over all."""
        self._sealing.finalize()
        self._sink.write(_encoded(bytes(self._waiting)) + b"." + _encoded(self._sealing.tag))
        self._waiting.clear()


def is_sealed(file: IO[bytes]) -> bool:
    """By its first bytes; a ZIP begins otherwise."""
    file.seek(0)
    return file.read(3) == b"eyJ"


def unseal(file: IO[bytes], sink: Sink, keys: Callable[[str], ECKey]) -> None:
    """Open a sealed package into `sink`. Refused, and then what the sink was given is to be thrown away.

    `keys`: kid -> private key, raising KeyMissing (`portal.keys.package_keys.opening_key`).
    """
    length = file.seek(0, SEEK_END)
    if length > LARGEST * 4 // 3 + _LONGEST_HEAD:
        raise Refused(Reason.TOO_LARGE)
    file.seek(0)
    parts = file.read(min(_LONGEST_HEAD, length)).split(b".", 3)
    if len(parts) < 4:  # noqa: PLR2004 - header, key, iv, and what is sealed
        raise Refused(Reason.NOT_A_PACKAGE)
    begin, end = sum(map(len, parts[:3])) + 3, length - _TAG_SIGNS - 1
    file.seek(max(end, 0))
    tail = file.read()
    if not tail.startswith(b".") or len(tail) != _TAG_SIGNS + 1 or end < begin:
        raise Refused(Reason.BROKEN_OFF)
    tag = _decoded(tail[1:])
    opening = _opening(parts[0], parts[1], parts[2], keys)
    file.seek(begin)
    while begin < end:
        piece = file.read(min(_PIECE * 4 // 3, end - begin))
        begin += len(piece)
        if not piece:
            raise Refused(Reason.BROKEN_OFF)
        sink.write(opening.update(_decoded(piece)))
    try:
        opening.finalize_with_tag(tag)
    except InvalidTag:
        raise Refused(Reason.NOT_FOR_OUR_KEY) from None


def _opening(protected: bytes, wrapped: bytes, iv: bytes, keys: Callable[[str], ECKey]) -> Any:
    try:
        header = json.loads(_decoded(protected))
        kid, epk = header["kid"], ECKey.import_key(header["epk"])
        good = (header["alg"], header["enc"], header["typ"]) == (_ALGORITHM, _ENCRYPTION, _TYPE)
        if not good or "zip" in header or epk.curve_name != "P-256":
            raise Refused(Reason.NOT_A_PACKAGE)
        content_key = aes_key_unwrap(_agreed(keys(kid).private_key, epk.public_key), _decoded(wrapped))
        opening = Cipher(AES(content_key), GCM(_decoded(iv))).decryptor()
    except (KeyMissing, InvalidUnwrap):
        raise Refused(Reason.NOT_FOR_OUR_KEY) from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused(Reason.NOT_A_PACKAGE) from None
    opening.authenticate_additional_data(protected)
    return opening


def _agreed(private: ec.EllipticCurvePrivateKey | None, public: ec.EllipticCurvePublicKey) -> bytes:
    """The key that wraps the content key: Concat KDF over the shared secret (RFC 7518 §4.6.2), no party named."""
    if private is None:
        raise KeyMissing("The key ring holds no private half of this key.")
    shared = private.exchange(ec.ECDH(), public)
    name = _ALGORITHM.encode()
    told = len(name).to_bytes(4, "big") + name + bytes(8) + (_KEY * 8).to_bytes(4, "big")
    return ConcatKDFHash(SHA256(), _KEY, told).derive(shared)


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    """Exactly what `_encoded` writes. Refused."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused(Reason.CHANGED) from None
    if _encoded(data) != text:
        raise Refused(Reason.CHANGED)
    return data
