"""The link to a package: once, for five minutes, only in the session in which it was asked for (B2)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from portal.keys.errors import SealBroken
from portal.requests.models import Package, Piece
from portal.requests.package.sealing import PieceMissing
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.taking import asks, is_made, linked, signed_in_again
from tests.residents import Resident, grow_old

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


@pytest.fixture
def packed(resident_in: Enter) -> tuple[Resident, str]:
    """A resident, and their request, of which a package is ready."""
    one = resident_in("raili")
    request = asks(one)
    is_made(request)
    return one, request


def fetch(one: Resident, link: str) -> int:
    """Whole, as a browser does."""
    answer: Any = one.browser.get(link)
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content)[:2] == b"PK"
    return int(answer.status_code)


@pytest.mark.security("B2")
def test_it_leads_there_once(packed: tuple[Resident, str]) -> None:
    one, request = packed
    link = linked(one, request)
    assert [fetch(one, link), fetch(one, link)] == [200, 404]
    assert fetch(one, linked(one, request)) == 200


@pytest.mark.security("B2")
def test_a_new_link_ends_the_one_before(packed: tuple[Resident, str]) -> None:
    one, request = packed
    first, second = linked(one, request), linked(one, request)
    assert [fetch(one, first), fetch(one, second)] == [404, 200]


@pytest.mark.security("B2")
def test_it_leads_nowhere_in_another_session_of_the_same_person(packed: tuple[Resident, str]) -> None:
    one, request = packed
    link = linked(one, request)
    assert [fetch(signed_in_again(one), link), fetch(one, link)] == [404, 200]


@pytest.mark.security("B2")
def test_it_leads_nowhere_after_signing_out(packed: tuple[Resident, str]) -> None:
    one, request = packed
    link = linked(one, request)
    one.browser.post("/sign-out/")
    assert [fetch(one, link), fetch(signed_in_again(one), link)] == [404, 404]


@pytest.mark.security("B2")
def test_it_leads_nowhere_for_another_resident(packed: tuple[Resident, str], resident_in: Enter) -> None:
    one, request = packed
    otso, link = resident_in("otso"), linked(one, request)
    assert fetch(otso, link) == 404
    assert otso.browser.post(f"/en/rights/{request}/package/").status_code == 404


@pytest.mark.security("B2")
@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 404)])
def test_it_lives_five_minutes(minutes: int, status: int, packed: tuple[Resident, str]) -> None:
    one, request = packed
    link = linked(one, request)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
        assert fetch(one, link) == status


@pytest.mark.security("B2")
@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_fetching_it_spends_it(method: str, packed: tuple[Resident, str]) -> None:
    one, request = packed
    link = linked(one, request)
    assert getattr(one.browser, method)(link).status_code == 404
    assert fetch(one, link) == 200


@pytest.mark.security("B2")
def test_it_is_made_with_a_fresh_sign_in_only(packed: tuple[Resident, str]) -> None:
    one, request = packed
    grow_old(one)
    assert one.browser.post(f"/en/rights/{request}/package/").status_code == 403


@pytest.mark.security("B2")
def test_the_file_is_kept_by_no_cache_and_shown_by_no_browser(packed: tuple[Resident, str]) -> None:
    one, request = packed
    answer: Any = one.browser.get(linked(one, request))
    told = {name: answer.headers[name] for name in ("Cache-Control", "X-Content-Type-Options", "Content-Type")}
    assert told == {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Type": "application/zip",
    }
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="26-')
    assert int(answer.headers["Content-Length"]) == len(b"".join(answer.streaming_content))


@pytest.mark.security("B2")
def test_neither_the_token_nor_the_session_stands_anywhere(packed: tuple[Resident, str]) -> None:
    one, request = packed
    token = linked(one, request).split("/")[-2]
    with scope(Role.WORKER), connection.cursor() as cursor:
        for table in ("requests_package", "ledger_pending", "jobs_job"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            dumped = str(cursor.fetchone())
            assert (token in dumped, token.encode().hex() in dumped) == (False, False), table


def _streamed(one: Resident, request: str) -> Iterator[bytes]:
    answer: Any = one.browser.get(linked(one, request))
    return iter(answer.streaming_content)


@pytest.mark.security("B2")
def test_a_piece_that_is_gone_or_of_another_package_is_no_file(packed: tuple[Resident, str]) -> None:
    one, request = packed
    with scope(Role.WORKER):
        package = Package.objects.get()
        Package.objects.filter(pk=package.pk).update(pieces=2)
    with pytest.raises(PieceMissing):
        list(_streamed(one, request))
    with scope(Role.WORKER):
        Piece.objects.filter(package=package.pk).update(number=1)
        piece = Piece.objects.get()
        piece.pk, piece.number = None, 0
        Piece.objects.create(
            package=package, person_id=one.person, number=0, sealed=piece.sealed, expires_at=piece.expires_at
        )
    with pytest.raises(SealBroken):
        list(_streamed(one, request))
