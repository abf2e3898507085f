"""Fixed words of what arrives."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# From the end of the check on; the job that removes comes so often (`portal.beat`): all is gone within the hour.
KEPT_FOR, TIDIED_EVERY = timedelta(minutes=50), timedelta(minutes=5)
# What the browser carries straight on, from the city that hands over to the one that fetches.
CODE_LIVES = timedelta(seconds=60)
# How long the way to the other city and back may take.
ASKED_FOR = timedelta(minutes=10)
# In bytes: as large as a package may be, and as large as that is when it is sealed, in base64.
LARGEST = 200 * 1024 * 1024
LARGEST_SEALED = LARGEST * 4 // 3 + 8192


class Way(models.TextChoices):
    """How a package comes."""

    BY_HAND = "hand", _("as a file")
    STRAIGHT = "straight", _("straight from another city")


class ArrivalState(models.TextChoices):
    """How far a package is."""

    ASKED = "asked", _("asked of another city")
    FETCHING = "fetching", _("being fetched")
    WAITING = "waiting", _("waits to be checked")
    CHECKING = "checking", _("being checked")
    READY = "ready", _("checked, waits for answers")
    CLOSED = "closed", _("answered")
    FAILED = "failed", _("not taken in")


# While it is one of these, a file of it may lie in the spool.
UNDER_WAY = (ArrivalState.FETCHING, ArrivalState.WAITING, ArrivalState.CHECKING)


class ItemState(models.TextChoices):
    """What the resident said of an item."""

    WAITING = "waiting", _("waits for an answer")
    ACCEPTED = "accepted", _("taken in")
    REFUSED = "refused", _("not taken in")


class Fault(models.TextChoices):
    """Why nothing came of it, where the package itself is not to blame (else `package.reasons.Reason`)."""

    EMPTY = "empty", _("The file is empty. Choose the package that the other city made for you.")
    NO_ROOM = "no_room", _("There is no room for the file here just now. Try again later.")
    TOO_MANY = "too_many", _("Another package of yours is being checked. Bring the next one when it has been checked.")
    BROKEN_OFF = "not_whole", _("The file did not arrive whole. Bring it again.")
    NOT_AGREED = "not_agreed", _("You did not hand anything over in the other city. Nothing was fetched.")
    NOT_BEGUN_HERE = "not_begun_here", _("This fetching was not begun in this browser, or it was begun too long ago.")
    OTHER_ISSUER = "other_issuer", _("The answer came from another city than the one that was asked.")
    CODE_REFUSED = "code_refused", _("The other city no longer accepted the permission that you gave. Begin anew.")
    CITY_SILENT = "city_silent", _("The other city does not answer just now. Try again later.")
    OTHER = "other", _("Something went wrong with us. Try again later.")


class Outcome(models.TextChoices):
    """What became of a press, when it was not as one thought."""

    DONE = "done", ""
    ALREADY = "already", _("You had answered this already, perhaps in another window. Nothing changed.")
    GONE = "gone", _("This is no longer here. What is not accepted in time is removed.")
