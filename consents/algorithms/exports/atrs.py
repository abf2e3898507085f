"""UK Algorithmic Transparency Recording Standard 3.0, tiers 1 and 2, by the numbers of its template (gov.uk)."""

from collections.abc import Mapping
from typing import Any

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.reading import Entry
from portal.cities import city

VERSION = "3.0"
_PHASE: Mapping[str, str] = {
    AlgorithmState.IDEA: "idea",
    AlgorithmState.PILOT: "pilot",
    AlgorithmState.IN_USE: "production",
    AlgorithmState.PAUSED: "paused",
    AlgorithmState.RETIRED: "retired",
    AlgorithmState.HISTORICAL: "retired",
}


def atrs(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """One record in one language. Everything is there; what we have nothing for is an empty text."""
    return {
        "metadata": _metadata(entry, language),
        "tier_1": _tier_1(entry, language, base),
        "tier_2": {
            "owner_and_responsibility": _owner(entry, language),
            "description_and_rationale": _rationale(entry, language),
            "deployment_context": _deployment(entry, language),
            "tool_specification": _specification(entry, language),
            "risks_mitigations_and_impact_assessments": _risks(entry, language),
        },
    }


def _parts(entry: Entry, language: str, **wanted: str) -> dict[str, str]:
    """{their name: our part}."""
    return {theirs: entry.now.parts[language].get(ours, "") for theirs, ours in wanted.items()}


def _metadata(entry: Entry, language: str) -> dict[str, Any]:
    return {
        "id": str(entry.algorithm.pk),
        "standard_version": VERSION,
        "language": language,
        "record_version": entry.now.version,
        "phase": _PHASE[entry.algorithm.state],
        "date_first_published": entry.first_published_at.date().isoformat(),
        "date_updated": entry.now.published_at.date().isoformat() if entry.now.published_at else "",
        "organisation": getattr(city().city_of, language),
        "region": entry.facts.area or getattr(city().name, language),
        "topic": entry.facts.domain.value,
    }


def _tier_1(entry: Entry, language: str, base: str) -> dict[str, str]:
    return {
        **_parts(entry, language, name="name", description="short", why_it_is_used="goal", how_it_works="how"),
        "website_url": f"{base}/{language}/algorithms/{entry.algorithm.slug}/",
        "contact_email": entry.facts.contact_email,
    }


def _owner(entry: Entry, language: str) -> dict[str, Any]:
    facts = entry.facts
    return {
        "organisation_or_department": getattr(entry.algorithm.department, f"name_{language}"),
        "team": facts.team,
        **_parts(entry, language, senior_responsible_owner="owner"),
        "third_party_involvement": bool(facts.supplier),
        "third_party": facts.supplier,
        "companies_house_number": facts.supplier_number,
        **_parts(entry, language, third_party_role="supplier_role"),
        "procurement_procedure_type": facts.procurement,
        **_parts(entry, language, third_party_data_access_terms="sharing"),
    }


def _rationale(entry: Entry, language: str) -> dict[str, str]:
    return _parts(
        entry,
        language,
        detailed_description="how",
        scope="people",
        benefit="benefit",
        previous_process="previous",
        alternatives_considered="alternatives",
        justification="proportionality",
        legal_basis="lawful_basis",
    )


def _deployment(entry: Entry, language: str) -> dict[str, str]:
    return _parts(
        entry,
        language,
        integration_into_broader_operational_process="decision",
        provided_information="informed",
        human_review="human",
        frequency_and_scale_of_usage="scale",
        required_training="staff_training",
        appeals_and_review="objection",
    )


def _specification(entry: Entry, language: str) -> dict[str, Any]:
    facts = entry.facts
    return {
        "tool": _parts(
            entry,
            language,
            system_architecture="architecture",
            system_level_input="input",
            system_level_output="output",
            maintenance="maintenance",
            models="methods",
        ),
        "model": {
            "model_name": facts.model_name,
            "model_version": facts.model_version or facts.code_hash,
            "model_digest": facts.model_digest,
            "source_code": facts.code_url,
            "source_code_hash": facts.code_hash,
            "model_task": facts.use_type.value,
            **_parts(
                entry,
                language,
                model_input="input",
                model_output="output",
                model_architecture="methods",
                model_performance="performance",
                datasets_and_their_purposes="training_data",
            ),
        },
        "development_data": _data(entry, language, "training_data"),
        "operational_data": {
            "data_sources": [f"{each.register_name[language]}: {each.name[language]}" for each in entry.data],
            **_data(entry, language, "source_data"),
        },
    }


def _data(entry: Entry, language: str, about: str) -> dict[str, str]:
    """The dataset card. We tell of sensitive data, collection and the rest once for all the data."""
    return _parts(
        entry,
        language,
        description=about,
        quantities="quantities",
        sensitive_attributes="sensitive",
        completeness_and_representativeness="completeness",
        cleaning_and_processing_methods="cleaning",
        collection="collection",
        access_and_storage="access",
        sharing_agreements="sharing",
    )


def _risks(entry: Entry, language: str) -> dict[str, Any]:
    return {
        **_parts(
            entry,
            language,
            impact_assessments="assessments",
            risks_and_mitigations="risks",
            fairness="fairness",
            monitoring="monitoring",
        ),
        "impact_assessment_links": [url for url in (entry.facts.dpia_url, entry.facts.aia_url) if url],
    }
