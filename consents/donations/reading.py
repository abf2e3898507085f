"""Donations as pages ask for them: public ones for everyone, their parts, and what came of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.enums import TextState
from consents.models import DonationModule, Outcome, Purpose, PurposeText
from consents.rules.giving import Module

# Of fewer givers no number is told.
LEAST_COUNTED = 20
_TENS = 10


@dataclass(frozen=True)
class ModuleTold:
    """One part, in every language; `fields` read `dataset.field`."""

    slug: str
    parts: Mapping[str, Mapping[str, str]]
    fields: tuple[str, ...]

    @property
    def module(self) -> Module:
        """As the rules see it."""
        return Module(self.slug, self.fields)


@dataclass(frozen=True)
class OutcomeTold:
    """A published report; `givers` in whole tens, None below twenty or while they are being told."""

    parts: Mapping[str, Mapping[str, str]]
    published_at: datetime
    givers: int | None
    few: bool


@dataclass(frozen=True)
class DonationTold:
    """A donation that is asked for now, or was and has come to something."""

    purpose: Purpose
    text: PurposeText
    outcomes: tuple[OutcomeTold, ...]

    @property
    def is_open(self) -> bool:
        """It is asked for now."""
        return self.text.state == TextState.PUBLISHED


def modules_of(purpose: UUID) -> tuple[ModuleTold, ...]:
    """The parts in their order; none where the purpose is no donation. One statement."""
    rows = DonationModule.objects.filter(purpose=purpose).order_by("position")
    return tuple(ModuleTold(row.slug, row.parts, tuple(row.fields)) for row in rows)


def outcomes_of(purposes: Collection[UUID]) -> Mapping[UUID, tuple[OutcomeTold, ...]]:
    """{purpose: its published reports, newest first}. One statement."""
    found: dict[UUID, tuple[OutcomeTold, ...]] = {}
    rows = Outcome.objects.filter(purpose__in=purposes, published_at__isnull=False).order_by("-published_at")
    for row in rows:
        found[row.purpose_id] = (*found.get(row.purpose_id, ()), _told(row))
    return found


def donations() -> list[DonationTold]:
    """Every donation that was ever published, those asked for now first, by slug. Two statements."""
    newest = PurposeText.objects.filter(published_at__isnull=False).exclude(purpose__donation="")
    rows = newest.select_related("purpose__department").order_by("purpose__slug", "-version")
    latest = {text.purpose_id: text for text in reversed(list(rows))}
    outcomes = outcomes_of(list(latest))
    told = [DonationTold(text.purpose, text, outcomes.get(pk, ())) for pk, text in latest.items()]
    return sorted(told, key=lambda each: (not each.is_open, each.purpose.slug))


def found_donation(slug: str) -> DonationTold | None:
    """One of them."""
    return next((each for each in donations() if each.purpose.slug == slug), None)


def _told(row: Outcome) -> OutcomeTold:
    few = row.givers is not None and row.givers < LEAST_COUNTED
    tens = None if row.givers is None or few else row.givers // _TENS * _TENS
    return OutcomeTold(row.parts, row.published_at or row.drafted_at, tens, few)
