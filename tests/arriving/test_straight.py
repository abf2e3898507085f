"""Straight from another city: what is begun here, in one browser, for one person, comes back once and is fetched."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from datasources.transfers.arriving.taking import tidy
from datasources.transfers.models import Arrival
from portal.keys.signing import signing_key
from portal.walls import Role, scope
from tests.arriving.bringing_packages import WORKER, check_all, items, newest, page, told
from tests.arriving.old_city import OldCity, back, begin, fetch, old_city
from tests.residents import Resident

Enter = Callable[[str], Resident]


@pytest.fixture
def there(settings: LazySettings, tmp_path: Path) -> Iterator[type[OldCity]]:
    """Turku, with a package of hers."""
    with old_city(settings, tmp_path) as handler:
        yield handler


@pytest.fixture
def raili(there: type[OldCity], resident_in: Enter) -> Resident:
    return resident_in("raili")


def test_there_and_back_and_fetched(there: type[OldCity], raili: Resident) -> None:
    assert "Fetch from: Turku" in page(raili)
    asked = begin(raili)
    assert (asked["client_id"], asked["code_challenge_method"], asked["scope"]) == ("espoo", "S256", "package")
    answer = back(raili, asked)
    assert answer.headers["Location"] == f"/en/move/arrive/{newest(raili.person).pk}/"
    there.waits = 1
    half = fetch(raili)
    assert (half.state, half.made, half.parts) == ("fetching", 3, 12)
    assert "3 of 12 parts are ready" in page(raili, f"{half.pk}/")
    assert fetch(raili, after=timedelta(seconds=8)).state == "waiting"
    done = check_all(raili.person)
    assert (done.state, done.sealed_errand, done.state_digest) == ("ready", None, None)
    assert len(items(raili.person)) == 2
    assert sorted(told(raili.person)) == ["asked", "checked", "fetched"]


def test_the_code_is_traded_with_the_verifier_and_our_signature(there: type[OldCity], raili: Resident) -> None:
    asked = begin(raili)
    back(raili, asked)
    fetch(raili)
    [form] = there.asked
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
    assert challenge.decode() == asked["code_challenge"]
    assert (form["code"], form["redirect_uri"]) == ("one-time", asked["redirect_uri"])
    key = signing_key("packages")
    claims = jwt.decode(form["client_assertion"], ECKey.import_key(key.as_dict(private=False))).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("espoo", "espoo", f"{asked['at']}/transfers/token")
    assert claims["exp"] - claims["iat"] <= 60


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        ({"state": "another"}, "not begun in this browser"),
        ({"state": ""}, "not begun in this browser"),
        ({"iss": "https://evil.example"}, "another city than the one that was asked"),
        ({"iss": ""}, "another city than the one that was asked"),
        ({"code": "", "error": "access_denied"}, "did not hand anything over"),
        ({"code": ""}, "no longer accepted"),
        ({"code": "x" * 3000}, "no longer accepted"),
    ],
)
def test_an_answer_that_is_not_as_it_should_be_fetches_nothing(
    bend: dict[str, str], words: str, there: type[OldCity], raili: Resident
) -> None:
    answer = back(raili, begin(raili), **bend)
    shown = answer if answer.status_code == 400 else raili.browser.get(answer.headers["Location"])
    assert words in shown.content.decode()
    fetch(raili)
    assert there.asked == []


def test_an_answer_is_good_once(there: type[OldCity], raili: Resident) -> None:
    asked = begin(raili)
    back(raili, asked)
    assert back(raili, asked).status_code == 400
    assert newest(raili.person).state == "fetching"


def test_an_answer_after_ten_minutes_is_too_late(there: type[OldCity], raili: Resident) -> None:
    asked = begin(raili)
    with scope(Role.WORKER):
        Arrival.objects.update(began_at=timezone.now() - timedelta(minutes=11))
    assert back(raili, asked).status_code == 400
    tidy(by=WORKER, at=timezone.now() + timedelta(minutes=1))
    assert newest(raili.person).state == "failed"


def test_another_persons_browser_brings_nothing(there: type[OldCity], raili: Resident, resident_in: Enter) -> None:
    asked = begin(raili)
    other = resident_in("aino")
    begin(other)
    assert back(other, asked).status_code == 400
    assert newest(raili.person).state == "asked"


def test_another_browser_of_the_same_person_brings_nothing(there: type[OldCity], raili: Resident) -> None:
    asked = begin(raili)
    begin(raili)
    assert back(raili, asked).status_code == 400


def test_a_code_that_the_old_city_refuses_ends_it(there: type[OldCity], raili: Resident) -> None:
    back(raili, begin(raili))
    there.token_code = 400
    row = fetch(raili)
    assert (row.state, row.fault, row.sealed_errand) == ("failed", "code_refused", None)
    assert "Begin anew" in page(raili, f"{row.pk}/")


@pytest.mark.parametrize(
    ("trouble", "waits"), [("token", (0, 3, 6)), ("package", (0, 3, 6, 20, 40)), ("half", (0, 3, 6, 20, 40))]
)
def test_a_city_that_falls_silent_is_asked_again_and_then_given_up(
    trouble: str, waits: tuple[int, ...], there: type[OldCity], raili: Resident, folder: Path
) -> None:
    back(raili, begin(raili))
    there.token_code, there.package_code, there.breaks_off = (
        503 if trouble == "token" else 200,
        500 if trouble == "package" else 200,
        trouble == "half",
    )
    after = timedelta(0)
    for seconds in waits:
        after += timedelta(seconds=seconds)
        assert fetch(raili, after=after).state == "fetching"
    row = fetch(raili, after=after + timedelta(seconds=61))
    assert (row.state, row.fault) == ("failed", "city_silent")
    assert "does not answer just now" in page(raili, f"{row.pk}/")
    assert (items(raili.person), list(folder.iterdir()) if folder.exists() else []) == ([], [])
    # However often a code was shown, it was by one and the same call, while that held.
    assert len({form["client_assertion"] for form in there.asked}) == 1


def test_a_call_whose_answer_is_lost_is_made_again_to_the_letter(there: type[OldCity], raili: Resident) -> None:
    back(raili, begin(raili))
    there.loses = 2
    assert [fetch(raili, after=timedelta(seconds=each)).state for each in (0, 3, 9)] == [
        "fetching",
        "fetching",
        "waiting",
    ]
    first, *others = there.asked
    assert others == [first, first]


def test_a_city_that_comes_back_is_heard(there: type[OldCity], raili: Resident) -> None:
    back(raili, begin(raili))
    there.package_code = 503
    assert fetch(raili).state == "fetching"
    there.package_code = 200
    assert fetch(raili, after=timedelta(seconds=3)).state == "waiting"
    # The code was traded once, though the package was asked for twice.
    assert len(there.asked) == 1


def test_a_city_that_is_not_trusted_is_not_offered(there: type[OldCity], raili: Resident) -> None:
    assert raili.browser.post("/en/move/arrive/from/oulu/").status_code == 404
