"""Verifying a receipt that anybody brings: whatever bytes come, one of few answers goes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn
from uuid import UUID

import rfc8785

from consents.receipts.issuing import KEY, KIND
from consents.receipts.schema import is_whole
from portal.keys.errors import SignatureBroken, SignerUnknown
from portal.keys.signing import signer
from portal.ledger.merkle import ProofBroken
from portal.ledger.notes import Head
from portal.ledger.proofs import head_proven

# A receipt takes some twelve thousand bytes, a long life of a permission a few times that.
LARGEST = 256 * 1024


class Fault(StrEnum):
    """Why something is not taken for a receipt of ours."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_A_RECEIPT = "not_a_receipt"
    UNKNOWN_KEY = "unknown_key"
    CHANGED = "changed"
    OTHER_FORM = "other_form"
    NOT_IN_THE_LOG = "not_in_the_log"


class NotVerified(Exception):
    """This is no receipt that we signed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Verified:
    """A receipt that we signed, whole and unchanged; `index`, `head`: its place in the log, if the file proves it."""

    kid: str
    receipt: Mapping[str, Any]
    index: int | None = None
    head: Head | None = None

    @property
    def consent(self) -> UUID:
        """The permission it is about."""
        return UUID(self.receipt["consent_record"]["record_id"])

    @property
    def event(self) -> Mapping[str, Any]:
        """What it is the receipt of."""
        last: Mapping[str, Any] = self.receipt["consent_record"]["events"][-1]
        return last


def verify(brought: bytes) -> Verified:
    """What the file says, when our signature is over it and it is as its schema says; NotVerified otherwise.

    White space between the members is of no account, as the signature is over the canonical form (RFC 8785).
    """
    file = read_file(brought)
    kid = signed_by(file, kind=KIND)
    if not is_whole(file):
        raise NotVerified(Fault.OTHER_FORM)
    return Verified(kid, file["receipt"], *_place(file)) if "log" in file else Verified(kid, file["receipt"])


def signed_by(file: Mapping[str, Any], *, kind: str) -> str:
    """Which of our keys of receipts signed this file, as a receipt of this `kind`; NotVerified when none did."""
    try:
        return signer(KEY, file["signature"], rfc8785.dumps(file["receipt"]), kind=kind)
    except SignerUnknown:
        raise NotVerified(Fault.UNKNOWN_KEY) from None
    except SignatureBroken:
        raise NotVerified(Fault.CHANGED) from None
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError):
        raise NotVerified(Fault.NOT_A_RECEIPT) from None


def _place(file: Mapping[str, Any]) -> tuple[int, Head]:
    log = file["log"]
    try:
        head = head_proven(log)
    except ProofBroken:
        raise NotVerified(Fault.NOT_IN_THE_LOG) from None
    if log["entry"]["id"] != file["receipt"]["ledger"]["entry_id"]:
        raise NotVerified(Fault.NOT_IN_THE_LOG)
    return log["index"], head


def read_file(brought: bytes) -> dict[str, Any]:
    """`{"receipt", "signature"}`, with `"log"` where the file proves its place; NotVerified when it is nothing such."""
    if len(brought) > LARGEST:
        raise NotVerified(Fault.TOO_BIG)
    if not brought.strip():
        raise NotVerified(Fault.EMPTY)
    try:
        # A byte order mark comes with files that were saved by some editors.
        file = json.loads(brought.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise NotVerified(Fault.NOT_A_RECEIPT) from None
    if not (isinstance(file, dict) and file.keys() - {"log"} == {"receipt", "signature"}):
        raise NotVerified(Fault.NOT_A_RECEIPT)
    if not isinstance(file["signature"], str):
        raise NotVerified(Fault.NOT_A_RECEIPT)
    return file


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A member that stands twice could show one thing and be signed as another."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A member stands twice.")
    return members


def _refused(constant: str) -> NoReturn:
    raise ValueError("This is not JSON.")
