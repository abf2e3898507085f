"""The receipt of an erasure: what came of each register, signed, sealed under the person's `requests` key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from consents.receipts.record import canonical
from consents.receipts.verifying import signed_by
from portal.keys.signing import sign
from portal.requests.enums import Outcome, PartState
from portal.requests.erasing.enums import Can, There
from portal.requests.erasing.models import Plan
from portal.requests.erasing.told import RECEIPT, keep, opened_of, told_of
from portal.requests.models import Part, Request

KEY, KIND = "receipts", "erasure-receipt+jws"
# What an erasure leaves, under a time of its own (GDPR 17(3)(b) and (e)).
STAYS = ("proof_of_permissions", "requests", "log")
_THERE: Mapping[str, There] = {
    PartState.DONE: There.ERASED,
    PartState.NOTHING: There.NOTHING,
    PartState.REFUSED: There.REFUSED,
}
_UNDONE = (There.REFUSED, There.ASKED, There.STAYS, There.HELD)


def issue(plan: Plan, request: Request, *, at: datetime) -> dict[str, Any]:
    """Sign what came of it and keep it on the plan; the worker holds the plan's row."""
    parts = {part.source: part for part in Part.objects.filter(request=request)}
    told = told_of(plan)
    receipt = {
        "kind": "erasure",
        "version": 1,
        "id": str(plan.pk),
        "issuer": settings.PUBLIC_URL,
        "number": request.number,
        "asked_at": request.received_at.isoformat(),
        "issued_at": at.isoformat(),
        "registers": [_line(each, parts, told.get("sources", {}), leaving=plan.leaving) for each in told["registers"]],
        "stays": list(STAYS),
    }
    content = canonical(receipt)
    _, signature = sign(KEY, content, kind=KIND)
    keep(plan, RECEIPT, b'{"receipt":%b,"signature":"%b"}' % (content, signature.encode()))
    return receipt


def _line(
    each: Mapping[str, Any], parts: Mapping[str, Part], sources: Mapping[str, Any], *, leaving: bool
) -> dict[str, Any]:
    part = parts.get(each["source"]) if each["source"] else None
    there = There.LEFT_ALONE if leaving and not each["holds"] else _there(each["can"], part)
    reasons = sources.get(each["source"], {}).get("reasons", []) if there is There.REFUSED else []
    return {
        "register": each["register"],
        "department": each["department"],
        "copies_erased": each["copies"],
        "in_the_departments_system": there.value,
        "basis": each["basis"],
        "holds": each["holds"],
        "reasons": [dict(zip(("fi", "sv", "en"), reason, strict=True)) for reason in reasons],
        "asked": each["asked"] or (part.told.get("asked", {}).get(each["register"], "") if part else ""),
    }


def _there(can: str, part: Part | None) -> There:
    match Can(can):
        case Can.HELD:
            return There.HELD
        case Can.STAYS:
            return There.STAYS
        case Can.ASKED:
            return There.ASKED
    if part is None:
        return There.NOTHING
    if part.state == PartState.FAILED:
        return There.ASKED
    return There.HELD if part.told.get("held") else _THERE[part.state]


def outcome_of(receipt: Mapping[str, Any]) -> Outcome:
    """Done where nothing stayed anywhere; not done where nothing went; else in part."""
    lines = receipt["registers"]
    undone = [line for line in lines if line["in_the_departments_system"] in _UNDONE]
    if not undone:
        return Outcome.DONE
    if all(line["in_the_departments_system"] == There.HELD for line in lines):
        return Outcome.REFUSED
    return Outcome.PARTLY


def file_of_request(person: UUID, request: UUID) -> bytes:
    """The signed file of an erasure, within a scope of the person; empty where there is none yet."""
    plan = Plan.objects.filter(person_id=person, request=request).first()
    return opened_of(plan, RECEIPT) if plan else b""


def is_erasure(file: Mapping[str, Any]) -> bool:
    """The file says that it is the receipt of an erasure."""
    return isinstance(file["receipt"], dict) and file["receipt"].get("kind") == "erasure"


def verify_erasure(file: Mapping[str, Any]) -> str:
    """Which of our keys signed the receipt of an erasure; NotVerified when none did."""
    return signed_by(file, kind=KIND)
