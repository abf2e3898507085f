"""Receipts and the log: until its entry is sealed a receipt says so, then its file proves the place to anybody."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from consents.kinds import ConsentEntry
from portal.ledger.actions import record, sequence
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.ledger.sealed import checked
from tests.pages.test_receipts import answered, file_of, stranger
from tests.residents import Resident

__all__ = ["stranger"]
Enter = Callable[[str], Resident]


def _one_more() -> None:
    with scope(Role.WORKER):
        record(ConsentEntry.EXPIRED, by=system("tests"), at=timezone.now())


def sealed() -> None:
    with scope(Role.WORKER):
        sequence(at=timezone.now())


@pytest.mark.parametrize(
    ("language", "waits", "locked"),
    [
        ("fi", "Odottaa lukitusta.", "Merkintää ei voi enää muuttaa huomaamatta."),
        ("sv", "Väntar på att låsas.", "Anteckningen kan inte längre ändras obemärkt."),
        ("en", "Waits to be locked.", "The entry can no longer be changed unnoticed."),
    ],
)
def test_the_page_says_whether_the_receipt_is_locked_in_the_log(
    language: str, waits: str, locked: str, resident_in: Enter
) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    before = raili.browser.get(f"/{language}/receipts/{receipt}/").content.decode()
    sealed()
    after = raili.browser.get(f"/{language}/receipts/{receipt}/").content.decode()
    assert [(waits in page, locked in page) for page in (before, after)] == [(True, False), (False, True)]


def test_once_sealed_the_file_proves_its_place_in_the_log_to_anybody(
    resident_in: Enter, stranger: Client, tmp_path: Path
) -> None:
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    waiting = raili.browser.get(f"/fi/receipts/{receipt}/json/").content
    sealed()
    file = raili.browser.get(f"/fi/receipts/{receipt}/json/")
    jsonschema.Draft202012Validator(stranger.get("/schemas/consent-receipt-1.json").json()).validate(file.json())
    told = stranger.post("/verify/", file.content, content_type="application/json").json()
    assert (waiting, file.content[: len(waiting) - 1]) == (file_of(raili, receipt), waiting[:-1])
    assert (told["genuine"], told["log_index"]) == (True, file.json()["log"]["index"])
    touched = file.json() | {"log": file.json()["log"] | {"proof": []}}
    said = checked(tmp_path, [file.content, waiting, touched])
    assert said[0] == 1
    assert [line[:22] for line in said[1]] == [*2 * ["The receipt is genuine"], "DOES NOT HOLD: The pro"]


def test_a_touched_place_in_the_log_is_refused(resident_in: Enter, stranger: Client) -> None:
    raili = resident_in("raili")
    first, second = answered(raili, times=2)
    sealed()
    one, other = (raili.browser.get(f"/fi/receipts/{each}/json/").content for each in (first, second))
    start = one.index(b'"log":')
    touched = [one[:place] + bytes([one[place] ^ 1]) + one[place + 1 :] for place in range(start, len(one) - 1, 5)]
    touched.append(json.dumps(json.loads(one) | {"log": json.loads(other)["log"]}).encode())
    told = [stranger.post("/verify/", each, content_type="application/json").json() for each in touched]
    faults = Counter(each["fault"] for each in told)
    assert set(faults) == {"not_in_the_log", "other_form", "not_a_receipt"}
    assert faults["not_in_the_log"] > len(touched) / 2


def test_a_place_in_another_log_that_we_signed_is_refused(resident_in: Enter, stranger: Client) -> None:
    """Two logs with one key: the one that was shown to somebody is not the one that stands."""
    raili = resident_in("raili")
    (receipt,) = answered(raili)
    with transaction.atomic():
        _one_more()
        sealed()
        shown = raili.browser.get(f"/fi/receipts/{receipt}/json/").content
        transaction.set_rollback(True)
    sealed()
    _one_more()
    sealed()
    told = stranger.post("/verify/", shown, content_type="application/json", headers={"Accept-Language": "en"})
    assert (told.status_code, told.json()["fault"], told.json()["signature"]) == (422, "not_in_the_log", True)
