"""Texts and those who write, approve and publish them."""

import copy
import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from consents.models import Purpose, PurposeText
from consents.publishing.drafting import approve, draft_text, make_purpose, send_for_approval
from datasources.models import Department
from portal.ledger.actor import Actor, ActorKind, Right
from portal.walls import Role, scope
from tests.residents import PURPOSES

# Later than any clock that a test runs by: nothing happens before what happened last.
AT = datetime(2040, 3, 1, 9, tzinfo=UTC)
KEEPER = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="sports", role="keeper")
COLLEAGUE = Actor(ActorKind.STAFF, "keeper-2", Right.OFFICE, unit="sports", role="keeper")
OFFICER = Actor(ActorKind.STAFF, "officer", Right.OFFICE, role="dpo")
SCOPE = {"sports-courses": {"needed": ["course", "starts_on"], "optional": ["place"]}}


def swimming() -> dict[str, dict[str, str]]:
    """A text that passes: the swimming reminder of the catalogue."""
    found = next(row for row in tomllib.loads(PURPOSES.read_text())["purpose"] if row["slug"] == "swimming-reminders")
    return {language: dict(found[language]) for language in ("fi", "sv", "en")}


def worded(language: str, part: str, words: str) -> dict[str, dict[str, str]]:
    texts = copy.deepcopy(swimming())
    texts[language][part] = words
    return texts


def staff(departments: tuple[str, ...] = ("sports",)) -> Any:
    return scope(Role.STAFF, departments=departments)


def officer() -> Any:
    return staff(("*",))


@pytest.fixture
def described(loaded_city: None, db: None) -> None:
    """Catalogue and purposes, loaded."""


@pytest.fixture
def draft(described: None) -> PurposeText:
    """A new purpose of sports, with its first text, empty."""
    with staff():
        purpose = Purpose(
            slug="swimming-anew",
            department=Department.objects.get(slug="sports"),
            basis="a",
            nature="consent",
            core_process="customer_relations",
            valid_days=365,
            free_because="The courses are the same.",
        )
        return make_purpose(purpose, by=KEEPER, at=AT)


def written(text: PurposeText, parts: dict[str, dict[str, str]] | None = None, by: Actor = KEEPER) -> PurposeText:
    with staff():
        return draft_text(text.pk, parts=parts or swimming(), scope=SCOPE, revision=text.revision, by=by, at=AT)


def sent(text: PurposeText, by: Actor = KEEPER) -> PurposeText:
    with staff():
        return send_for_approval(text.pk, revision=text.revision, by=by, at=AT)


def approved(text: PurposeText) -> PurposeText:
    with officer():
        return approve(sent(text).pk, by=OFFICER, at=AT)


@pytest.fixture
def city(loaded_city: None, db: None) -> None:
    """Catalogue and purposes, loaded."""
