"""What a plan knows of the person, sealed under their `requests` key: answers of sources, ends of registers."""

from typing import Any

import msgspec

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, person_key
from portal.keys.seals import place, seal, unseal
from portal.requests.erasing.models import Plan

TOLD, RECEIPT = "sealed_told", "sealed_receipt"


def told_of(plan: Plan) -> dict[str, Any]:
    """`{"sources": {slug: {"rows", "reasons", "fault"}}, "registers": [...]}`; empty where nothing is, or no key."""
    opened = opened_of(plan, TOLD)
    found: dict[str, Any] = msgspec.json.decode(opened) if opened else {}
    return found


def tell_plan(plan: Plan, **told: Any) -> None:
    """Put it beside what is told already; whoever does holds the plan's row."""
    keep(plan, TOLD, msgspec.json.encode(told_of(plan) | told))


def tell_of_source(plan: Plan, source: str, told: dict[str, Any]) -> None:
    """What this source answered last."""
    sources = told_of(plan).get("sources", {})
    tell_plan(plan, sources=sources | {source: told})


def opened_of(plan: Plan, column: str) -> bytes:
    """What stands sealed there; nothing where nothing does."""
    sealed = getattr(plan, column)
    key = existing_person_keys([plan.person_id], KeyScope.REQUESTS).get(plan.person_id)
    return unseal(key, bytes(sealed), aad=place("erasing_plan", column, plan.pk)) if sealed and key else b""


def keep(plan: Plan, column: str, content: bytes) -> None:
    """Seal it there."""
    key = person_key(plan.person_id, KeyScope.REQUESTS)
    setattr(plan, column, seal(key, content, aad=place("erasing_plan", column, plan.pk)))
    plan.save(update_fields=[column])
