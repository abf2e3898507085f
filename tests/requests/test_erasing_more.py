"""With the copies of registers goes what was made of them, and what the person brought."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from datasources.queries.erased import registers_with_copies
from datasources.queries.sources import registers_without_source
from datasources.wearables.models import Figures, Import
from demo.watches import EXPORTS, days
from portal.ledger.actor import resident
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind
from portal.requests.erasing.receipts import file_of_request
from portal.requests.models import Package, Piece
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.erasures import LIBRARY, Department, asked, copied, departments, run
from tests.residents import Resident
from tests.wearables.bringing import allow, bring, days_ago, read_all

__all__ = ["city", "resident_in"]


@pytest.fixture
def systems(city: None) -> Iterator[dict[str, Department]]:
    with departments() as running:
        yield running


def packed(person: UUID) -> None:
    """They have a package that was not taken yet."""
    now = timezone.now()
    with scope(Role.RESIDENT, persons=[person]):
        request, _ = make_request(Asked(RequestKind.ALL), person=person, language="fi", by=resident(person), at=now)
    ends = {"person_id": person, "expires_at": now + timedelta(hours=72)}
    with scope(Role.WORKER, persons=[person]):
        package = Package.objects.create(
            id=uuid4(), request=request, edition=1, ended=1, made_at=now, size=9, pieces=1, rows=1, **ends
        )
        Piece.objects.create(id=uuid4(), package=package, number=0, sealed=b"sealed", **ends)


def held(person: UUID) -> list[int]:
    """How many packages, pieces, figures and files of watches."""
    with scope(Role.WORKER, persons=[person]):
        return [model.objects.filter(person_id=person).count() for model in (Package, Piece, Figures, Import)]


@pytest.mark.parametrize(("registers", "left"), [((), [0, 0, 0, 0]), ((LIBRARY,), [0, 0, 2, 1])])
def test_packages_go_with_any_of_it_and_what_was_brought_with_everything(
    registers: tuple[str, ...],
    left: list[int],
    systems: dict[str, Department],
    resident_in: Callable[[str], Resident],
) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    for one in (raili, otso):
        copied(one.person, "library-card")
        packed(one.person)
        allow(one)
        bring(one, EXPORTS["gpx"](days(days_ago(2), 1)))
        read_all(one)
    before = held(otso.person)
    run(asked(raili.person, *registers))
    assert (held(raili.person)[:2], held(raili.person)[3], held(otso.person)) == (left[:2], left[3], before)
    assert (held(raili.person)[2] > 0) is (left[2] > 0)


def test_what_people_bring_is_looked_for_by_nobody(city: None) -> None:
    with scope(Role.WORKER):
        assert "brought-by-residents" not in dict(registers_without_source())
        assert "brought-by-residents" not in {each.slug for each in registers_with_copies(uuid4())}


@pytest.mark.parametrize(
    ("touch", "genuine", "fault"),
    [
        (None, True, None),
        ((b'"version":1', b'"version":2'), False, "changed"),
        ((b'"stays"', b'"stayz"'), False, "changed"),
    ],
)
def test_anyone_checks_the_receipt_of_an_erasure(
    touch: tuple[bytes, bytes] | None,
    genuine: bool,
    fault: str | None,
    systems: dict[str, Department],
    resident_in: Callable[[str], Resident],
) -> None:
    raili = resident_in("raili")
    request = run(asked(raili.person))
    with scope(Role.RESIDENT, persons=[raili.person]):
        file = file_of_request(raili.person, request.pk)
    brought = file.replace(*touch) if touch else file
    told = Client(HTTP_HOST="127.0.0.1").post("/verify/", {"text": brought.decode()}).json()
    assert (told["genuine"], told["fault"], told["event_type"]) == (genuine, fault, "erased" if genuine else None)


@pytest.mark.parametrize(
    ("language", "said"), [("fi", "Tietoja poistettiin."), ("sv", "raderades"), ("en", "was erased")]
)
def test_people_read_what_the_receipt_is_of(
    language: str, said: str, systems: dict[str, Department], resident_in: Callable[[str], Resident]
) -> None:
    raili = resident_in("raili")
    request = run(asked(raili.person))
    with scope(Role.RESIDENT, persons=[raili.person]):
        file = file_of_request(raili.person, request.pk)
    sent = {"text": file.decode()}
    page = Client(HTTP_HOST="127.0.0.1").post(f"/{language}/verify/", sent, headers={"Accept": "text/html"})
    assert said in page.content.decode()
