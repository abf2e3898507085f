"""The texts of a purpose as they were published, and which of them a person met."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from consents.enums import ConsentState, TextState
from consents.models import Consent, ConsentEvent, PurposeText
from datasources.models import Field

_ANSWERS = (ConsentState.GIVEN, ConsentState.REFUSED)


def published_texts(consent: Consent) -> list[PurposeText]:
    """Every version that was ever published, newest first."""
    published = PurposeText.objects.filter(purpose=consent.purpose_id, published_at__isnull=False)
    texts = list(published.order_by("-version"))
    for text in texts:
        text.purpose = consent.purpose
    return texts


def texts_asked_anew(consents: Iterable[Consent]) -> dict[UUID, PurposeText]:
    """{purpose: the text asked with now} of what is on and is asked again; no statement where there is none."""
    on = (each for each in consents if each.state == ConsentState.GIVEN)
    asked = [each.purpose_id for each in on if getattr(each, "asked_anew", False)]
    if not asked:
        return {}
    return {text.purpose_id: text for text in PurposeText.objects.filter(purpose__in=asked, state=TextState.PUBLISHED)}


def text_last_answered(consent: Consent) -> PurposeText | None:
    """What the person last said yes or no to; none before the first answer."""
    events = ConsentEvent.objects.filter(consent=consent, person_id=consent.person_id, state__in=_ANSWERS)
    last = events.select_related("text").order_by("-number").first()
    return last.text if last else None


@dataclass(frozen=True)
class FieldName:
    """In the reader's language."""

    dataset: str
    label: str


def field_names(names: Iterable[str]) -> dict[str, FieldName]:
    """{`dataset.field`: what it is called}, retired ones too; in the catalogue's order."""
    wanted: dict[str, set[str]] = {}
    for name in names:
        dataset, field = name.split(".")
        wanted.setdefault(dataset, set()).add(field)
    if not wanted:
        return {}
    which = Q()
    for dataset, fields in wanted.items():
        which |= Q(dataset__slug=dataset, slug__in=fields)
    rows = Field.objects.filter(which).select_related("dataset").order_by("dataset__position", "position")
    return {f"{row.dataset.slug}.{row.slug}": FieldName(row.dataset.name, row.label) for row in rows}


def fields_asked(text: PurposeText) -> Sequence[str] | None:
    """Every `dataset.field` that a version asks for, needed or not; None: it names no data of its own."""
    if text.scope is None:
        return None
    return sorted(f"{slug}.{each}" for slug, fields in text.scope.items() for kind in fields.values() for each in kind)
