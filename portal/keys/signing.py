"""Signing keys of the ring as joserfc keys, and their public halves."""

from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from portal.keys.errors import KeyMissing
from portal.keys.ring import ring

SigningKey = ECKey | OKPKey | RSAKey


def signing_key(name: str) -> SigningKey:
    """The newest private key `name` (tokens, receipts, login, checkpoints), with its `kid`."""
    keys = ring().signing.get(name)
    if not keys:
        raise KeyMissing(f"The key ring has no signing key named {name}.")
    key = JWKRegistry.import_key(keys[-1])
    if not isinstance(key, SigningKey):
        raise KeyMissing(f"The key ring's {name} is not a signing key.")
    return key


def public_keys(*names: str) -> list[dict[str, str | list[str]]]:
    """Public JWKs of every version of these keys, oldest first: old signatures verify for ever."""
    return [JWKRegistry.import_key(key).as_dict(private=False) for name in names for key in ring().signing[name]]
