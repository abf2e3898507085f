"""Receipts: one for every answer and every end, whole, signed, and sealed under the person's own key."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from consents.enums import OldAnswers
from consents.models import Receipt
from consents.receipts.reading import newer_than, opened, receipts_of
from consents.receipts.record import hashed
from consents.receipts.verifying import Fault, NotVerified, verify
from demo.people import everyone
from portal.keys.signing import public_keys
from portal.walls import Role, scope
from tests.consents.asked import DAYS, NEEDED, NOW, OPTIONAL, Asked

pytestmark = pytest.mark.usefixtures("described")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def files_of(asked: Asked) -> list[bytes]:
    """What was handed to this resident, oldest first."""
    with scope(Role.RESIDENT, persons=[asked.person]):
        return [opened(receipt).file for receipt in receipts_of(asked.person)]


def _given(asked: Asked) -> None:
    asked.give(OPTIONAL, at=NOW + HOUR)


def _refused(asked: Asked) -> None:
    asked.refuse(at=NOW + HOUR)


def _changed(asked: Asked) -> None:
    asked.give(OPTIONAL, at=NOW + HOUR)
    asked.change([], at=NOW + 2 * HOUR)


def _renewed(asked: Asked) -> None:
    asked.give(at=NOW)
    asked.renew(at=NOW + timedelta(days=DAYS - 30))


def _withdrawn(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    asked.withdraw(at=NOW + 2 * HOUR)


def _expired(asked: Asked) -> None:
    asked.give(at=NOW)
    assert asked.expire_due(at=NOW + timedelta(days=DAYS)) == 1


def _superseded(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    asked.publish(at=NOW + DAY, old_answers=OldAnswers.ENDED)
    asked.settle(at=NOW + DAY)


def _terminated(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    with scope(Role.STAFF, departments=["*"]):
        asked.purpose.closed_at = NOW + DAY
        asked.purpose.save()
    asked.settle(at=NOW + DAY)


LIVES: dict[str, Callable[[Asked], None]] = {
    "given": _given,
    "refused": _refused,
    "changed": _changed,
    "renewed": _renewed,
    "withdrawn": _withdrawn,
    "expired": _expired,
    "superseded": _superseded,
    "terminated": _terminated,
}


@pytest.mark.parametrize("what", LIVES)
def test_every_answer_and_every_end_has_a_receipt_as_the_schema_says(what: str) -> None:
    asked = Asked()
    LIVES[what](asked)
    kinds = [verify(file).receipt["event_type"] for file in files_of(asked)]
    assert kinds == (["given", what] if what not in {"given", "refused"} else [what])


def test_a_question_and_a_hold_have_none() -> None:
    asked = Asked()
    asked.give(at=NOW)
    asked.suspend(at=NOW + HOUR)
    asked.resume(at=NOW + 2 * HOUR)
    assert len(files_of(asked)) == 1


def test_it_tells_what_is_covered_and_every_event_so_far() -> None:
    asked = Asked()
    asked.give(OPTIONAL, at=NOW + HOUR)
    asked.change(OPTIONAL[:1], at=NOW + 2 * HOUR)
    receipt = verify(files_of(asked)[-1]).receipt
    record = receipt["consent_record"]
    (data,) = record["pii_processing"]["pii_information"]
    covered = {each["pii_attribute_id"] for each in data["attributes"] if each["covered"]}
    assert covered == {*NEEDED, OPTIONAL[0]}
    assert [event["event_type"] for event in record["events"]] == ["requested", "given", "changed"]
    assert receipt["event_hash"] == hashed(record["events"][-1])
    assert record["pii_processing"]["privacy_notice"]["hash"] == asked.text.sha256


def test_the_hash_and_the_entry_are_those_of_the_event_that_is_kept() -> None:
    asked = Asked()
    asked.give(at=NOW)
    receipt = verify(files_of(asked)[0]).receipt
    assert receipt["ledger"]["entry_id"] == str(asked.events[-1].entry_id)


def test_no_code_no_name_and_no_id_of_the_person_stands_in_it() -> None:
    asked = Asked()
    _changed(asked)
    whole = b"".join(files_of(asked)).decode()
    secrets = {str(asked.person), asked.person.hex, *(person.identity_code for person in everyone())}
    assert [secret for secret in secrets if secret in whole] == []


def test_one_person_has_one_pseudonym_and_nobody_elses() -> None:
    one, other = Asked(), Asked()
    _changed(one)
    _given(other)
    mine = {verify(file).receipt["consent_record"]["pii_principal_id"] for file in files_of(one)}
    theirs = {verify(file).receipt["consent_record"]["pii_principal_id"] for file in files_of(other)}
    assert (len(mine), mine & theirs) == (1, set())


def test_at_rest_it_is_sealed_and_never_changed() -> None:
    asked = Asked()
    asked.give(at=NOW)
    with scope(Role.RESIDENT, persons=[asked.person]):
        receipt = receipts_of(asked.person).get()
        assert b"consent_record" not in bytes(receipt.sealed)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('consents_receipt', 'UPDATE'), "
                "has_table_privilege('consents_receipt', 'DELETE')"
            )
            assert cursor.fetchone() == (False, False)


def test_another_resident_reads_no_receipt_of_mine() -> None:
    asked, other = Asked(), Asked()
    asked.give(at=NOW)
    with scope(Role.RESIDENT, persons=[other.person]):
        assert not Receipt.objects.exists()


def test_many_that_run_out_at_once_each_have_their_receipt() -> None:
    several = [Asked() for _ in range(3)]
    for asked in several:
        asked.give(at=NOW)
    with scope(Role.WORKER):
        assert several[0].expire_due(at=NOW + timedelta(days=DAYS)) == 3
    assert [len(files_of(asked)) for asked in several] == [2, 2, 2]


def _fault(file: bytes) -> Fault | None:
    try:
        verify(file)
    except NotVerified as told:
        return told.fault
    return None


def test_one_changed_byte_anywhere_is_refused() -> None:
    asked = Asked()
    asked.give(at=NOW)
    file = files_of(asked)[0]
    assert _fault(file) is None
    head = file.index(b'"signature"')
    places = [*range(0, head, 11), *range(head, len(file))]
    let_through = [place for place in places if _fault(_with(file, place, file[place] ^ 1)) is None]
    let_through += [place for place in range(head, len(file)) if _fault(_with(file, place, ord("A"))) is None]
    assert [place for place in let_through if file[place] != ord("A")] == []


def _with(file: bytes, place: int, byte: int) -> bytes:
    return file[:place] + bytes([byte]) + file[place + 1 :]


def test_it_may_be_laid_out_anew_but_no_member_may_stand_twice() -> None:
    asked = Asked()
    asked.give(at=NOW)
    file = files_of(asked)[0]
    assert _fault(json.dumps(json.loads(file), indent=2, ensure_ascii=True).encode()) is None
    twice = file.replace(b'"event_type":"given"', b'"event_type":"refused","event_type":"given"')
    assert (twice != file, _fault(twice)) == (True, Fault.NOT_A_RECEIPT)


@pytest.mark.parametrize(
    ("brought", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \n ", Fault.EMPTY),
        (b"\x00", Fault.NOT_A_RECEIPT),
        (b"no json", Fault.NOT_A_RECEIPT),
        (b"\xff\xfe", Fault.NOT_A_RECEIPT),
        (b"[" * 100_000, Fault.NOT_A_RECEIPT),
        (b'{"a":' * 50_000, Fault.NOT_A_RECEIPT),
        (b"null", Fault.NOT_A_RECEIPT),
        (b'{"receipt":1}', Fault.NOT_A_RECEIPT),
        (b'{"receipt":NaN,"signature":""}', Fault.NOT_A_RECEIPT),
        (b'{"receipt":1e999,"signature":""}', Fault.NOT_A_RECEIPT),
        (b'{"receipt":"\\ud800","signature":""}', Fault.NOT_A_RECEIPT),
        (b'{"receipt":' + b"9" * 5000 + b',"signature":""}', Fault.NOT_A_RECEIPT),
        (b'{"receipt":{},"signature":"x..y"}', Fault.UNKNOWN_KEY),
        (b'{"receipt":{},"signature":"eyJhbGciOiJub25lIn0.."}', Fault.UNKNOWN_KEY),
        (b" " * 300_000, Fault.TOO_BIG),
    ],
)
def test_what_is_no_receipt_is_told_so(brought: bytes, fault: Fault) -> None:
    assert _fault(brought) == fault


@examples(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_at_all_break_the_check(brought: bytes) -> None:
    assert _fault(brought) in set(Fault)


def test_a_key_for_other_things_signs_no_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consents.receipts.issuing.KEY", "tokens")
    asked = Asked()
    asked.give(at=NOW)
    assert [_fault(file) for file in files_of(asked)] == [Fault.UNKNOWN_KEY]


@pytest.fixture
def own_ring(settings: LazySettings, tmp_path: Path) -> Path:
    """A copy of the key ring, for a test that writes into it."""
    ring = tmp_path / "keys.json"
    ring.write_bytes(Path(settings.KEY_RING_FILE).read_bytes())
    settings.KEY_RING_FILE = ring
    return ring


def test_an_older_receipt_is_verified_after_the_key_was_changed(own_ring: Path) -> None:
    asked = Asked()
    asked.give(at=NOW)
    call_command("rotate_signing_key", "receipts", stdout=StringIO())
    asked.withdraw(at=NOW + HOUR)
    first, second = (verify(file) for file in files_of(asked))
    kids = [key["kid"] for key in public_keys("receipts")]
    assert first.kid != second.kid
    assert kids[-2:] == [first.kid, second.kid]


def test_of_a_key_that_was_changed_only_the_public_half_is_kept(own_ring: Path) -> None:
    call_command("rotate_signing_key", "receipts", stdout=StringIO())
    keys = json.loads(own_ring.read_text())["signing"]["receipts"]
    assert ([key["kid"] for key in keys if "d" in key], own_ring.stat().st_mode & 0o777) == ([keys[-1]["kid"]], 0o600)


def test_a_change_of_key_that_was_broken_off_is_told_and_changes_nothing(own_ring: Path) -> None:
    before = own_ring.read_bytes()
    own_ring.with_name("keys.json.new").touch()
    with pytest.raises(CommandError, match="another rotation"):
        call_command("rotate_signing_key", "receipts", stdout=StringIO())
    assert own_ring.read_bytes() == before


def test_whoever_holds_a_receipt_may_learn_that_something_newer_happened_and_no_more() -> None:
    asked, other = Asked(), Asked()
    _withdrawn(asked)
    _given(other)
    first, second = (verify(file) for file in files_of(asked))
    with scope(Role.LOGIN, lookups=[first.consent.bytes]):
        newer = [newer_than(each.consent, each.event["number"]) for each in (first, second)]
        of_another = newer_than(verify(files_of(other)[0]).consent, 2)
    assert (newer, of_another) == ([True, False], None)


def test_being_asked_again_is_nothing_newer() -> None:
    asked = Asked()
    asked.refuse(at=NOW)
    asked.ask(at=NOW + timedelta(days=200))
    told = verify(files_of(asked)[0])
    with scope(Role.LOGIN, lookups=[told.consent.bytes]):
        assert newer_than(told.consent, told.event["number"]) is False
