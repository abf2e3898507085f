"""Tables of purposes and of answers."""

from consents.models.announcements import Announcement, Telling
from consents.models.answers import Consent, ConsentEvent
from consents.models.purposes import CATALOGUE, Purpose, PurposeDataset, PurposeText, TextStep
from consents.models.receipts import Receipt

__all__ = [
    "CATALOGUE",
    "Announcement",
    "Consent",
    "ConsentEvent",
    "Purpose",
    "PurposeDataset",
    "PurposeText",
    "Receipt",
    "Telling",
    "TextStep",
]
