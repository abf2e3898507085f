"""Taking chosen data along by hand: what is offered, with which label, what is in the file, and whose it is."""

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from joserfc import jwe
from joserfc.jwk import ECKey

from datasources.models import Asking, Source
from datasources.transfers.models import CityKeys
from datasources.transfers.package.verifying import Expected, KeyFound, Verified, verify
from demo.watches import EXPORTS, days
from portal.keys.package_keys import published_keys
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.requests.models import Leaving, Package, Request
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.another_city import City, is_made, newest_request, turku
from tests.requests.taking import linked, signed_in_again
from tests.residents import CODES, Resident, grow_old
from tests.sheets import put_sheet
from tests.wearables.bringing import allow, bring, days_ago, read_all

__all__ = ["city", "resident_in", "turku"]
Enter = Callable[[str], Resident]
HERE = "espoo"


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """Signed in, with loans, a card, and courses that rest on a contract."""
    one = resident_in("raili")
    put_sheet(one.person, "library-loans", [{"title": "Kalevala", "due_on": "2026-12-01"}, {"title": "=1+1"}])
    put_sheet(one.person, "library-card", [{"loan_history_on": True}])
    put_sheet(one.person, "boat-places", [{"berth": "A 1"}])
    return one


def chosen(one: Resident, *items: str, language: str = "en", **told: Any) -> Any:
    return one.browser.post(f"/{language}/move/leave/", {"items": items, **told})


def downloaded(one: Resident) -> bytes:
    answer: Any = one.browser.get(linked(one, str(newest_request(one).pk)))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def verified(content: bytes, *, at_city: str = HERE, slug: str = "raili") -> Verified:
    """As a city that it is brought to would."""
    keys = {key["kid"]: key for key in published_keys(at=timezone.now())}
    expected = Expected(CODES[slug], at_city, timezone.now(), lambda _: False)
    return verify(BytesIO(content), lambda _, kid: KeyFound(keys[kid]), expected)


def file_of(one: Resident, *items: str, **told: Any) -> bytes:
    assert chosen(one, *items, **told).status_code == 302
    is_made(one)
    return downloaded(one)


def test_the_file_holds_what_was_chosen_and_nothing_else(raili: Resident) -> None:
    package = verified(file_of(raili, "library-loans", "boat-places"))
    items = {item.id: item for item in package.manifest.items}
    assert items.keys() == {"library-loans", "boat-places"}
    titles = [row["title"] for row in package.rows(items["library-loans"])]
    assert (sorted(titles), items["boat-places"].label) == (["=1+1", "Kalevala"], "right")
    assert (package.manifest.head.city, package.manifest.head.audience) == (HERE, None)


def test_every_item_has_its_label_and_the_reason_in_a_sentence(raili: Resident) -> None:
    page = raili.browser.get("/en/move/leave/").content.decode()
    headings = re.findall(r"<h2>([^<]+)</h2>", page)
    assert headings[:3] == [
        "You have the right to take this along",
        "A copy for you; the original stays",
        "Stays in the city it is from",
    ]
    assert "The card works in this city&#x27;s libraries only." in page or "The card works in this city" in page
    # Moves by law though nothing of it is here; and what another authority holds.
    assert ("Basic Education Act (628/1998) section 40" in page, "Ask whoever answers for it." in page) == (True, True)


def test_nothing_is_chosen_beforehand(raili: Resident, turku: City) -> None:
    page = raili.browser.get("/en/move/leave/").content.decode()
    assert ("checked" in page, page.count('name="receiver"')) == (False, 3)


def test_without_other_cities_none_is_offered(raili: Resident) -> None:
    page = raili.browser.get("/en/move/leave/").content.decode()
    assert 'name="receiver"' not in page
    page = raili.browser.get("/en/move/").content.decode()
    assert [words in page for words in ("Straight from city to city", "Two ways", "<h2>By hand</h2>")] == [
        False,
        False,
        True,
    ]


def test_what_is_still_asked_for_is_named(raili: Resident) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(live=True, switched_on=True)
    with scope(Role.RESIDENT, persons=[raili.person]):
        library = Source.objects.get(slug="library")
        asked = Asking.objects.create(person_id=raili.person, source=library, asked_at=timezone.now())
    waiting = "We are asking now: Library."
    assert waiting in raili.browser.get("/en/move/leave/").content.decode()
    with scope(Role.RESIDENT, persons=[raili.person]):
        Asking.objects.filter(pk=asked.pk).update(answered_at=timezone.now())
    assert waiting not in raili.browser.get("/en/move/leave/").content.decode()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"receiver": "oneself"}, "Choose one kind of data at least."),
        ({"items": "library-loans"}, "Choose who it is for."),
        ({"items": "library-loans", "receiver": "nowhere"}, "Choose who it is for."),
        ({"items": "library-holds", "receiver": "oneself"}, "Choose anew."),
        ({"items": "../../etc/passwd", "receiver": "oneself"}, "Choose anew."),
    ],
)
def test_what_cannot_be_is_told_first_and_nothing_is_made(
    told: dict[str, str], words: str, raili: Resident, turku: City
) -> None:
    answer = raili.browser.post("/en/move/leave/", told)
    page = answer.content.decode()
    assert (answer.status_code, words in page, page.index('role="alert"') < page.index('name="items"')) == (
        422,
        True,
        True,
    )
    with scope(Role.WORKER):
        assert (Request.objects.count(), Leaving.objects.count()) == (0, 0)


def test_what_was_ticked_stays_so_after_a_fault(raili: Resident, turku: City) -> None:
    page = chosen(raili, "library-loans").content.decode()
    assert 'value="library-loans" checked' in page


@pytest.mark.security("V7.5.3")
def test_it_is_asked_for_with_a_fresh_sign_in_only(raili: Resident) -> None:
    grow_old(raili)
    assert chosen(raili, "library-loans").status_code == 403


def test_pressed_twice_it_is_one_request_and_another_choice_is_another(raili: Resident) -> None:
    chosen(raili, "library-loans")
    chosen(raili, "library-loans")
    chosen(raili, "library-card")
    with scope(Role.WORKER):
        assert Request.objects.filter(kind="move").count() == 2


def test_made_twice_it_is_one_package(raili: Resident) -> None:
    chosen(raili, "library-loans")
    is_made(raili)
    is_made(raili)
    with scope(Role.WORKER):
        assert Package.objects.count() == 1


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_request_tells_the_digest_the_choice_and_until_when(language: str, raili: Resident) -> None:
    assert chosen(raili, "library-loans", language=language).status_code == 302
    is_made(raili)
    content = downloaded(raili)
    page = raili.browser.get(f"/{language}/rights/{newest_request(raili).pk}/").content.decode()
    digest = hashlib.sha256(content).hexdigest()
    assert " ".join(digest[at : at + 8] for at in range(0, 64, 8)) in page
    listed = raili.browser.get(f"/{language}/move/").content.decode()
    assert newest_request(raili).number in listed


def test_a_file_for_a_city_says_so_and_is_no_other_citys(raili: Resident, turku: City) -> None:
    content = file_of(raili, "library-loans", receiver="turku")
    assert verified(content, at_city="turku").manifest.head.audience == "turku"


def test_a_sealed_file_opens_in_that_city_alone(raili: Resident, turku: City) -> None:
    lock = ECKey.generate_key("P-256", {"use": "enc"}, auto_kid=True)
    told = lock.as_dict(private=False)
    with scope(Role.WORKER):
        row = CityKeys.objects.get(city="turku")
        row.keys = [*row.keys, {word: told[word] for word in ("kty", "crv", "x", "y", "kid", "use")}]
        row.save()
    content = file_of(raili, "library-loans", receiver="turku", sealed="on")
    assert b"Kalevala" not in content
    opened = jwe.decrypt_compact(content, lock, algorithms=["ECDH-ES+A256KW", "A256GCM"]).plaintext
    assert opened
    assert verified(opened, at_city="turku").manifest.items[0].id == "library-loans"
    with scope(Role.WORKER):
        assert Leaving.objects.get().digest == hashlib.sha256(content).hexdigest()


def test_a_city_without_a_key_to_seal_with_is_told_of_and_nothing_is_made(raili: Resident, turku: City) -> None:
    chosen(raili, "library-loans", receiver="turku", sealed="on")
    is_made(raili)
    page = raili.browser.get(f"/en/rights/{newest_request(raili).pk}/").content.decode()
    assert "Turku does not publish a key to seal it with just now" in page
    with scope(Role.WORKER):
        assert Package.objects.count() == 0


def test_what_came_from_a_watch_and_the_permissions_go_along(raili: Resident) -> None:
    allow(raili)
    bring(raili, EXPORTS["gpx"](days(days_ago(2), 1)))
    read_all(raili)
    package = verified(file_of(raili, "watch-and-phone", "permissions"))
    items = {item.id: item for item in package.manifest.items}
    assert (items["watch-and-phone"].label, items["permissions"].label) == ("right", "copy")
    assert package.rows(items["watch-and-phone"])[0].keys() >= {"day", "measure", "value", "source"}
    assert "given" in {row["state"] for row in package.rows(items["permissions"])}


def test_the_same_rows_are_the_same_bytes_each_time(raili: Resident) -> None:
    first, second = (verified(file_of(raili, "library-loans", "boat-places")) for _ in range(2))
    for one, other in zip(first.manifest.items, second.manifest.items, strict=True):
        assert first.read(one.json) == second.read(other.json)
        assert first.read(one.csv) == second.read(other.csv)


def test_the_log_tells_it_and_the_letter_says_only_that_something_waits(raili: Resident) -> None:
    file_of(raili, "library-loans")
    with scope(Role.WORKER):
        while sequence(at=timezone.now()):
            pass
        kinds = list(Entry.objects.filter(subject=raili.person).values_list("kind", flat=True))
    assert [kinds.count(f"requests.{kind}") for kind in ("made", "move_packed", "move_taken", "answered")] == [1] * 4


@pytest.mark.security("V8.2.2", "B1")
def test_another_resident_finds_nothing_of_it(raili: Resident, resident_in: Enter) -> None:
    chosen(raili, "library-loans")
    is_made(raili)
    link = linked(raili, str(newest_request(raili).pk))
    otso = resident_in("otso")
    pages = (f"/en/rights/{newest_request(raili).pk}/", link)
    assert [otso.browser.get(page).status_code for page in pages] == [404, 404]
    assert otso.browser.post(f"/en/rights/{newest_request(raili).pk}/package/").status_code == 404
    assert newest_request(raili).number not in otso.browser.get("/en/move/").content.decode()
    assert raili.browser.get(link).status_code == 200


def test_the_link_leads_nowhere_in_another_session(raili: Resident) -> None:
    chosen(raili, "library-loans")
    is_made(raili)
    link = linked(raili, str(newest_request(raili).pk))
    assert signed_in_again(raili).browser.get(link).status_code == 404


def test_taken_back_while_it_is_made_nothing_is_made(raili: Resident) -> None:
    chosen(raili, "library-loans")
    raili.browser.post(f"/en/rights/{newest_request(raili).pk}/take-back/")
    is_made(raili)
    with scope(Role.WORKER):
        assert Package.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["move/leave/", "move/", "rights/{}/"])
def test_pages_ask_as_much_for_three_as_for_one(path: str, count: int, resident_in: Enter, turku: City) -> None:
    one = resident_in("otso")
    for slug in ("library-loans", "library-holds", "library-fees")[:count]:
        put_sheet(one.person, slug, [{"title": "Kalevala"} if slug != "library-fees" else {"amount_cents": 100}])
    items = ["library-loans", "library-holds", "library-fees"][:count]
    for number in range(count):
        assert chosen(one, *items[: number + 1], receiver="oneself").status_code == 302
    page = f"/en/{path.format(newest_request(one).pk)}"
    one.browser.get(page)
    with CaptureQueriesContext(connection) as said:
        assert one.browser.get(page).status_code == 200
    read = [query["sql"] for query in said if " FROM " in query["sql"] and "current_setting" not in query["sql"]]
    assert len(read) == {"move/leave/": 12, "move/": 5, "rights/{}/": 9}[path]


def test_a_city_that_is_trusted_no_more_gets_nothing(raili: Resident, turku: City, settings: LazySettings) -> None:
    settings.TRUSTED_CITIES_FILE = None
    assert chosen(raili, "library-loans", receiver="turku").status_code == 422
    with scope(Role.WORKER):
        assert Leaving.objects.count() == 0


def test_what_is_made_in_a_moment_is_not_promised_within_a_month(raili: Resident) -> None:
    answer = chosen(raili, "library-loans")
    page = raili.browser.get(answer.headers["Location"]).content.decode()
    told = ("The file is being made.", "You will get an answer by", "Answer at the latest")
    assert [words in page for words in told] == [True, False, False]
