"""Seals: AES-256-GCM over bytes, bound to the place they stand in (NIST SP 800-38D)."""

import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.keys.errors import SealBroken
from portal.keys.ring import ring

_NONCE = 12


def place(*parts: object) -> bytes:
    """The associated data of a seal: table, column, row, and what else tells this place from any other."""
    return "\x1f".join(map(str, parts)).encode()


def seal(key: bytes, plain: bytes, *, aad: bytes) -> bytes:
    """Nonce (12 bytes), ciphertext, tag (16 bytes). `aad` comes from `place`."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def opener(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """`unseal` with one key for many seals, whose schedule is worked out once: `open_one(sealed, aad)`."""
    decrypt = AESGCM(key).decrypt

    def open_one(sealed: bytes, aad: bytes) -> bytes:
        try:
            return decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)
        except (InvalidTag, ValueError):
            raise SealBroken("The sealed bytes do not open.") from None

    return open_one


def unseal(key: bytes, sealed: bytes, *, aad: bytes) -> bytes:
    """The plain bytes; SealBroken when key, place or bytes are not the same."""
    return opener(key)(bytes(sealed), aad)


def seal_by_ring(name: str, plain: bytes, *, aad: bytes) -> bytes:
    """Seal with the newest ring key `name`; two bytes of version stand first."""
    version, key = ring().newest(name)
    return version.to_bytes(2, "big") + seal(key, plain, aad=aad)


def version_under(sealed: bytes) -> int:
    """The version of the ring key that `seal_by_ring` sealed this with."""
    return int.from_bytes(sealed[:2], "big")


def resealed(name: str, sealed: bytes, *, aad: bytes) -> bytes | None:
    """The same under the newest version of the ring key; None when it is on it already."""
    if version_under(sealed) == ring().newest(name)[0]:
        return None
    return seal_by_ring(name, unseal_by_ring(name, sealed, aad=aad), aad=aad)


def unseal_by_ring(name: str, sealed: bytes, *, aad: bytes) -> bytes:
    """Open what `seal_by_ring` sealed, whatever its version."""
    key = ring().version(name, version_under(sealed))
    return unseal(key, sealed[2:], aad=aad)
