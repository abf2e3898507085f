"""The receipt as JSON-LD: a `dpv:ConsentReceipt` around a `dpv:ConsentRecord`, after ISO/IEC TS 27560:2023.

The names of its members are those of the specification (clauses 6.3 and 6.4); the values are terms of the W3C Data
Privacy Vocabulary where it has one. It holds no name and no identity code, and no id of a person or of staff.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import json

from consents.enums import Nature
from consents.models import Consent
from consents.receipts.described import AskedData
from consents.receipts.happenings import DPV_STATE, Happening, Told, happenings
from portal.cities import Text, city
from portal.keys.indexes import digest

SCHEMA = "/schemas/consent-receipt-1.json"
Json = dict[str, Any]

_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY: Json = {
    "party_id": "authority",
    "party_role": "eu-gdpr:SupervisoryAuthority",
    "party_name": {
        "fi": "Tietosuojavaltuutetun toimisto",
        "sv": "Dataombudsmannens byrå",
        "en": "Office of the Data Protection Ombudsman",
    },
    "party_url": "https://tietosuoja.fi",
}
# GDPR 7(3), 15 to 18, 20 and 77: what may be asked for, and where.
_RIGHTS = ("A7-3", "A15", "A16", "A17", "A18", "A20", "A77")
# 621/1999 26 §, 29 §: the permission lifts secrecy.
_SECRECY = "621/1999 26 §"


@dataclass(frozen=True)
class Facts:
    """All that a receipt is made of; `events` end with the one it is the receipt of."""

    receipt: UUID
    consent: Consent
    events: Sequence[Told]
    data: Sequence[AskedData]
    base: str


def record_of(facts: Facts) -> Json:
    """The receipt, unsigned."""
    told = list(happenings(facts.events))
    event, happening = told[-1]
    events = [_event(each, what) for each, what in told]
    return {
        "@context": {"@vocab": f"{facts.base}{SCHEMA}#", **_CONTEXT},
        "@type": "dpv:ConsentReceipt",
        "schema_version": f"{facts.base}{SCHEMA}",
        "conforms_to": "ISO/IEC TS 27560:2023",
        "receipt_id": str(facts.receipt),
        "issued_at": moment(event.at),
        "verify_at": f"{facts.base}/verify/",
        "event_type": happening.value,
        "event_state": DPV_STATE[happening],
        "event_hash": hashed(events[-1]),
        "ledger": {"entry_id": str(event.entry)},
        "consent_record": _consent_record(facts, events, happening),
    }


def hashed(event: Mapping[str, Any]) -> str:
    """64 hex digits over an event's canonical JSON (RFC 8785)."""
    return hashlib.sha256(canonical(event)).hexdigest()


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785, for what a receipt is made of: members named in ASCII, and no fractions. Tested against a library."""
    return json.encode(value, order="sorted")


def subject_of(person: UUID) -> str:
    """The person's pseudonym in receipts: the same in all of theirs, and made from nothing that can be tried out."""
    return digest(b"receipts", of=person.bytes).hex()[:32]


def moment(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _consent_record(facts: Facts, events: Sequence[Json], happening: Happening) -> Json:
    return {
        "@type": "dpv:ConsentRecord",
        "record_id": str(facts.consent.pk),
        "pii_principal_id": subject_of(facts.consent.person_id),
        "pii_processing": _processing(facts, happening),
        "party_identification": _parties(facts),
        "events": list(events),
    }


def _event(event: Told, what: Happening) -> Json:
    told: Json = {
        "number": event.number,
        "event_time": moment(event.at),
        "event_type": what.value,
        "event_state": DPV_STATE[what],
        "entity": event.actor_kind,
        "entity_right": event.actor_right,
        "channel": event.channel,
        "notice_version": event.version,
        "notice_hash": event.sha256,
        "pii_attributes": list(event.fields),
        "ledger_entry": str(event.entry),
    }
    if event.said_right:
        told["spoken_by_right"] = event.said_right
    if event.paper:
        told["paper_reference"] = event.paper
    if event.language:
        told["language"] = event.language
    if event.valid_from and event.valid_until:
        told |= {"valid_from": moment(event.valid_from), "valid_until": moment(event.valid_until)}
    return told


def _processing(facts: Facts, happening: Happening) -> Json:
    consent, event, waits = facts.consent, facts.events[-1], happening is Happening.PENDING
    purpose, parts = consent.purpose, consent.text.parts
    language = next((each.language for each in reversed(facts.events) if each.language), "fi")
    page = f"{facts.base}/{language}/permissions/{consent.pk}/"
    told: Json = {
        "privacy_notice": {
            "notice_id": str(consent.text_id),
            "version": event.version,
            "language": language,
            "hash": event.sha256,
        },
        "purpose": {"purpose_id": purpose.slug} | {name: _part(parts, part) for name, part in _TOLD.items()},
        "lawful_basis": ["eu-gdpr:A6-1-a", *(["eu-gdpr:A9-2-a"] if purpose.special_category else [])],
        # One guardian's yes covers nothing yet; what they chose stands in the event.
        "pii_information": [_dataset(each, () if waits else event.fields) for each in facts.data],
        "pii_controllers": ["controller"],
        "recipients": ["recipient"],
        "recipients_told": _part(parts, "who_else"),
        "retention_told": _part(parts, "how_long"),
        "storage_locations": ["loc:FI"],
        "processing_locations": ["loc:EU", *(["dpv:ThirdCountry"] if purpose.outside_eu else [])],
        "jurisdiction": "loc:FI",
        "automated_suggestion": purpose.suggested_by_algorithm,
        "withdrawal": {"method": f"{page}stop/", "told": _part(parts, "how_to_stop")},
        "privacy_rights": [_right(right, facts.base, page) for right in _RIGHTS],
        "authority": "authority",
    }
    if purpose.nature in {Nature.SECRECY, Nature.BOTH}:
        told["secrecy_lifted_by"] = _SECRECY
    if event.valid_until and waits:
        told["waits_until"] = moment(event.valid_until)
    elif event.valid_from and event.valid_until:
        told["validity"] = {"valid_from": moment(event.valid_from), "valid_until": moment(event.valid_until)}
    return told


_TOLD = {"name": "name", "description": "why", "data": "what", "if_refused": "if_no"}


def _right(right: str, base: str, page: str) -> Json:
    language = page.removeprefix(base).split("/")[1]
    places = {"A7-3": f"{page}stop/", "A77": _AUTHORITY["party_url"]}
    return {"right": f"eu-gdpr:{right}", "exercised_at": places.get(right, f"{base}/{language}/help/")}


def _part(parts: Mapping[str, Mapping[str, str]], part: str) -> Json:
    return {language: text[part] for language, text in parts.items()}


def _dataset(data: AskedData, covered: Sequence[str]) -> Json:
    """Every field that was asked for, and whether this event's answer covers it."""
    fields = [(name, False) for name in data.needed] + [(name, True) for name in data.optional]
    return {
        "pii_type": data.slug,
        "name": dict(data.name),
        "sensitivity": f"dpv:{_SENSITIVITY[data.sensitivity]}",
        "source": dict(data.register),
        "attributes": [
            {
                "pii_attribute_id": f"{data.slug}.{name}",
                "name": _label(data, name),
                "pii_optional": optional,
                "covered": f"{data.slug}.{name}" in covered,
            }
            for name, optional in fields
        ],
    }


def _label(data: AskedData, name: str) -> Json:
    """A field that has no label, or is no longer described, is told by its own name."""
    return {code: label or name for code, label in data.fields.get(name, {"fi": "", "sv": "", "en": ""}).items()}


_SENSITIVITY = {
    "ordinary": "PersonalData",
    "confidential": "SensitivePersonalData",
    "special": "SpecialCategoryPersonalData",
}


def _parties(facts: Facts) -> list[Json]:
    here, unit = city(), facts.consent.purpose.department
    return [
        {
            "party_id": "controller",
            "party_role": "dpv:DataController",
            "party_name": _three(here.city_of),
            "party_url": facts.base,
            "party_email": here.contact.email,
            "party_phone": here.contact.phone,
        },
        {
            "party_id": "recipient",
            "party_role": "dpv:Recipient",
            "party_unit": unit.slug,
            "party_name": {code: getattr(unit, f"name_{code}") or unit.name for code in ("fi", "sv", "en")},
        },
        {
            "party_id": "data_protection_officer",
            "party_role": "dpv:DataProtectionOfficer",
            "party_email": here.contact.data_protection_officer,
        },
        _AUTHORITY,
    ]


def _three(text: Text) -> Json:
    return {"fi": text.fi, "sv": text.sv, "en": text.en}
