"""A register without a connector: a person looks, writes down what came of it, and what was found is kept sealed."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.ledger.actor import resident
from portal.requests.actions import Asked, make_request, withdraw_request
from portal.requests.by_hand import MOST_BYTES, kind_of
from portal.requests.enums import RequestKind, RequestState
from portal.requests.errors import NotAKnownFile
from portal.requests.models import Part, PartFile, Request
from portal.requests.package.opened import files_kept
from portal.requests.parts import Planned, plan
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.queue import OWN, Enter, kinds
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
PDF = b"%PDF-1.7\nRaili"


@pytest.fixture
def part(resident_in: Enter) -> tuple[Resident, Request, Part]:
    """Raili wants everything; somebody of sports looks in a register for it."""
    raili, at = resident_in("raili"), timezone.now()
    with scope(Role.RESIDENT, persons=[raili.person]):
        asked = Asked(RequestKind.ALL)
        by = resident(raili.person)
        request, _ = make_request(asked, person=raili.person, language="fi", by=by, at=at, state=RequestState.WORKING)
        planned = [Planned("old-passes", "sports", by_hand=True)]
        [row] = plan(request, planned, deadline_at=at + timedelta(days=14), at=at)
    return raili, request, row


@pytest.fixture
def clerk(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-library"])


def page_at(pk: UUID) -> str:
    return f"/admin/requests/part/{pk}/change/"


def test_what_was_found_is_sealed_and_read_back(part: tuple[Resident, Request, Part], clerk: Client) -> None:
    raili, _request, row = part
    before = clerk.get(page_at(row.pk)).content.decode()
    assert ("old-passes" in before, CODES["raili"] in before) == (True, False)
    clerk.post(page_at(row.pk), {"do": "open"})
    assert CODES["raili"] in clerk.get(page_at(row.pk)).content.decode()
    file = SimpleUploadedFile(f"{CODES['raili']}.pdf", PDF)
    assert clerk.post(page_at(row.pk), {"do": "answer", "state": "done", "file": file}).status_code == 302
    with scope(Role.WORKER, persons=[raili.person]):
        [kept] = PartFile.objects.all()
        assert [body for _, body in files_kept(raili.person)] == [PDF]
        assert (PDF in bytes(kept.sealed_body), kept.size) == (False, len(PDF))
        assert Part.objects.get().state == "done"
    assert kinds(raili.person) == ["made", "opened", "part_done"]
    assert clerk.get(page_at(row.pk)).status_code == 404


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"state": "nothing"}, 302),
        ({"state": "refused"}, 302),
        ({"state": "done"}, 422),
        ({}, 422),
        ({"state": "nothing", "file": PDF}, 422),
        ({"state": "done", "file": b"MZ\x90\x00"}, 422),
    ],
)
def test_a_file_comes_with_what_was_found_and_only_then(
    told: dict[str, object], status: int, part: tuple[Resident, Request, Part], clerk: Client
) -> None:
    _, _, row = part
    clerk.post(page_at(row.pk), {"do": "open"})
    sent = {name: SimpleUploadedFile("x", each) if isinstance(each, bytes) else each for name, each in told.items()}
    assert clerk.post(page_at(row.pk), {"do": "answer", **sent}).status_code == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (json.dumps({"a": 1}).encode(), "json"),
        (b"\xef\xbb\xbfa;b\n1;2\n", "csv"),
        ("Päivä".encode(), "txt"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(body: bytes, kind: str) -> None:
    assert kind_of(body) == kind


@pytest.mark.parametrize(
    "body", [b"", b"PK\x03\x04", b"\x7fELF", b"a\x00b", b"\xff\xfea", b"a" * (MOST_BYTES + 1), b"[" * 100_000]
)
def test_what_is_no_known_file_is_refused(body: bytes) -> None:
    with pytest.raises(NotAKnownFile):
        kind_of(body)


def test_nobody_looks_any_further_when_it_is_taken_back(part: tuple[Resident, Request, Part], clerk: Client) -> None:
    raili, request, row = part
    assert request.number in clerk.get("/admin/").content.decode()
    with scope(Role.RESIDENT, persons=[raili.person]):
        by = resident(raili.person)
        withdraw_request(request.pk, person=raili.person, by=by, at=timezone.now())
    assert clerk.get(page_at(row.pk)).status_code == 404
    assert request.number not in clerk.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("group", "department", "status"),
    [("keeper", "library", 404), ("desk", "sports", 404), ("auditor", "*", 200), ("dpo", "*", 200)],
)
def test_each_sees_the_parts_of_their_own_departments(
    group: str, department: str, status: int, part: tuple[Resident, Request, Part], hire: Hire
) -> None:
    _, _, row = part
    browser = hire(group, department, code=OWN["keeper-library"])
    assert browser.get(page_at(row.pk)).status_code == status


def test_ones_own_part_is_for_a_colleague(part: tuple[Resident, Request, Part], hire: Hire) -> None:
    raili, _, row = part
    near = hire("keeper", "sports", code=CODES["raili"])
    near.post(page_at(row.pk), {"do": "open"})
    assert CODES["raili"] not in near.get(page_at(row.pk)).content.decode()
    assert kinds(raili.person) == ["made"]
