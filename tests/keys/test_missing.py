"""A key that is lost is a clear refusal: nothing is shown, nothing is stored in plain, nothing is told of the key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from portal.keys.errors import KeyMissing
from portal.keys.ring import KeyRing, read_anew, ring
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.models import Person
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import CODES, Resident
from tests.rest.letting_in import program

__all__ = ["city", "program", "resident_in"]


@pytest.fixture
def lost(own_ring: Path) -> Callable[[], None]:
    """lost(): the file is not there any more."""

    def lose() -> None:
        own_ring.unlink()
        read_anew(own_ring)

    return lose


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"secrets": {"wrap": {"1": "c2hvcnQ="}}, "signing": {}}'])
def test_a_ring_that_cannot_be_read_is_refused_without_a_word_of_what_stands_in_it(
    own_ring: Path, content: str
) -> None:
    own_ring.write_text(content)
    read_anew(own_ring)
    with pytest.raises(KeyMissing) as refused:
        ring()
    assert (str(refused.value), refused.value.__cause__) == (f"The key ring at {own_ring} cannot be read.", None)


def test_a_ring_does_not_tell_its_keys() -> None:
    assert repr(KeyRing({"wrap": {1: b"secret"}}, {})) == "KeyRing(...)"


@pytest.mark.security("V16.5.3")
def test_without_keys_a_resident_is_told_to_come_again_and_shown_nothing(
    resident_in: Callable[[str], Resident], lost: Callable[[], None]
) -> None:
    raili = resident_in("raili")
    lost()
    answer = raili.browser.get("/en/home/")
    told = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert ("The service is not available just now" in told, "Testi" in told, "keys.json" in told) == (
        True,
        False,
        False,
    )


@pytest.mark.security("V16.5.3")
def test_without_keys_a_call_is_answered_by_a_problem(program: Client, lost: Callable[[], None]) -> None:
    lost()
    answer = program.post(
        "/api/v1/checks/", b"{}", content_type="application/json", headers={"authorization": "Bearer x"}
    )
    told = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], "problems/unavailable" in told) == (503, "60", True)
    assert "keys.json" not in told


@pytest.mark.security("V16.5.3")
@pytest.mark.django_db
def test_without_keys_nobody_is_stored(lost: Callable[[], None]) -> None:
    lost()
    with pytest.raises(KeyMissing):
        find_or_make(Arrival(CODES["raili"], Names("Testi", "raili")), at=timezone.now())
    with scope(Role.WORKER):
        assert not Person.objects.exists()
