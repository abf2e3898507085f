"""Free words that a resident sends: as long as they are told, and nothing in them that cannot be seen."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 2000
# Ends of lines and tabs are seen; joiners belong to the pictures that people write with.
_SEEN = frozenset("\n\r\t\u200d\ufe0f")


def only_seen(text: str) -> None:
    """ValidationError for controls, marks of direction and other letters that hide what is said."""
    if any(unicodedata.category(letter)[0] == "C" and letter not in _SEEN for letter in text):
        raise ValidationError(_("The text has marks that cannot be seen. Write it anew."))


def too_many_told() -> str:
    """Where as many wait as may (`portal.requests.rules.MOST_OPEN_QUESTIONS`)."""
    return gettext("Many of your questions wait for an answer already. Ask more when one is answered, or call us.")
