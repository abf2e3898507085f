"""The headings of the AI registers that two capitals opened in 2020, and the stub of an AI Act assessment (Art. 27)."""

from typing import Any

from consents.algorithms.reading import Entry
from portal.cities import city


def headings(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """Overview, more detailed information by heading, contact, feedback."""
    parts, facts = entry.now.parts[language], entry.facts
    return {
        "language": language,
        "overview": {
            "name": parts["name"],
            "introduction": parts["short"],
            "purpose": parts["goal"],
            "impact": parts["impact"],
            "status": entry.algorithm.state,
        },
        "datasets": {
            "description": parts["source_data"],
            "training_data": parts["training_data"],
            "catalogue": [
                {"register": each.register_name[language], "name": each.name[language]} for each in entry.data
            ],
        },
        "data_processing": {
            "operating_logic": parts["how"],
            "architecture": parts.get("architecture", ""),
            "performance": parts.get("performance", ""),
            "source_code": facts.code_url,
            "source_code_hash": facts.code_hash,
        },
        "non_discrimination": parts["fairness"],
        "human_oversight": parts["human"],
        "risk_management": " ".join((parts["risks"], parts["monitoring"])),
        "contact": {
            "organisation": getattr(city().city_of, language),
            "department": getattr(entry.algorithm.department, f"name_{language}"),
            "responsible": parts["owner"],
            "email": facts.contact_email,
            "phone": facts.contact_phone or city().contact.phone,
        },
        "feedback": f"{base}/{language}/algorithms/{entry.algorithm.slug}/#feedback",
    }


def rights_assessment(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """What AI Act Art. 27(1)(a) to (f) asks before a high-risk system is used, filled from the entry; a stub.

    `needed`: whether Art. 27 asks for it: a public body that deploys a system of Annex III of high risk.
    """
    parts, facts = entry.now.parts[language], entry.facts
    return {
        "language": language,
        "system": parts["name"],
        "entry": f"{base}/{language}/algorithms/{entry.algorithm.slug}/",
        "needed": bool(facts.annex_iii) and facts.risk == "high risk" and facts.ai_role in {"deployer", "both"},
        "annex_iii": facts.annex_iii.value,
        "a_processes": parts["decision"],
        "b_period_and_frequency": " ".join(
            filter(
                None, (parts.get("scale", ""), *(day.isoformat() for day in (facts.begins_on, facts.ends_on) if day))
            )
        ),
        "c_people_and_groups": parts["people"],
        "d_risks_of_harm": " ".join((parts["risks"], parts["fairness"])),
        "e_human_oversight": parts["human"],
        "f_when_risks_come_true": " ".join(filter(None, (parts.get("rollback", ""), parts["objection"]))),
        "signed_off": False,
    }
