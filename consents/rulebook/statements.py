"""What a city signs when it adopts a version, and whether it did."""

from datetime import UTC
from typing import Any

import rfc8785

from consents.rulebook.errors import NoSuchVersion, RulebookFault
from consents.rulebook.models import Adoption
from consents.rulebook.reading import content_of, digest_of
from portal.cities import city
from portal.keys.errors import SignatureBroken, SignerUnknown
from portal.keys.signing import sign, signer

# The key of the ring, and the `typ` of the signature (RFC 7515 §4.1.9): nothing else that a city signs is taken for it.
KEY, KIND = "rulebook", "rulebook-adoption+jws"


def statement_of(adoption: Adoption) -> dict[str, Any]:
    """In words for programs: which city adopted what, when, and by which decision of its own."""
    facts = city()
    return {
        "type": "rulebook-adoption",
        "city": facts.slug,
        "municipality_code": facts.municipality_code,
        "version": adoption.version,
        "digest": f"sha256:{adoption.digest}",
        "decision": adoption.decision,
        "adopted_at": adoption.adopted_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def signed(adoption: Adoption) -> str:
    """The detached JWS (RFC 7515, appendix F) over the statement's canonical JSON (RFC 8785). KeyMissing."""
    return sign(KEY, rfc8785.dumps(statement_of(adoption)), kind=KIND)[1]


def doubts_of(adoption: Adoption) -> str:
    """Why an adoption is not to be believed, in a sentence; empty when it holds."""
    about = f"The adoption of version {adoption.version}"
    try:
        signer(KEY, adoption.signature, rfc8785.dumps(statement_of(adoption)), kind=KIND)
        digest = digest_of(content_of(adoption.version))
    except SignerUnknown:
        return f"{about} is not signed with a key of this city."
    except SignatureBroken:
        return f"{about} was changed after it was signed."
    except NoSuchVersion:
        return f"{about} names a version that is not here."
    except RulebookFault as fault:
        return str(fault)
    return "" if digest == adoption.digest else f"{about} is of other words than those that stand here now."
