"""A sealed package carried from this city to another and back, by hand: what comes is, to the byte, what went."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.utils import timezone

from consents.rulebook.actions import adopt
from datasources.transfers.arriving.items import accepted_items
from datasources.transfers.package.sealing import unseal
from datasources.transfers.package.verifying import Verified
from portal.keys.package_keys import opening_key, published_keys
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.people.doors import RESIDENT, cookie_name
from portal.walls import Role, scope
from tests.arriving.bringing_packages import bring, check_all, items, page, say
from tests.requests.test_leaving import file_of, verified
from tests.residents import Resident
from tests.sheets import put_sheet
from tests.transfers.cities import KeyServer
from tests.web import thread_of

Enter = Callable[[str], Resident]
LOANS = [
    {"title": "Kalevala; toinen, korjattu painos", "due_on": "2026-12-01"},
    {"title": "=1+1 \"'\\ ＝"},
    {"title": "å"},
]


class Published(KeyServer):
    """What a city publishes: the keys of the one ring that both share here, and which rulebook it keeps."""

    slug, version = "", ""

    def do_GET(self) -> None:  # noqa: N802 - of http.server
        if self.path != "/rulebook.json":
            return super().do_GET()
        statement = {"city": self.slug, "version": self.version}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"adoptions": [{"statement": statement, "signature": ""}]}).encode())
        return None


@contextmanager
def published(slug: str, version: str) -> Iterator[str]:
    """The address of a city."""
    told = {"slug": slug, "version": version, "told": json.dumps({"keys": published_keys(at=timezone.now())}).encode()}
    with thread_of(server := ThreadingHTTPServer(("127.0.0.1", 0), type(slug, (Published,), told))):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def to_city(settings: LazySettings, tmp_path: Path, raili: Resident) -> Iterator[Callable[[str], None]]:
    """to_city("turku"): from now on this portal is that city's, and Raili is signed in there; each trusts the other."""
    with published("espoo", "1.0") as espoo, published("turku", "2.3") as turku:
        settings.TRUSTED_CITIES_FILE = tmp_path / "trusted.toml"
        settings.TRUSTED_CITIES_FILE.write_text(
            "".join(
                f'[[city]]\nslug = "{slug}"\nurl = "{url}"\nname = {{ fi = "{name}", sv = "{name}", en = "{name}" }}\n'
                for slug, name, url in (("espoo", "Espoo", espoo), ("turku", "Turku", turku))
            )
        )

        def become(slug: str) -> None:
            session = raili.browser.cookies[cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)].value
            settings.CITY = slug
            raili.browser.cookies[cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)] = session

        become("espoo")
        yield become


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """With loans in Espoo, whose staff adopted the rulebook."""
    with scope(Role.STAFF, departments=["*"]):
        adopt("1.0", decision="4711/2026", by=system("tests"), at=timezone.now())
    one = resident_in("raili")
    put_sheet(one.person, "library-loans", LOANS)
    put_sheet(one.person, "boat-places", [{"berth": "A 1"}])
    return one


def opened(sealed: bytes, *, at_city: str) -> Verified:
    """By the key of the city that it is for, and by no other."""
    assert sealed.startswith(b"eyJ")
    plain = BytesIO()
    unseal(BytesIO(sealed), plain, opening_key)
    return verified(plain.getvalue(), at_city=at_city)


def files_in(package: Verified) -> Mapping[str, bytes]:
    """{item and kind: the very bytes}."""
    listed = package.manifest.items
    return {file.name: package.read(file) for each in listed for file in (each.json, each.csv, each.schema)}


def accepted(one: Resident, sealed: bytes) -> list[UUID]:
    """Brought, looked through, each item accepted."""
    assert bring(one, sealed).status_code == 302
    row = check_all(one.person)
    assert (row.state, row.fault) == ("ready", "")
    fresh = [each.pk for each in items(one.person) if each.arrival_id == row.pk]
    for each in fresh:
        say(one, each, "accept")
    return fresh


def accepted_entries(one: Resident) -> list[dict[str, Any]]:
    with scope(Role.WORKER):
        return list(
            Entry.objects.filter(subject=one.person, kind="transfers.accepted").values_list("counts", flat=True)
        )


def test_sealed_there_and_sealed_back_not_a_byte_is_another(raili: Resident, to_city: Callable[[str], None]) -> None:
    leave = partial(file_of, raili, sealed="on")
    there = leave("library-loans", "boat-places", receiver="turku")
    went = opened(there, at_city="turku")
    assert dict(went.manifest.head.rulebooks) == {"espoo": "1.0", "turku": "2.3"}
    to_city("turku")
    kept = accepted(raili, there)
    assert "Espoo 1.0, Turku 2.3" in page(raili, f"{items(raili.person)[0].arrival_id}/")
    back = leave(*(f"accepted:{each}" for each in kept), receiver="espoo")
    came = opened(back, at_city="espoo")
    assert files_in(came) == files_in(went)
    assert {each.origin.city for each in came.manifest.items if each.origin} == {"espoo"}
    to_city("espoo")
    again = accepted(raili, back)
    assert page(raili, f"{check_all(raili.person).pk}/").count("The same as what this city already holds.") == 2
    with scope(Role.RESIDENT, persons=[raili.person]):
        files = {each.told.id: each.files["rows"] for each in accepted_items(raili.person) if each.row.pk in again}
    assert files == {each.id: went.read(each.json) for each in went.manifest.items}


def test_an_acceptance_says_by_which_rules_it_was(raili: Resident, to_city: Callable[[str], None]) -> None:
    there = file_of(raili, "library-loans", sealed="on", receiver="turku")
    to_city("turku")
    [kept] = accepted(raili, there)
    assert [each["rulebook"] for each in accepted_entries(raili)] == ["1.0"]
    assert "Accepted under version 1.0 of the rulebook" in page(raili, f"kept/{kept}/")
    say(raili, kept, "undo")
    assert [each.rulebook for each in items(raili.person)] == [""]


def test_a_city_that_does_not_say_which_rules_it_keeps_is_left_out(
    raili: Resident, to_city: Callable[[str], None], settings: LazySettings
) -> None:
    listed = settings.TRUSTED_CITIES_FILE
    assert listed is not None
    listed.write_text(listed.read_text().replace('slug = "turku"', 'slug = "oulu"'))
    package = verified(file_of(raili, "library-loans", receiver="oulu"), at_city="oulu")
    assert dict(package.manifest.head.rulebooks) == {"espoo": "1.0"}
    alone = verified(file_of(raili, "boat-places", receiver="oneself"))
    assert dict(alone.manifest.head.rulebooks) == {"espoo": "1.0"}
