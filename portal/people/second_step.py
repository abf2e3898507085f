"""The staff's second step: secrets of authenticators stand sealed."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter

from portal.keys.seals import place, resealed, seal_by_ring, unseal_by_ring

_PLACE = place("mfa_authenticator", "data")


class MfaAdapter(DefaultMFAAdapter):
    """Allauth leaves encryption to us."""

    def encrypt(self, text: str) -> str:
        """Sealed by the ring key `sessions`."""
        return base64.b64encode(seal_by_ring("sessions", text.encode(), aad=_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal_by_ring("sessions", base64.b64decode(encrypted_text), aad=_PLACE).decode()


# What allauth has us encrypt of an authenticator's data.
_SECRETS = ("secret", "seed")


def moved_secrets(data: dict[str, Any]) -> dict[str, Any] | None:
    """An authenticator's data with its secrets under the newest key; None when they are on it already."""
    moved = {}
    for name in _SECRETS:
        if name in data and (sealed := resealed("sessions", base64.b64decode(data[name]), aad=_PLACE)):
            moved[name] = base64.b64encode(sealed).decode()
    return data | moved if moved else None
