"""The "break it" panel: ways in which an identity service can lie or fail."""

from enum import StrEnum


class Break(StrEnum):
    """One fault each; the portal must refuse every one."""

    NONE = ""
    NONCE = "nonce"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    KEY = "key"
    ACR = "acr"
    PLAIN = "plain"
    EXPIRED = "expired"
    STATE = "state"
    CODE = "code"


TOLD = {
    Break.NONCE: "wrong nonce",
    Break.ISSUER: "wrong issuer",
    Break.AUDIENCE: "wrong audience",
    Break.KEY: "wrong key",
    Break.ACR: "weak assurance (acr)",
    Break.PLAIN: "plain token",
    Break.EXPIRED: "expired token",
    Break.STATE: "wrong state",
    Break.CODE: "a code nobody gave",
}
