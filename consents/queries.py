"""Reading purposes and answers. A read starts from the person; row security holds the same line below."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from consents.enums import ConsentState, TextState
from consents.models import Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from consents.rules import ConsentFacts, PurposeFacts

_WITH_TEXT = ("purpose__department", "text")
ENDED = (ConsentState.WITHDRAWN, ConsentState.EXPIRED, ConsentState.SUPERSEDED, ConsentState.TERMINATED)


def consents_of(person: UUID) -> QuerySet[Consent]:
    """Every current answer of this person, with purpose, recipient and the text it was given to."""
    # Questions asked in one moment keep their order from page to page.
    return (
        Consent.objects.filter(person_id=person).select_related(*_WITH_TEXT).order_by("-requested_at", "purpose__slug")
    )


def requests_waiting(person: UUID) -> QuerySet[Consent]:
    """Questions that wait for this person's answer."""
    return consents_of(person).filter(state=ConsentState.REQUESTED)


def events_of(consent: Consent) -> QuerySet[ConsentEvent]:
    """Every answer ever given to this question, oldest first."""
    return ConsentEvent.objects.filter(consent=consent, person_id=consent.person_id).select_related("text")


def text_to_answer(consent: Consent) -> PurposeText | None:
    """The published text of the question; none when it is no longer asked."""
    return PurposeText.objects.filter(purpose=consent.purpose_id, state=TextState.PUBLISHED).first()


def asked_datasets(purpose: Purpose) -> QuerySet[PurposeDataset]:
    """Which data a purpose uses, with the fields' labels."""
    return (
        PurposeDataset.objects.filter(purpose=purpose)
        .select_related("dataset__register__department")
        .prefetch_related("dataset__fields")
    )


def purposes_by_law() -> QuerySet[Purpose]:
    """Published purposes that rest on law or contract: facts, not switches."""
    published = PurposeText.objects.filter(state=TextState.PUBLISHED)
    return (
        Purpose.objects.exclude(basis="a")
        .filter(closed_at=None, texts__state=TextState.PUBLISHED)
        .select_related("department")
        .prefetch_related(Prefetch("texts", queryset=published, to_attr="published"))
    )


_PURPOSE = """
SELECT p.slug, p.basis, d.slug, p.closed_at IS NOT NULL OR NOT EXISTS (
           SELECT FROM consents_purposetext t WHERE t.purpose_id = p.id AND t.state = 'published'
       ),
       array_agg(s.slug ORDER BY s.slug), array_agg((pd.needed || pd.optional)::text ORDER BY s.slug), p.id
FROM consents_purpose p
JOIN datasources_department d ON d.id = p.department_id
JOIN consents_purposedataset pd ON pd.purpose_id = p.id
JOIN datasources_dataset s ON s.id = pd.dataset_id
WHERE p.slug = %s
GROUP BY p.id, d.slug
"""
_CONSENTS = """
SELECT person_id, id, state, valid_from, valid_until, datasets, fields
FROM consents_consent WHERE purpose_id = %s AND person_id = ANY (%s)
"""


def purpose_facts(slug: str) -> tuple[UUID, PurposeFacts] | None:
    """(id, facts) of a purpose; None when there is none of that name."""
    with connection.cursor() as cursor:
        cursor.execute(_PURPOSE, [slug])
        row = cursor.fetchone()
    if row is None:
        return None
    fields = {
        dataset: tuple(name.strip('"') for name in names.strip("{}").split(",") if name)
        for dataset, names in zip(row[4], row[5], strict=True)
    }
    return row[6], PurposeFacts(slug=row[0], basis=row[1], recipient=row[2], closed=row[3], fields=fields)


def consent_facts(purpose: UUID, persons: Sequence[UUID]) -> dict[UUID, ConsentFacts]:
    """{person: facts} of those who were ever asked for this purpose, within a scope that covers them."""
    with connection.cursor() as cursor:
        cursor.execute(_CONSENTS, [purpose, list(persons)])
        return {row[0]: ConsentFacts(row[1], ConsentState(row[2]), *row[3:]) for row in cursor.fetchall()}
