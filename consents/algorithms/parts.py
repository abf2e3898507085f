"""What an entry consists of: parts in words, facts in fixed forms, and the hash over both.

Sources: the AI registers that two European capitals opened in 2020, the Algorithmic Transparency Standard 0.3.1
(Eurocities and the Netherlands), the UK Algorithmic Transparency Recording Standard 3.0 (tiers 1 and 2), AI Act
((EU) 2024/1689).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import rfc8785
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from consents.algorithms.enums import AiRole, AlgorithmType, AnnexPoint, Deciding, Domain, Risk, UseType

Texts = Mapping[str, Mapping[str, str]]

# In the order of the page: {heading of the registers of 2020: its parts}.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "overview": (
        *("name", "short", "goal", "benefit", "how", "people", "decision", "impact", "scale", "informed"),
        *("previous", "alternatives", "proportionality", "lawful_basis", "remark"),
    ),
    "data": (
        *("source_data", "training_data", "sensitive", "quantities", "completeness", "collection", "cleaning"),
        *("access", "sharing"),
    ),
    "processing": ("architecture", "input", "output", "methods", "performance", "maintenance"),
    "fairness": ("fairness",),
    "oversight": ("human", "staff_training", "objection"),
    "risks": ("risks", "monitoring", "rollback", "assessments", "classification"),
    "owner": ("owner", "supplier_role"),
}
PARTS: tuple[str, ...] = tuple(part for parts in SECTIONS.values() for part in parts)
# What an entry is not published without.
REQUIRED: tuple[str, ...] = (
    *("name", "short", "goal", "how", "people", "decision", "impact", "proportionality", "lawful_basis"),
    *(
        "source_data",
        "training_data",
        "fairness",
        "human",
        "objection",
        "risks",
        "monitoring",
        "classification",
        "owner",
    ),
)
LONGEST_NAME = 100
# Dutch publication standard 1.0: description_short has fewer than 350 characters.
SHORT_BELOW = 350

Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://[^\s<>\"']+)?$")]
Hash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class EntryFacts(BaseModel):
    """What is the same in every language. Empty text: not known, or there is none.

    `code_hash`: of the commit that runs (40 or 64 hex digits); `model_digest`: SHA-256 of the model's file, 64 digits.
    `deployed_by`: the published decision to let it decide (906/2019, ch. 6 a), which an automated decision needs.
    `eu_database`: its number in the EU database (AI Act, Art. 49(3)).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    deciding: Deciding = Deciding.PERSON
    algorithm_type: AlgorithmType
    use_type: UseType
    risk: Risk
    ai_role: AiRole
    annex_iii: AnnexPoint = AnnexPoint.NONE
    domain: Domain
    area: Line = ""
    team: Line = ""
    contact_email: Email
    contact_phone: Line = ""
    website: Url = ""
    documentation: Url = ""
    product_page: Url = ""
    code_url: Url = ""
    code_hash: Hash = ""
    model_name: Line = ""
    model_version: Line = ""
    model_digest: Sha256 = ""
    model_card: Url = ""
    supplier: Line = ""
    supplier_number: Line = ""
    procurement: Line = ""
    dpia_url: Url = ""
    aia_url: Url = ""
    deployed_by: Line = ""
    eu_database: Line = ""
    revise_by: date
    begins_on: date | None = None
    ends_on: date | None = None
    keywords: Line = ""


def read_facts(facts: Mapping[str, Any]) -> EntryFacts:
    """As the page shows them; of a draft, whatever was written so far."""
    try:
        return EntryFacts.model_validate(facts)
    except ValidationError:
        return EntryFacts.model_construct(None, **facts)


def facts_json(facts: EntryFacts) -> dict[str, Any]:
    """As it is kept: what says nothing is left out."""
    return {name: value for name, value in facts.model_dump(mode="json").items() if value not in {"", None}}


def entry_sha256(parts: Texts, facts: Mapping[str, Any], datasets: Sequence[str]) -> str:
    """64 hex digits over the canonical JSON (RFC 8785) of texts, facts and data."""
    content: dict[str, Any] = {"parts": parts, "facts": facts, "datasets": sorted(datasets)}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
