"""What came of data that was given, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from consents.donations.reading import OutcomeTold
from portal.i18n.languages import language_now


@dataclass(frozen=True)
class OutcomeShown:
    """One report."""

    title: str
    text: str
    published_at: datetime
    givers: str


def outcome_told(told: OutcomeTold) -> OutcomeShown:
    """How many gave is told in whole tens, and not below twenty."""
    part = told.parts[language_now()]
    givers = ""
    if told.few:
        givers = gettext("Fewer than 20 people had given data.")
    elif told.givers is not None:
        givers = gettext("At least %(givers)d people had given data.") % {"givers": told.givers}
    return OutcomeShown(part["title"], part["text"], told.published_at, givers)
