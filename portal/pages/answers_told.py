"""What was before whoever answers, and why an answer was not taken, in their language."""

from uuid import UUID

from django.utils.translation import gettext

from consents.actions.traces import Shown
from consents.errors import ConsentFault, NotOn, NotYours, TextChanged
from portal.i18n.languages import language_now


def fault_told(fault: ConsentFault) -> str:
    """The fault as a sentence in the reader's language."""
    match fault:
        case TextChanged():
            return gettext("The text changed after you opened the page. Read it again and then answer.")
        case NotOn():
            return gettext("This permission is not on.")
        case NotYours():
            return gettext("This is for somebody else to answer.")
        case _:
            return gettext("This question is no longer open.")


def shown_now(text: UUID) -> Shown:
    """This text, in the language of the page."""
    return Shown(text=text, language=language_now())
