"""Checking receipts that anybody brings, and the change of the key they are signed with."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from consents.receipts.reading import newer_than
from consents.receipts.record import canonical
from consents.receipts.verifying import Fault, NotVerified, verify
from portal.keys.signing import public_keys
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.test_receipts import HOUR, files_of
from tests.examples import examples

pytestmark = pytest.mark.usefixtures("described", "db")


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


@trying(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_at_all_break_the_check(brought: bytes) -> None:
    assert _fault(brought) in set(Fault)


_WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(st.text("abc_@-09AZ"), _WORDS | st.lists(_WORDS) | st.integers(0, 2**31) | st.booleans()))
def test_what_is_signed_is_canonical_as_the_library_writes_it(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_file_is_its_own_canonical_form() -> None:
    asked = Asked()
    asked.give(at=NOW)
    file = files_of(asked)[0]
    assert rfc8785.dumps(json.loads(file)) == file


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
    asked.give(at=NOW + HOUR)
    asked.withdraw(at=NOW + 2 * HOUR)
    other.give(at=NOW)
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
