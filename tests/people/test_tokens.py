"""Which ID tokens are believed: each forgery differs from a good token in one thing."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey, KeySet, RSAKey

from portal.keys.signing import signing_key
from portal.people.suomifi.tokens import Expected, TokenRefused, believed

ISSUER, CLIENT, NONCE = "https://id.example", "mydata", "a-nonce"
SUBSTANTIAL = "http://ftn.ficora.fi/2017/loa2"
SERVICE = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
CURVE = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
STRANGER = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
KNOWN = KeySet([RSAKey.import_key(SERVICE.as_dict(private=False)), ECKey.import_key(CURVE.as_dict(private=False))])
EXPECTED = Expected(issuer=ISSUER, client_id=CLIENT, nonce=NONCE, acr=(SUBSTANTIAL,))


def claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": CLIENT, "nonce": NONCE, "acr": SUBSTANTIAL, "iat": now, "exp": now + 60}
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def signed(told: dict[str, Any], key: RSAKey | ECKey = SERVICE, **header: Any) -> str:
    head = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": key.kid or "", **header}
    return jws.serialize_compact(head, json.dumps(told), key, algorithms=["RS256", "ES256", "HS256"])


def sealed(inner: str | bytes, alg: str = "RSA-OAEP-256", enc: str = "A256GCM") -> str:
    ours = RSAKey.import_key(signing_key("login_encryption").as_dict(private=False) | {"alg": alg})
    return jwe.encrypt_compact({"alg": alg, "enc": enc}, inner, ours, algorithms=[alg, enc])


def refusal(token: str) -> str:
    with pytest.raises(TokenRefused) as caught:
        believed(token, keys=KNOWN, expected=EXPECTED)
    return str(caught.value)


def unsigned(told: dict[str, Any], alg: str = "none") -> str:
    parts = ({"alg": alg, "kid": SERVICE.kid}, told)
    body = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"{body[0]}.{body[1]}."


@pytest.mark.parametrize("key", [SERVICE, CURVE])
def test_a_sound_token_is_believed(key: RSAKey | ECKey) -> None:
    told = claims()
    assert believed(sealed(signed(told, key)), keys=KNOWN, expected=EXPECTED) == told


@pytest.mark.security("V6.8.4", "V10.5.3", "B8")
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"iss": f"{ISSUER}/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": [CLIENT, "another"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"azp": "another"}, "party"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"acr": "http://ftn.ficora.fi/2017/loa1"}, "assurance"),
        ({"acr": None}, "assurance"),
        ({"acr": [SUBSTANTIAL]}, "assurance"),
        ({"exp": None}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": "9999999999"}, "expired"),
        ({"iat": None}, "issued"),
        ({"auth_time": "now"}, "stale"),
    ],
)
def test_a_claim_that_is_wrong_or_missing_is_named(other: dict[str, Any], reason: str) -> None:
    assert refusal(sealed(signed(claims(**other)))) == reason


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -50), ("iat", 50), ("auth_time", 50)])
def test_clocks_may_differ_by_less_than_a_minute(claim: str, seconds: int) -> None:
    told = claims(**{claim: int(time.time()) + seconds})
    assert believed(sealed(signed(told)), keys=KNOWN, expected=EXPECTED) == told


@pytest.mark.parametrize(
    ("claim", "seconds", "reason"),
    [("exp", -70, "expired"), ("iat", 70, "issued"), ("iat", -700, "issued"), ("auth_time", -4000, "stale")],
)
def test_clocks_may_not_differ_by_more(claim: str, seconds: int, reason: str) -> None:
    assert refusal(sealed(signed(claims(**{claim: int(time.time()) + seconds})))) == reason


@pytest.mark.security("V9.1.2", "B8")
def test_a_token_without_a_signature_is_refused() -> None:
    assert refusal(sealed(unsigned(claims()))) == "bad-signature"


@pytest.mark.security("V9.1.2")
def test_our_service_s_public_key_is_no_shared_secret() -> None:
    signed_part = unsigned(claims(), "HS256").rstrip(".")
    mac = hmac.digest(SERVICE.as_pem(private=False), signed_part.encode(), "sha256")
    forged = f"{signed_part}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert refusal(sealed(forged)) == "bad-signature"


@pytest.mark.security("V6.8.2")
@pytest.mark.parametrize("header", [{}, {"kid": SERVICE.kid}])
def test_a_stranger_s_signature_is_refused_under_either_name(header: dict[str, str]) -> None:
    assert refusal(sealed(signed(claims(), STRANGER, **header))) in {"unknown-key", "bad-signature"}


@pytest.mark.security("V6.8.2", "V9.1.3")
def test_keys_that_a_token_brings_along_are_not_looked_at() -> None:
    brought = {"jwk": STRANGER.as_dict(private=False), "jku": "https://evil.example/jwks", "kid": SERVICE.kid}
    assert refusal(sealed(signed(claims(), STRANGER, **brought))) == "bad-signature"


def test_a_signed_token_in_clear_is_refused() -> None:
    assert refusal(signed(claims())) == "plain-token"


@pytest.mark.security("V9.1.2")
@pytest.mark.parametrize(("alg", "enc"), [("RSA-OAEP", "A256GCM"), ("RSA-OAEP-256", "A128CBC-HS256")])
def test_weaker_encryption_is_refused(alg: str, enc: str) -> None:
    assert refusal(sealed(signed(claims()), alg, enc)) == "not-for-us"


@pytest.mark.parametrize("inner", [b"\xff\xfe", b"", b"a.b.c", b"[]"])
def test_what_is_no_token_is_refused(inner: bytes) -> None:
    assert refusal(sealed(inner)) in {"not-for-us", "bad-signature"}


@pytest.mark.parametrize("token", ["", "....", "a.b.c.d.e"])
def test_what_is_not_even_sealed_is_refused(token: str) -> None:
    assert refusal(token) in {"plain-token", "not-for-us"}
