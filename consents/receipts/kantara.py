"""The same in the shape of the Kantara Initiative's Consent Receipt 1.1, for programs that read that one. Unsigned."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

VERSION = "KI-CR-v1.1.0"
_EXPLICIT = "EXPLICIT"


def as_kantara(receipt: Mapping[str, Any], *, language: str) -> dict[str, Any]:
    """Members and words of KI-CR 1.1 clause 4; texts in `language`. What it has no place for is left out."""
    record = receipt["consent_record"]
    processing = record["pii_processing"]
    parties = {party["party_id"]: party for party in record["party_identification"]}
    sensitive = [each for each in processing["pii_information"] if each["sensitivity"] != "dpv:PersonalData"]
    return {
        "version": VERSION,
        "jurisdiction": "FI",
        "consentTimestamp": _seconds(record["events"][-1]["event_time"]),
        "collectionMethod": record["events"][-1]["channel"],
        "consentReceiptID": receipt["receipt_id"],
        "language": language,
        "piiPrincipalId": record["pii_principal_id"],
        "piiControllers": [_controller(parties, language)],
        "policyUrl": processing["withdrawal"]["method"],
        "services": [
            {
                "service": processing["purpose"]["name"][language],
                "purposes": [_purpose(processing, parties, language)],
            }
        ],
        "sensitive": bool(sensitive),
        "spiCat": [each["name"][language] for each in sensitive],
    }


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _controller(parties: Mapping[str, Any], language: str) -> dict[str, Any]:
    city, officer = parties["controller"], parties["data_protection_officer"]
    return {
        "piiController": city["party_name"][language],
        "onBehalf": False,
        "contact": officer["party_email"],
        "email": city["party_email"],
        "phone": city["party_phone"],
        "piiControllerUrl": city["party_url"],
    }


def _purpose(processing: Mapping[str, Any], parties: Mapping[str, Any], language: str) -> dict[str, Any]:
    covered = [each for each in processing["pii_information"] if any(part["covered"] for part in each["attributes"])]
    return {
        "purpose": processing["purpose"]["description"][language],
        "purposeCategory": [processing["purpose"]["purpose_id"]],
        "consentType": _EXPLICIT,
        "piiCategory": [each["name"][language] for each in covered],
        "primaryPurpose": False,
        "termination": processing.get("validity", {}).get("valid_until", processing["withdrawal"]["told"][language]),
        "thirdPartyDisclosure": True,
        "thirdPartyName": parties["recipient"]["party_name"][language],
    }
