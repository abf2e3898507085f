"""Tables of purposes and of answers."""

from consents.manuscripts.models import CATALOGUE
from consents.models.announcements import Announcement, Telling
from consents.models.answers import Consent, ConsentEvent
from consents.models.donations import DonationModule, Outcome
from consents.models.errands import Errand, ReturnAddress
from consents.models.purposes import Purpose, PurposeDataset, PurposeText, TextStep
from consents.models.receipts import Receipt
from consents.models.reports import ReportHeard
from consents.models.restrictions import Restriction
from consents.models.webhooks import Delivery, Webhook

__all__ = [
    "CATALOGUE",
    "Announcement",
    "Consent",
    "ConsentEvent",
    "Delivery",
    "DonationModule",
    "Errand",
    "Outcome",
    "Purpose",
    "PurposeDataset",
    "PurposeText",
    "Receipt",
    "ReportHeard",
    "Restriction",
    "ReturnAddress",
    "Telling",
    "TextStep",
    "Webhook",
]
