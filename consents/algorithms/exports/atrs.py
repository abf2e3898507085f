"""UK Algorithmic Transparency Recording Standard 3.0, tiers 1 and 2, by the numbers of its template (gov.uk)."""

from collections.abc import Mapping
from typing import Any

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.exports.telling import Telling
from consents.algorithms.reading import Entry

VERSION = "3.0"
_PHASE: Mapping[str, str] = {
    AlgorithmState.IDEA: "idea",
    AlgorithmState.PILOT: "pilot",
    AlgorithmState.IN_USE: "production",
    AlgorithmState.PAUSED: "paused",
    AlgorithmState.RETIRED: "retired",
    AlgorithmState.HISTORICAL: "retired",
}
# {their name: our part}, in their order.
_TIER_1 = {"name": "name", "description": "short", "why_it_is_used": "goal", "how_it_works": "how"}
_RATIONALE = {
    "detailed_description": "how",
    "scope": "people",
    "benefit": "benefit",
    "previous_process": "previous",
    "alternatives_considered": "alternatives",
    "justification": "proportionality",
    "legal_basis": "lawful_basis",
}
_DEPLOYMENT = {
    "integration_into_broader_operational_process": "decision",
    "provided_information": "informed",
    "human_review": "human",
    "frequency_and_scale_of_usage": "scale",
    "required_training": "staff_training",
    "appeals_and_review": "objection",
}
_TOOL = {
    "system_architecture": "architecture",
    "system_level_input": "input",
    "system_level_output": "output",
    "maintenance": "maintenance",
    "models": "methods",
}
_MODEL = {
    "model_input": "input",
    "model_output": "output",
    "model_architecture": "methods",
    "model_performance": "performance",
    "datasets_and_their_purposes": "training_data",
}
# The dataset card. We tell of sensitive data, collection and the rest once for all the data.
_DATA = {
    "quantities": "quantities",
    "sensitive_attributes": "sensitive",
    "completeness_and_representativeness": "completeness",
    "cleaning_and_processing_methods": "cleaning",
    "collection": "collection",
    "access_and_storage": "access",
    "sharing_agreements": "sharing",
}
_RISKS = {
    "impact_assessments": "assessments",
    "risks_and_mitigations": "risks",
    "fairness": "fairness",
    "monitoring": "monitoring",
}


def atrs(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """One record in one language. Everything is there; what we have nothing for is an empty text."""
    told = Telling(entry, language, base)
    links = [url for url in (entry.facts.dpia_url, entry.facts.aia_url) if url]
    return {
        "metadata": _metadata(told),
        "tier_1": {**told.texts(_TIER_1), "website_url": told.page, "contact_email": entry.facts.contact_email},
        "tier_2": {
            "owner_and_responsibility": _owner(told),
            "description_and_rationale": told.texts(_RATIONALE),
            "deployment_context": told.texts(_DEPLOYMENT),
            "tool_specification": _specification(told),
            "risks_mitigations_and_impact_assessments": {**told.texts(_RISKS), "impact_assessment_links": links},
        },
    }


def _metadata(told: Telling) -> dict[str, Any]:
    entry = told.entry
    return {
        "id": str(entry.algorithm.pk),
        "standard_version": VERSION,
        "language": told.language,
        "record_version": entry.now.version,
        "phase": _PHASE[entry.algorithm.state],
        "date_first_published": entry.first_published_at.date().isoformat(),
        "date_updated": entry.now.published_at.date().isoformat() if entry.now.published_at else "",
        "organisation": told.organisation,
        "region": told.area,
        "topic": entry.facts.domain.value,
    }


def _owner(told: Telling) -> dict[str, Any]:
    facts = told.entry.facts
    return {
        "organisation_or_department": told.department,
        "team": facts.team,
        "senior_responsible_owner": told.text("owner"),
        "third_party_involvement": bool(facts.supplier),
        "third_party": facts.supplier,
        "companies_house_number": facts.supplier_number,
        "third_party_role": told.text("supplier_role"),
        "procurement_procedure_type": facts.procurement,
        "third_party_data_access_terms": told.text("sharing"),
    }


def _specification(told: Telling) -> dict[str, Any]:
    facts = told.entry.facts
    return {
        "tool": told.texts(_TOOL),
        "model": {
            "model_name": facts.model_name,
            "model_version": facts.model_version or facts.code_hash,
            "model_digest": facts.model_digest,
            "source_code": facts.code_url,
            "source_code_hash": facts.code_hash,
            "model_task": facts.use_type.value,
            **told.texts(_MODEL),
        },
        "development_data": {"description": told.text("training_data"), **told.texts(_DATA)},
        "operational_data": {
            "data_sources": told.sources,
            "description": told.text("source_data"),
            **told.texts(_DATA),
        },
    }
