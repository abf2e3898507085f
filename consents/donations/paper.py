"""The consent form of a donation, for machines: empty for everyone, or as one person filled it in.

After the idea of Article 25 of the Data Governance Act (Regulation (EU) 2022/868): parts that one gives or leaves out
by themselves, for people and machines alike. It is the city's own form and not that of the regulation: the city is a
controller that asks, and is registered as nothing else.
"""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from consents.donations.reading import DonationTold, ModuleTold
from consents.enums import Donation
from consents.models import Consent
from consents.receipts.record import moment
from consents.texts import LANGUAGES
from datasources.models import Field
from portal.cities import city

SCHEMA = "/schemas/donation-form-1.json"
_FILE = Path(__file__).with_name("donation-form-1.json")
Json = dict[str, Any]


def form_of(told: DonationTold, modules: Collection[ModuleTold], *, base: str, consent: Consent | None = None) -> Json:
    """The form; with `consent` the answer to each part as it stands now."""
    purpose, text, here = told.purpose, told.text, city()
    labels = _labels(modules)
    return {
        "schema": f"{base}{SCHEMA}",
        "idea_of": "Regulation (EU) 2022/868, Article 25",
        "registered_data_altruism_organisation": False,
        "purpose": purpose.slug,
        "for": purpose.donation,
        "controller": {
            "name": {code: getattr(here.city_of, code) for code in LANGUAGES},
            "unit": {
                code: getattr(purpose.department, f"name_{code}") or purpose.department.name for code in LANGUAGES
            },
            "email": str(here.contact.email),
        },
        "version": text.version,
        "sha256": text.sha256,
        "published_at": moment(text.published_at) if text.published_at else None,
        "open": told.is_open,
        "text": {code: dict(text.parts[code]) for code in LANGUAGES},
        "valid_days": purpose.valid_days,
        "adults_only": purpose.adults_only,
        "child_decides_from": purpose.child_decides_from,
        "special_category": purpose.special_category,
        "research": _research(told),
        "pseudonyms": "of this purpose alone",
        "modules": [_module(each, labels, consent) for each in modules],
        "page": f"{base}/fi/donations/{purpose.slug}/",
        "answer": _answer(consent, base=base) if consent else None,
    }


@lru_cache(maxsize=1)
def schema() -> Json:
    """The JSON Schema (2020-12) of the form."""
    found: Json = json.loads(_FILE.read_text())
    return found


def published(base: str) -> Json:
    """The schema as it is served from this portal."""
    return {**schema(), "$id": f"{base}{SCHEMA}"}


def _research(told: DonationTold) -> Json | None:
    if told.purpose.donation != Donation.RESEARCH:
        return None
    return {
        "plan": told.purpose.research_plan,
        "responsible": told.purpose.research_leader,
        "law": "1050/2018 31 §",
        "replaced_by_this_permission": False,
    }


def _module(told: ModuleTold, labels: Mapping[str, Json], consent: Consent | None) -> Json:
    covered = None if consent is None else set(consent.fields)
    return {
        "module": told.slug,
        "name": {code: told.parts[code]["name"] for code in LANGUAGES},
        "why": {code: told.parts[code]["why"] for code in LANGUAGES},
        "data": [{"field": name, "label": labels[name]} for name in told.fields if name in labels],
        "given": None if covered is None else not covered.isdisjoint(told.fields),
    }


def _labels(modules: Collection[ModuleTold]) -> Mapping[str, Json]:
    wanted = {name for each in modules for name in each.fields}
    rows = Field.objects.filter(dataset__slug__in={name.split(".")[0] for name in wanted}).select_related("dataset")
    told = {f"{row.dataset.slug}.{row.slug}": row for row in rows}
    return {
        name: {code: getattr(row, f"label_{code}") or row.label for code in LANGUAGES}
        for name, row in told.items()
        if name in wanted
    }


def _answer(consent: Consent, *, base: str) -> Json:
    return {
        "record_id": str(consent.pk),
        "state": consent.state,
        "answered_at": moment(consent.answered_at) if consent.answered_at else None,
        "valid_until": moment(consent.valid_until) if consent.valid_until else None,
        "take_back_at": f"{base}/fi/permissions/{consent.pk}/stop/",
    }
