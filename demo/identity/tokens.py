"""ID tokens of the demo, sound or broken."""

import time
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import RSAKey

from demo.identity.breakage import Break

_LIFE = 120


class Signer:
    """Two keys: the published one, and one that nobody knows."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        self.stranger = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)

    def jwks(self) -> dict[str, Any]:
        """What the portal fetches."""
        return {"keys": [self.key.as_dict(private=False)]}

    def id_token(
        self, claims: dict[str, Any], *, issuer: str, audience: str, nonce: str, acr: str, to: RSAKey, broken: Break
    ) -> str:
        """A signed token inside an encrypted one, with at most one fault in it."""
        now = int(time.time())
        told = {
            **claims,
            "iss": issuer if broken is not Break.ISSUER else "https://elsewhere.example",
            "aud": audience if broken is not Break.AUDIENCE else "another-client",
            "nonce": nonce if broken is not Break.NONCE else "another-nonce",
            "acr": acr if broken is not Break.ACR else "http://ftn.ficora.fi/2017/loa1",
            "iat": now,
            "auth_time": now,
            "exp": now + _LIFE if broken is not Break.EXPIRED else now - 3600,
        }
        key = self.stranger if broken is Break.KEY else self.key
        signed = jwt.encode({"alg": "RS256", "kid": key.kid or ""}, told, key)
        if broken is Break.PLAIN:
            return signed
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": to.kid or ""}
        return jwe.encrypt_compact(header, signed, to, algorithms=["RSA-OAEP-256", "A256GCM"])
