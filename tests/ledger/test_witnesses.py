"""Witnesses: somebody else keeps the newest seal they saw, and cosigns none that does not begin with it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from portal.ledger.checkpoints import verifiers
from portal.ledger.columns import whole_log
from portal.ledger.copies import copy_newest
from portal.ledger.models import Checkpoint, Copying, Cosignature
from portal.ledger.notes import Cosigner, Head, NoteBroken, Verifier, cosigned, cosigned_text, opened, signature_lines
from portal.ledger.proofs import bundle, proof_of
from portal.ledger.queries import entries_of_departments
from portal.ledger.verification.findings import Fault
from portal.ledger.verification.whole import verify
from portal.ledger.witnesses import witnesses
from portal.outward.addresses import inward, let_inward
from portal.walls import Role, scope
from tests.ledger.sealed import AT, checked, leave, seal
from tests.ledger.witnessing import NAME, Reply, Witness, witness

SOON = AT + timedelta(seconds=10)
# The example of C2SP tlog-cosignature, which publishes no key for it.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
EXAMPLES_LINE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n"
)


@pytest.fixture
def seer(settings: LazySettings, db: None) -> Iterator[Witness]:
    """A witness that knows this log; nothing was sealed yet."""
    before = inward()
    let_inward(["127.0.0.0/8"])
    try:
        with witness() as server:
            server.logs = {settings.LOG_ORIGIN: verifiers()}
            settings.CHECKPOINT_WITNESSES = server.setting
            yield server
    finally:
        let_inward(before)


def sealed(count: int) -> None:
    leave(count)
    seal()


def copying() -> Copying:
    with scope(Role.WORKER):
        return Copying.objects.get(place=NAME)


def test_a_witness_cosigns_what_grew_from_what_it_saw(seer: Witness) -> None:
    for count in (1, 6, 300):
        sealed(count)
        assert copy_newest(at=AT)
    assert copy_newest(at=SOON)
    found = [(each.size, each.witness, each.signed_at) for each in Cosignature.objects.order_by("size")]
    at = datetime.fromtimestamp(seer.now, UTC)
    assert found == [(1, NAME, at), (7, NAME, at), (307, NAME, at)]
    assert (seer.asked, copying().size) == ([0, 1, 7], 307)


def test_a_witness_that_knows_more_or_less_says_so_and_is_asked_again(seer: Witness) -> None:
    sealed(3)
    copy_newest(at=AT)
    sealed(2)
    # It was put back, and had not seen anything; then somebody else told it of ours.
    seer.seen.clear()
    assert copy_newest(at=AT)
    with scope(Role.WORKER):
        Copying.objects.update(size=0)
    assert copy_newest(at=AT)
    assert seer.asked == [0, 3, 0, 0, 5]


@pytest.mark.security("F20")
@pytest.mark.parametrize(
    ("forced", "error"),
    [
        ((403, "text/plain", ""), "The witness does not know the key of this log."),
        ((404, "text/plain", ""), "The witness does not know this log."),
        ((409, "text/x.tlog.size", "99\n"), "The witness knows another log, or a longer one."),
        ((409, "text/x.tlog.size", "1\n"), "The witness knows another log, or a longer one."),
        ((409, "text/plain", "1\n"), "The witness knows another log, or a longer one."),
        ((409, "text/x.tlog.size", "one\n"), "The witness knows another log, or a longer one."),
        ((422, "text/plain", ""), "The witness does not find that the log only grew."),
        ((500, "text/plain", ""), "The witness answered 500."),
        ((200, "text/plain", ""), "The witness answered without a cosignature of its own that holds."),
        ((200, "text/plain", EXAMPLES_LINE), "The witness answered without a cosignature of its own that holds."),
        ((200, "text/plain", "x" * 20_000), "The answer was too long, or too slow."),
    ],
)
def test_an_answer_that_is_none_is_told_and_remembered(forced: Reply, error: str, seer: Witness) -> None:
    sealed(2)
    seer.forced = forced
    went = copy_newest(at=AT)
    kept = (went, copying().error, copying().failing_since_at, Cosignature.objects.count())
    seer.forced = None
    assert (kept, copy_newest(at=SOON), copying().error) == ((False, error, AT, 0), True, "")


@pytest.mark.security("F19")
def test_another_log_under_our_name_is_not_cosigned(seer: Witness, settings: LazySettings) -> None:
    """Whoever holds the keys has written the log anew: what the witness saw is longer, or not its beginning."""
    sealed(2)
    seer.seen[settings.LOG_ORIGIN] = Head(settings.LOG_ORIGIN, 1, bytes(32))
    first = (copy_newest(at=AT), copying().error)
    seer.seen[settings.LOG_ORIGIN] = Head(settings.LOG_ORIGIN, 2, bytes(32))
    second = (copy_newest(at=AT), copying().error)
    assert first == (False, "The witness does not find that the log only grew.")
    assert second == (False, "The witness knows another log, or a longer one.")
    assert Cosignature.objects.count() == 0


def test_a_signature_by_another_key_is_not_kept(seer: Witness, settings: LazySettings) -> None:
    sealed(2)
    head = opened(Checkpoint.objects.get().note, verifiers())
    seer.forced = 200, "text/plain", seer.line(head, by=Ed25519PrivateKey.generate())
    assert (copy_newest(at=AT), Cosignature.objects.count()) == (False, 0)


def test_one_place_that_fails_keeps_none_of_the_others_from_its_copy(
    seer: Witness, settings: LazySettings, tmp_path: Path
) -> None:
    settings.CHECKPOINT_FOLDER = tmp_path / "away"
    settings.CHECKPOINT_FOLDER.write_text("no folder")
    sealed(1)
    assert (copy_newest(at=AT), Cosignature.objects.count()) == (False, 1)


def test_what_was_cosigned_is_told_to_everyone(seer: Witness, client: Client) -> None:
    sealed(2)
    copy_newest(at=AT)
    line = Cosignature.objects.get().line
    newest = client.get("/log/checkpoint").content.decode()
    sealed(1)
    later = client.get("/log/checkpoint").content.decode()
    kept = client.get("/log/checkpoint?cosigned").content.decode()
    listed = [each["note"] for each in client.get("/log/checkpoints/").json()["checkpoints"]]
    grown = client.get("/log/proof/consistency?old=2").json()["checkpoints"]
    page = client.get("/en/seals/").content.decode()
    assert newest.endswith(line)
    assert (kept, listed, grown) == (newest, [later, newest], [newest, later])
    assert signature_lines(later) != signature_lines(newest)
    assert f"Confirmed by the outside witness {NAME}" in page


def test_files_are_proven_under_what_was_cosigned_and_checked_by_the_witness_key(seer: Witness, tmp_path: Path) -> None:
    ids = leave(2)
    seal()
    copy_newest(at=AT)
    sealed(1)
    with scope(Role.STAFF, departments=["*"]):
        told = json.loads(b"".join(bundle(whole_log(entries_of_departments().filter(id__in=ids)))))
        proof = proof_of(ids[0])
    other = Cosigner(NAME, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    good = checked(tmp_path, [told], more=["--witness", seer.cosigner.told])
    bad = checked(tmp_path, [told], more=["--witness", other.told])
    assert proof is not None
    assert proof["checkpoint"] == told["checkpoint"]
    assert good == (
        0,
        [f"2 entries stand in the log of 2 entries, as they were sealed. Cosigned by {NAME} at 2023-03-20 12:25:47Z."],
    )
    assert bad == (1, [f"DOES NOT HOLD: The witness {NAME} has not cosigned the checkpoint."])


@pytest.mark.parametrize("cosigned_first", [True, False])
def test_a_cosignature_that_was_edited_does_not_hold_without_us(
    cosigned_first: bool, seer: Witness, tmp_path: Path
) -> None:
    ids = leave(2)
    seal()
    copy_newest(at=AT)
    with scope(Role.STAFF, departments=["*"]):
        told = json.loads(b"".join(bundle(whole_log(entries_of_departments().filter(id__in=ids)))))
    other = seer.line(Head("another/log", 2, bytes(32)))
    told["checkpoint"] = told["checkpoint"].replace(Cosignature.objects.get().line, other)
    said = checked(tmp_path, [told], more=["--witness", seer.cosigner.told])
    assert said == (1, [f"DOES NOT HOLD: What the witness {NAME} cosigned is not this checkpoint."])


def test_a_log_that_was_written_anew_is_found_by_what_a_witness_cosigned(seer: Witness) -> None:
    sealed(2)
    copy_newest(at=AT)
    before = verify(at=SOON, folder=None, processes=1)
    with scope(Role.WORKER):
        kept = Cosignature.objects.get()
        other = seer.line(Head("another/log", 3, bytes(32)))
        Cosignature.objects.create(size=3, witness=NAME, line=other, signed_at=kept.signed_at)
    after = verify(at=SOON, folder=None, processes=1)
    assert (before.findings, before.notes) == (
        [],
        [f"{NAME} cosigned the seal over 2 entries at 2023-03-20 12:25:47Z."],
    )
    assert [(each.fault, each.first, each.end) for each in after.findings] == [(Fault.WITNESSED, 0, 3)]


def test_the_specification_s_example_has_the_time_it_tells() -> None:
    """It names no key, so what can be compared is what is signed, and where the time stands in the line."""
    assert cosigned_text(EXAMPLE, 1679315147).decode() == f"cosignature/v1\ntime 1679315147\n{EXAMPLE}"
    assert signature_lines(f"something\n{EXAMPLES_LINE}") == [EXAMPLES_LINE]
    assert cosigned(f"{EXAMPLE}\n{EXAMPLES_LINE}", EXAMPLES_LINE, Cosigner("witness.example.com/w1", bytes(32))) is None


@pytest.mark.parametrize(
    "key", ["", "w", "w+00000000+AAAA", Verifier("w", bytes(32)).told, Cosigner("w", bytes(31)).told, "x" + "%s"]
)
def test_what_is_no_key_of_a_witness_is_refused(key: str) -> None:
    with pytest.raises(NoteBroken):
        Cosigner.of(key.replace("%s", Cosigner("w", bytes(32)).told))


@pytest.mark.parametrize("told", ["%s", "nonsense https://w.example", "%s https://a.example %s https://b.example"])
def test_a_setting_that_cannot_be_read_stops_the_start(told: str, settings: LazySettings) -> None:
    settings.CHECKPOINT_WITNESSES = told.replace("%s", Cosigner("w", bytes(32)).told)
    with pytest.raises(ImproperlyConfigured):
        witnesses()
