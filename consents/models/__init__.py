"""Tables of purposes and of answers."""

from consents.models.answers import Consent, ConsentEvent
from consents.models.purposes import Purpose, PurposeDataset, PurposeText
from consents.models.tellings import Telling

__all__ = ["Consent", "ConsentEvent", "Purpose", "PurposeDataset", "PurposeText", "Telling"]
