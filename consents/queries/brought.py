"""Permissions about what people brought themselves: what a watch measured is nobody else's to know of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from consents.enums import ConsentState
from consents.models import Consent, Purpose, PurposeDataset, PurposeText
from consents.queries.reading import consents_of, questions
from datasources.queries.brought import brought_alone


@dataclass(frozen=True)
class Offer:
    """A published purpose that uses what people brought, and the person's answer to it, if any."""

    purpose: Purpose
    text: PurposeText
    consent: Consent | None

    @property
    def is_on(self) -> bool:
        """They said yes, and it holds."""
        return self.consent is not None and self.consent.state == ConsentState.GIVEN


def uses_what_was_brought(purpose: str) -> Exists:
    """A condition on rows whose column `purpose` is a purpose's id: it uses what is theirs alone."""
    return _uses(purpose, brought_alone())


def _uses(purpose: str, datasets: Collection[str]) -> Exists:
    return Exists(PurposeDataset.objects.filter(purpose=OuterRef(purpose), dataset__slug__in=datasets))


def offers_to(person: UUID, datasets: Collection[str] | None = None) -> list[Offer]:
    """Every published purpose that uses one of these, by slug; None: what is theirs alone.

    Within the person's scope. Three statements.
    """
    wanted = brought_alone() if datasets is None else datasets
    slugs = set(Purpose.objects.filter(_uses("pk", wanted)).values_list("slug", flat=True))
    held = {consent.purpose_id: consent for consent in consents_of(person).filter(purpose__slug__in=slugs)}
    return [Offer(purpose, text, held.get(purpose.pk)) for purpose, text in questions() if purpose.slug in slugs]


def is_allowed(person: UUID, purpose: str, *, at: datetime) -> bool:
    """The person said yes to the purpose, and it holds at `at`, however late the job that ends it."""
    rows = Consent.objects.filter(person_id=person, purpose__slug=purpose, state=ConsentState.GIVEN)
    return rows.filter(valid_from__lte=at, valid_until__gt=at, purpose__closed_at=None).exists()


def allowing(purpose: str, *, at: datetime) -> list[UUID]:
    """Everyone whose yes to the purpose holds at `at`; within the worker's scope."""
    rows = Consent.objects.filter(purpose__slug=purpose, purpose__closed_at=None, state=ConsentState.GIVEN)
    return list(rows.filter(valid_from__lte=at, valid_until__gt=at).values_list("person_id", flat=True))
