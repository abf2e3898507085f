"""Tables of purposes and of answers."""

from consents.models.answers import Consent, ConsentEvent
from consents.models.purposes import CATALOGUE, Purpose, PurposeDataset, PurposeText, TextStep

__all__ = ["CATALOGUE", "Consent", "ConsentEvent", "Purpose", "PurposeDataset", "PurposeText", "TextStep"]
