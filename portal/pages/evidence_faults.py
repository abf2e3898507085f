"""Why a file was not taken, in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.requests.evidence import Flaw

_SENTENCES: Mapping[Flaw, str | Promise] = {
    Flaw.EMPTY: _("The file is empty."),
    Flaw.TOO_BIG: _("The file is too large. It may have 10 megabytes at the most."),
    Flaw.TOO_MANY: _("These are too many files. Choose 3 at the most."),
    Flaw.UNKNOWN: _("The file is not a PDF, PNG or JPEG."),
    Flaw.BROKEN: _("The file is broken and cannot be read."),
    Flaw.RUNS: _(
        "The PDF contains something that runs or opens other files. Save it as a plain PDF or send a picture."
    ),
    Flaw.LOCKED: _("The PDF is locked with a password or packed so that it cannot be checked. Send it unlocked."),
    Flaw.INFECTED: _("The file contains malware. It was not taken."),
    Flaw.NOT_SCANNED: _("The file could not be checked for malware just now. Try again later, or send without it."),
}


def sentence_of(flaw: Flaw) -> str:
    """In the reader's language."""
    return str(_SENTENCES[flaw])
