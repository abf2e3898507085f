"""What came of data that was given, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from consents.donations.reading import OutcomeTold


@dataclass(frozen=True)
class OutcomeShown:
    """One report."""

    title: str
    text: str
    published_at: datetime
    givers: str


def outcome_told(told: OutcomeTold) -> OutcomeShown:
    """How many gave is told in whole tens, and not below twenty."""
    part = told.parts[(get_language() or "fi")[:2]]
    givers = ""
    if told.few:
        givers = gettext("Fewer than 20 people had given data.")
    elif told.givers is not None:
        givers = gettext("At least %(givers)d people had given data.") % {"givers": told.givers}
    return OutcomeShown(part["title"], part["text"], told.published_at, givers)
