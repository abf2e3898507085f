"""The headings of the AI registers that two capitals opened in 2020, and the stub of an AI Act assessment (Art. 27)."""

from typing import Any

from consents.algorithms.exports.telling import Telling, together
from consents.algorithms.reading import Entry
from portal.cities import city

_OVERVIEW = {"name": "name", "introduction": "short", "purpose": "goal", "impact": "impact"}


def headings(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """Overview, more detailed information by heading, contact, feedback."""
    told, facts = Telling(entry, language, base), entry.facts
    return {
        "language": language,
        "overview": {**told.texts(_OVERVIEW), "status": entry.algorithm.state},
        "datasets": {
            "description": told.text("source_data"),
            "training_data": told.text("training_data"),
            "catalogue": [
                {"register": each.register_name[language], "name": each.name[language]} for each in entry.data
            ],
        },
        "data_processing": {
            "operating_logic": told.text("how"),
            "architecture": told.text("architecture"),
            "performance": told.text("performance"),
            "source_code": facts.code_url,
            "source_code_hash": facts.code_hash,
        },
        "non_discrimination": told.text("fairness"),
        "human_oversight": told.text("human"),
        "risk_management": told.joined("risks", "monitoring"),
        "contact": {
            "organisation": told.organisation,
            "department": told.department,
            "responsible": told.text("owner"),
            "email": facts.contact_email,
            "phone": facts.contact_phone or city().contact.phone,
        },
        "feedback": f"{told.page}#feedback",
    }


def rights_assessment(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """What AI Act Art. 27(1)(a) to (f) asks before a high-risk system is used, filled from the entry; a stub.

    `needed`: whether Art. 27 asks for it: a public body that deploys a system of Annex III of high risk.
    """
    told, facts = Telling(entry, language, base), entry.facts
    days = (day.isoformat() for day in (facts.begins_on, facts.ends_on) if day)
    return {
        "language": language,
        "system": told.text("name"),
        "entry": told.page,
        "needed": bool(facts.annex_iii) and facts.risk == "high risk" and facts.ai_role in {"deployer", "both"},
        "annex_iii": facts.annex_iii.value,
        "a_processes": told.text("decision"),
        "b_period_and_frequency": together(told.text("scale"), *days),
        "c_people_and_groups": told.text("people"),
        "d_risks_of_harm": told.joined("risks", "fairness"),
        "e_human_oversight": told.text("human"),
        "f_when_risks_come_true": told.joined("rollback", "objection"),
        "signed_off": False,
    }
