"""Tables of purposes and of answers."""

from consents.models.answers import Consent, ConsentEvent
from consents.models.purposes import CATALOGUE, Purpose, PurposeDataset, PurposeText, TextStep
from consents.models.receipts import Receipt
from consents.models.tellings import Telling

__all__ = [
    "CATALOGUE",
    "Consent",
    "ConsentEvent",
    "Purpose",
    "PurposeDataset",
    "PurposeText",
    "Receipt",
    "Telling",
    "TextStep",
]
