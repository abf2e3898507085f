"""Tables of purposes and of answers."""

from consents.models.answers import Consent, ConsentEvent
from consents.models.purposes import Purpose, PurposeDataset, PurposeText

__all__ = ["Consent", "ConsentEvent", "Purpose", "PurposeDataset", "PurposeText"]
