"""Whose keys are believed, how new ones are found, and what a withdrawal does."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from joserfc.jwk import ECKey, OctKey, OKPKey

from datasources.transfers.checks import trust_can_be_read
from datasources.transfers.issuing import verify_brought
from datasources.transfers.models import CityKeys
from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import Head
from datasources.transfers.trust.cities import TrustFault, trusted_cities, trusted_city
from datasources.transfers.trust.keysets import (
    COOL_DOWN,
    FRESH_FOR,
    HOLDS_FOR,
    NotAKeySet,
    key_of,
    key_set_of,
    sealing_key_of,
    withdrawn_since,
)
from datasources.transfers.trust.withdrawing import WithdrawnBefore, withdraw_key
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.transfers.cities import KeyServer, key_told, tell, trusted_neighbour
from tests.transfers.made import CITY, CODE, KEY, package

pytestmark = pytest.mark.django_db

NOW, BY = timezone.now(), system("tests")
KID = str(KEY.kid)
NEW = ECKey.generate_key("P-256", auto_kid=True)


@pytest.fixture
def there(settings: LazySettings, tmp_path: Path) -> Iterator[type[KeyServer]]:
    with trusted_neighbour(settings, tmp_path) as handler:
        yield handler


def reason(kid: str = KID, *, city: str = CITY, after: timedelta = timedelta(0)) -> Reason | None:
    try:
        key_of(city, kid, at=NOW + after)
    except Refused as refused:
        return refused.reason
    return None


def test_a_package_of_a_trusted_city_is_believed(there: type[KeyServer]) -> None:
    data = package(issued=NOW - timedelta(hours=1), expires=NOW + timedelta(days=1))
    nonces: list[str] = []

    def seen(head: Head) -> bool:
        nonces.append(head.nonce)
        return False

    verify_brought(BytesIO(data), CODE, seen=seen, at=NOW)
    assert (len(nonces), there.asked) == (1, 1)


def test_keys_are_asked_for_once_by_all_and_not_for_every_made_up_name(there: type[KeyServer]) -> None:
    assert [reason() for _ in range(3)] == [None] * 3
    assert [reason(f"made-up-{number}") for number in range(20)] == [Reason.UNKNOWN_KEY] * 20
    assert there.asked == 1
    assert (reason("made-up", after=COOL_DOWN), reason("another", after=COOL_DOWN), there.asked) == (
        Reason.UNKNOWN_KEY,
        Reason.UNKNOWN_KEY,
        2,
    )


def test_a_new_key_is_found_and_a_rotated_out_one_is_refused(there: type[KeyServer]) -> None:
    assert reason() is None
    tell(there, [key_told(KEY), key_told(NEW)])
    assert [reason(str(NEW.kid), after=COOL_DOWN), reason(after=COOL_DOWN)] == [None, None]
    tell(there, [key_told(NEW)])
    later = COOL_DOWN + FRESH_FOR
    assert [reason(after=later), reason(str(NEW.kid), after=later)] == [Reason.UNKNOWN_KEY, None]


def test_a_city_that_does_not_answer_is_believed_for_a_week_by_its_last_keys(there: type[KeyServer]) -> None:
    assert reason() is None
    there.code = 503
    assert [reason(after=HOLDS_FOR - COOL_DOWN), reason(after=HOLDS_FOR)] == [None, Reason.KEYS_UNREACHABLE]
    assert reason("new", after=FRESH_FOR) is Reason.KEYS_UNREACHABLE


def test_a_city_that_never_answered_and_one_that_is_not_trusted(there: type[KeyServer]) -> None:
    there.code = 500
    assert (reason(), reason(city="oulu")) == (Reason.KEYS_UNREACHABLE, Reason.UNKNOWN_CITY)


def test_a_city_that_did_not_answer_is_asked_again_within_a_minute(there: type[KeyServer]) -> None:
    there.code = 500
    asked = [(reason(after=timedelta(seconds=seconds)), there.asked) for seconds in (0, 1, 5)]
    assert asked == [(Reason.KEYS_UNREACHABLE, times) for times in (1, 1, 2)]
    there.code = 200
    assert reason(after=timedelta(seconds=10)) is None


def test_without_a_list_nobody_is_trusted(settings: LazySettings) -> None:
    settings.TRUSTED_CITIES_FILE = None
    assert (trusted_cities(), reason()) == ((), Reason.UNKNOWN_CITY)


def test_what_the_city_withdrew_is_known_within_the_hour(there: type[KeyServer]) -> None:
    assert key_of(CITY, KID, at=NOW).withdrawn_at is None
    since = NOW - timedelta(days=2)
    tell(there, [key_told(KEY, withdrawn_at=since.isoformat()), key_told(NEW)])
    assert key_of(CITY, KID, at=NOW + FRESH_FOR).withdrawn_at == since
    assert withdrawn_since(CITY, KID) == since


def test_what_our_staff_withdrew_holds_at_once_and_the_earlier_moment_counts(there: type[KeyServer]) -> None:
    since = NOW - timedelta(days=3)
    with scope(Role.STAFF, departments=["*"]):
        withdraw_key(CITY, KID, since=since, reason="Told by telephone", by=BY, at=NOW)
    assert (key_of(CITY, KID, at=NOW).withdrawn_at, withdrawn_since(CITY, KID)) == (since, since)
    tell(there, [key_told(KEY, withdrawn_at=(since - COOL_DOWN).isoformat())])
    assert key_of(CITY, KID, at=NOW + FRESH_FOR).withdrawn_at == since - COOL_DOWN
    with scope(Role.STAFF, departments=["*"]), pytest.raises(WithdrawnBefore):
        withdraw_key(CITY, KID, since=since, reason="Again", by=BY, at=NOW)


def test_packages_are_sealed_to_the_newest_key_of_the_city(there: type[KeyServer]) -> None:
    assert sealing_key_of(CITY, at=NOW) is None
    older, newer = (ECKey.generate_key("P-256", auto_kid=True) for _ in range(2))
    tell(there, [key_told(KEY), *(key_told(key, use="enc") for key in (older, newer))])
    told = sealing_key_of(CITY, at=NOW + FRESH_FOR)
    assert told is not None
    assert told["kid"] == newer.kid
    assert reason(str(newer.kid), after=FRESH_FOR) is Reason.UNKNOWN_KEY


def test_a_key_of_another_purpose_signs_no_package(there: type[KeyServer]) -> None:
    tell(there, [key_told(KEY, purpose="tokens"), {**NEW.as_dict(private=False), "use": "sig"}])
    assert [reason(), reason(str(NEW.kid))] == [Reason.UNKNOWN_KEY] * 2


@pytest.mark.parametrize(
    "told",
    [
        key_told(KEY) | {"d": "AAAA"},
        key_told(KEY) | {"kid": 1},
        key_told(KEY) | {"kid": "k" * 201},
        key_told(KEY) | {"use": None},
        key_told(KEY) | {"x": "AAAA"},
        key_told(KEY) | {"withdrawn_at": "yesterday"},
        key_told(KEY) | {"withdrawn_at": "2026-11-30T12:00:00"},
        {**OctKey.generate_key(256, {"kid": "k"}).as_dict(), "use": "sig", "purpose": "packages"},
        {**OKPKey.generate_key("X25519", {"kid": "k"}).as_dict(private=False), "use": "sig", "purpose": "packages"},
        {**ECKey.generate_key("P-384", {"kid": "k"}).as_dict(private=False), "use": "sig", "purpose": "packages"},
    ],
    ids=map(str, count()),
)
def test_what_is_no_key_set_leaves_the_keys_that_hold(told: dict[str, object], there: type[KeyServer]) -> None:
    assert reason() is None
    tell(there, [told])
    with pytest.raises(NotAKeySet):
        key_set_of(there.told)
    assert reason(after=FRESH_FOR) is None
    with scope(Role.WORKER):
        assert CityKeys.objects.get(city=CITY).fetched_at == NOW


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"<html>", b'{"keys": 1}', b"[" * 5000])
def test_what_is_no_json_of_keys_is_none(content: bytes) -> None:
    with pytest.raises(NotAKeySet):
        key_set_of(content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[city]", "trusted"),
        ('[[city]]\nslug = "Turku"\nurl = "https://a.example"\nname = { fi = "a", sv = "a", en = "a" }', "slug"),
        ('[[city]]\nslug = "a"\nurl = "ftp://a.example"\nname = { fi = "a", sv = "a", en = "a" }', "url"),
        ('[[city]]\nslug = "a"\nurl = "https://a.example"\nname = { fi = "a" }', "name.sv"),
        ('[[city]]\nslug = "a"\nurl = "https://a.example"\nname = { fi = "a", sv = "a", en = "a" }\n' * 2, "one slug"),
    ],
)
def test_a_list_that_is_odd_is_refused_with_the_place(
    text: str, said: str, settings: LazySettings, tmp_path: Path
) -> None:
    settings.TRUSTED_CITIES_FILE = tmp_path / "trusted.toml"
    settings.TRUSTED_CITIES_FILE.write_text(text)
    with pytest.raises(TrustFault, match=said):
        trusted_city("a")
    [fault] = trust_can_be_read(None)
    assert (fault.id, "trusted.toml" in fault.msg) == ("transfers.E001", True)


def test_a_list_that_is_not_there_is_told(settings: LazySettings, tmp_path: Path) -> None:
    settings.TRUSTED_CITIES_FILE = tmp_path / "none.toml"
    with pytest.raises(TrustFault, match="TRUSTED_CITIES_FILE"):
        trusted_cities()
