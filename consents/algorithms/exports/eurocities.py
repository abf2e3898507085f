"""Algorithmic Transparency Standard 0.3.1, of Eurocities and the Netherlands (standaard.algoritmeregister.org)."""

from collections.abc import Mapping
from typing import Any

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.exports.telling import Telling, together
from consents.algorithms.reading import Entry

VERSION = "0.3.1"
# Its states are those of a project; what is paused is being looked into.
_STATUS: Mapping[str, str] = {
    AlgorithmState.IDEA: "planned",
    AlgorithmState.PILOT: "pilot",
    AlgorithmState.IN_USE: "operational",
    AlgorithmState.PAUSED: "evaluation",
    AlgorithmState.RETIRED: "retired",
    AlgorithmState.HISTORICAL: "retired",
}
_COUNTRY = {"fi": "Suomi", "sv": "Finland", "en": "Finland"}
# {its name: ours}, where one part of ours is one attribute of theirs.
_TEXTS: Mapping[str, str] = {
    "name": "name",
    "description_short": "short",
    "decision_making_process": "decision",
    "goal": "goal",
    "risks": "risks",
    "proportionality": "proportionality",
    "lawful_basis": "lawful_basis",
    "training_data": "training_data",
    "source_data": "source_data",
    "data_bias": "fairness",
    "methods_and_models": "methods",
    "performance": "performance",
    "alternatives_considered": "alternatives",
    "DPIA_description": "assessments",
    "AIA_description": "classification",
    "monitoring": "monitoring",
    "human_intervention": "human",
    "objection_procedure": "objection",
    "rollback": "rollback",
}
_FACTS: Mapping[str, str] = {
    "contact_email": "contact_email",
    "contact_phone": "contact_phone",
    "contact_name": "team",
    "keywords": "keywords",
    "documentation": "documentation",
    "codebase_url": "code_url",
    "product_page": "product_page",
    "DPIA_url": "dpia_url",
    "AIA_url": "aia_url",
}


def eurocities(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """One registration in one language; attributes that we have nothing for are left out."""
    words, facts = Telling(entry, language, base), entry.facts
    told = words.texts(_TEXTS) | {theirs: getattr(facts, ours) for theirs, ours in _FACTS.items()}
    told |= {
        "standard_version": VERSION,
        "uuid": str(entry.algorithm.pk),
        "lang": language,
        "publication_date": entry.first_published_at.date().isoformat(),
        "last_change_date": _last_change(entry),
        "revision_date": facts.revise_by.isoformat(),
        "organization": words.organisation,
        "department": words.department,
        "country": _COUNTRY[language],
        "website": words.page,
        "product_information": f"{base}/algorithms/{entry.algorithm.slug}.json",
        "status": _STATUS[entry.algorithm.state],
        "remark": together(words.text("remark"), _why_last(entry, language)),
        "domain": facts.domain.value,
        "area": words.area,
        "impact": words.joined("people", "impact"),
        "risk_category": facts.risk.value,
        "connected_data_sources": "; ".join(words.sources) or "–",
        "description": words.joined("how", "architecture"),
        "algorithm_type": facts.algorithm_type.value,
        "type": facts.use_type.value,
    }
    return {name: value for name, value in told.items() if value}


def _last_change(entry: Entry) -> str:
    """Of its words or of its state."""
    times = [each.at for each in entry.changes] + [each.published_at for each in entry.versions if each.published_at]
    return max(times).date().isoformat()


def _why_last(entry: Entry, language: str) -> str:
    """Why its state changed last."""
    return entry.changes[-1].reason.get(language, "") if entry.changes else ""
