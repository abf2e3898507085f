"""The question page as a resident would see it, with the words of a draft."""

from typing import Any

from consents.enums import TextState
from consents.manuscripts.faults import NoSuchData
from consents.models import Purpose, PurposeText
from consents.publishing.scopes import OPTIONAL, datasets_of, scope_of, sorted_scope
from consents.queries.voices import deciders_of, deciders_told


def _data(text: PurposeText) -> list[dict[str, Any]]:
    """The data asked for, with nobody's values."""
    scope = sorted_scope(scope_of(text))
    try:
        datasets = datasets_of(scope)
    except NoSuchData:
        # Retired since: the words can be read all the same, and the checks tell of it.
        return []
    return [
        {
            "name": dataset.name,
            "records": [],
            "optional": [
                (f"{dataset.slug}.{field.slug}", field.label)
                for field in dataset.fields.all()
                if field.slug in scope[dataset.slug][OPTIONAL]
            ],
        }
        for dataset in datasets
    ]


def _parts(text: PurposeText, language: str) -> list[dict[str, Any]]:
    """Of a donation, as they stand now."""
    rows = text.purpose.modules.all()
    return [{"slug": row.slug, **row.parts[language], "data": row.fields} for row in rows]


def _programs(purpose: Purpose, language: str) -> list[dict[str, Any]]:
    """The published entries of the register that the purpose names."""
    entries = purpose.algorithms.filter(versions__state=TextState.PUBLISHED).order_by("slug")
    states = dict(entries.model._meta.get_field("state").flatchoices)
    return [
        {
            "slug": slug,
            "name": parts[language]["name"],
            "state": states[state],
            "person_decides": facts["deciding"] != "automated",
        }
        for slug, state, parts, facts in entries.values_list("slug", "state", "versions__parts", "versions__facts")
    ]


def question_shown(text: PurposeText, language: str) -> dict[str, Any]:
    """What the resident's own templates show of it."""
    return {
        "text": text.parts.get(language, {}),
        "text_id": text.pk,
        "version": text.version,
        "published_at": text.published_at,
        "values": _data(text),
        "parts": _parts(text, language),
        "programs": _programs(text.purpose, language),
        "deciders": deciders_told(deciders_of(text.purpose)),
    }
