"""Keys of packages between cities: published while packages of theirs live, rotated with overlap, withdrawn."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from joserfc.jwk import ECKey

from portal.keys.errors import KeyMissing
from portal.keys.package_keys import PACKAGES_LIVE, opening_key, published_keys
from portal.keys.ring import ring
from portal.keys.ring_file import _signing_key, rotate_signing_key
from portal.keys.signing import signing_key

NOW = timezone.now()


def told(*, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    """(kid, use) of the keys that are published."""
    return [(key["kid"], key["use"]) for key in published_keys(at=timezone.now() + after)]


def withdrawn(kid: str, *words: str) -> str:
    out = StringIO()
    call_command("withdraw_signing_key", kid, *words, stdout=out)
    return out.getvalue()


def test_the_key_set_tells_the_keys_of_packages_by_their_purpose(own_ring: Path) -> None:
    keys: list[dict[str, Any]] = Client().get("/.well-known/jwks.json").json()["keys"]
    ours = [key for key in keys if key.get("purpose") == "packages"]
    assert [(key["kid"], key["use"], key["alg"]) for key in ours] == [
        (signing_key("packages").kid, "sig", "ES256"),
        (ring().signing["package_encryption"][-1]["kid"], "enc", "ECDH-ES+A256KW"),
    ]
    assert not any("d" in key for key in keys)


def test_an_older_key_is_published_for_as_long_as_its_packages_live(own_ring: Path) -> None:
    old = str(signing_key("packages").kid)
    call_command("rotate_signing_key", "packages", stdout=StringIO())
    new = str(signing_key("packages").kid)
    sealing = told()[-1]
    assert told() == [(old, "sig"), (new, "sig"), sealing]
    assert told(after=PACKAGES_LIVE - timedelta(minutes=1)) == [(old, "sig"), (new, "sig"), sealing]
    assert told(after=PACKAGES_LIVE) == [(new, "sig"), sealing]
    assert [key["kid"] for key in json.loads(own_ring.read_text())["signing"]["packages"] if "d" in key] == [new]


def test_what_was_sealed_to_an_older_key_opens_while_packages_live(own_ring: Path) -> None:
    old = str(ring().signing["package_encryption"][-1]["kid"])
    call_command("rotate_signing_key", "package_encryption", stdout=StringIO())
    assert opening_key(old).is_private
    rotate_signing_key(own_ring, "package_encryption", at=timezone.now() + PACKAGES_LIVE)
    with pytest.raises(KeyMissing):
        opening_key(old)


def test_a_withdrawn_key_signs_no_more_and_is_told_for_ever(own_ring: Path) -> None:
    old = str(signing_key("packages").kid)
    since = NOW - timedelta(days=1)
    said = withdrawn(old, "--since", since.isoformat())
    new = str(signing_key("packages").kid)
    assert new != old
    assert new in said
    [found] = [key for key in published_keys(at=NOW + 9 * PACKAGES_LIVE) if key["kid"] == old]
    assert datetime.fromisoformat(found["withdrawn_at"]) == since
    assert "rotated_at" not in found
    assert "sign" not in withdrawn(old)
    assert str(signing_key("packages").kid) == new


@pytest.mark.parametrize(
    ("kid", "words", "fault"),
    [
        ("no-such-key", (), "No key of packages"),
        ("k", ("--since", "2126-01-01T00:00:00+00:00"), "has been"),
        ("k", ("--since", "2026-01-01T00:00:00"), "offset"),
    ],
)
def test_what_cannot_be_withdrawn_is_told(kid: str, words: tuple[str, ...], fault: str, own_ring: Path) -> None:
    before = own_ring.read_bytes()
    with pytest.raises(CommandError, match=fault):
        withdrawn(kid, *words)
    assert own_ring.read_bytes() == before


def test_no_key_is_named_as_an_option_would_be() -> None:
    assert not [key for _ in range(300) if str(key := _signing_key("checkpoints")["kid"]).startswith("-")]


def test_a_key_from_before_that_is_named_behind_dashes(own_ring: Path) -> None:
    own_ring.write_text(own_ring.read_text().replace(str(signing_key("packages").kid), "-older-key"))
    assert "-older-key is withdrawn" in withdrawn("--", "-older-key")


def test_a_ring_from_before_there_were_packages_gets_its_keys(own_ring: Path) -> None:
    content = json.loads(own_ring.read_text())
    for name in ("packages", "package_encryption"):
        del content["signing"][name]
    own_ring.write_text(json.dumps(content))
    assert told() == []
    for name in ("packages", "package_encryption"):
        call_command("rotate_signing_key", name, stdout=StringIO())
    assert [use for _, use in told()] == ["sig", "enc"]


def test_a_key_opens_as_it_was_sealed(own_ring: Path) -> None:
    [sealing] = [key for key in published_keys(at=NOW) if key["use"] == "enc"]
    private = opening_key(sealing["kid"])
    assert ECKey.import_key(sealing).thumbprint() == private.thumbprint()
