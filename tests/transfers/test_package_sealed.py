"""A package sealed to the receiving city: opened there and nowhere else, and by any JOSE library."""

from io import BytesIO
from itertools import count

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.sealing import Sealing, is_sealed, unseal
from portal.keys.errors import KeyMissing
from tests.transfers.made import package

HERE = ECKey.generate_key("P-256", auto_kid=True)
_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]


def sealed(data: bytes) -> bytes:
    sink = BytesIO()
    sealing = Sealing(sink, HERE.as_dict(private=False))
    for begin in range(0, len(data), 1000):
        sealing.write(data[begin : begin + 1000])
    sealing.end()
    return sink.getvalue()


def key(kid: str) -> ECKey:
    if kid != HERE.kid:
        raise KeyMissing
    return HERE


def opened(data: bytes) -> bytes:
    sink = BytesIO()
    unseal(BytesIO(data), sink, key)
    return sink.getvalue()


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", package(), bytes(1 << 21)], ids=map(str, count()))
def test_what_was_sealed_is_opened_by_us_and_by_a_library(data: bytes) -> None:
    letter = sealed(data)
    assert is_sealed(BytesIO(letter))
    assert opened(letter) == data
    if len(data) < 1 << 20:
        read = jwe.decrypt_compact(letter, HERE, registry=_registry())
        assert read.plaintext == data


def _registry() -> jwe.JWERegistry:
    return jwe.JWERegistry(algorithms=_ALGORITHMS, verify_all_recipients=True)


def test_what_a_library_sealed_is_opened() -> None:
    header = {"alg": _ALGORITHMS[0], "enc": _ALGORITHMS[1], "kid": HERE.kid, "typ": "transfer-package+jwe"}
    data = package()
    letter = jwe.encrypt_compact(header, data, HERE, registry=_registry())
    assert opened(letter.encode()) == data


@pytest.mark.parametrize("place", ["header", "key", "iv", "content", "tag"])
def test_one_changed_sign_anywhere_opens_nothing(place: str) -> None:
    letter = sealed(package())
    parts = letter.split(b".")
    number = ["header", "key", "iv", "content", "tag"].index(place)
    for at in range(0, len(parts[number]), max(1, len(parts[number]) // 40)):
        changed = bytearray(parts[number])
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        with pytest.raises(Refused):
            opened(b".".join([*parts[:number], bytes(changed), *parts[number + 1 :]]))


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (b"eyJ", Reason.NOT_A_PACKAGE),
        (b"eyJ.a.b.c", Reason.BROKEN_OFF),
        (sealed(b"abc")[:-1], Reason.BROKEN_OFF),
        (sealed(b"abc") + b"A", Reason.BROKEN_OFF),
        (sealed(b"abc").replace(b".", b"\n.", 1), Reason.CHANGED),
    ],
    ids=map(str, count()),
)
def test_what_is_no_whole_letter_is_refused(letter: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        opened(letter)
    assert refused.value.reason is reason


def test_a_package_for_another_city_does_not_open() -> None:
    sink = BytesIO()
    sealing = Sealing(sink, ECKey.generate_key("P-256", auto_kid=True).as_dict(private=False))
    sealing.end()
    with pytest.raises(Refused) as refused:
        opened(sink.getvalue())
    assert refused.value.reason is Reason.NOT_FOR_OUR_KEY
