"""The staff's second step: secrets of authenticators stand sealed."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from portal.keys.seals import place, seal_by_ring, unseal_by_ring

_PLACE = place("mfa_authenticator", "data")


class MfaAdapter(DefaultMFAAdapter):
    """Allauth leaves encryption to us."""

    def encrypt(self, text: str) -> str:
        """Sealed by the ring key `sessions`."""
        return base64.b64encode(seal_by_ring("sessions", text.encode(), aad=_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal_by_ring("sessions", base64.b64decode(encrypted_text), aad=_PLACE).decode()
