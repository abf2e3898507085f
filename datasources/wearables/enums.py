"""Fixed words of what people bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The city's purpose under which what people bring is kept (GDPR 9(2)(a)); without a yes to it nothing is taken in.
KEEPING = "keeping-watch-data"
# The one under which weekly steps are counted together; its sums are published, and no department gets anybody's own.
COUNTING = "walking-routes"
# What these use leaves the portal for nobody.
WITHIN = frozenset({KEEPING, COUNTING})
# From this age on one brings one's own data oneself, and nobody does it for anybody else.
FROM_AGE = 15


class ImportState(models.TextChoices):
    """How far an upload is."""

    ARRIVING = "arriving", _("arriving")
    WAITING = "waiting", _("waits to be read")
    READING = "reading", _("being read")
    DONE = "done", _("read")
    FAILED = "failed", _("could not be read")


OPEN = (ImportState.ARRIVING, ImportState.WAITING, ImportState.READING)


class ImportFault(models.TextChoices):
    """Why nothing came of an upload where the file itself is not to blame (else `troubles.Trouble`)."""

    BROKEN_OFF = "broken_off", _("The file did not arrive whole. Nothing of it was kept. Bring it again.")
    TOO_MANY = "too_many", _("Some of your files wait to be read already. Bring the next one when they have been read.")
    OTHER = "other", _("Something went wrong with us. Nothing of the file was kept. Bring it again later.")


class TieState(models.TextChoices):
    """Whether a maker's service is tied."""

    TIED = "tied", _("connected")
    ENDED = "ended", _("ended by the maker's service")


class TieFault(models.TextChoices):
    """Why nothing came the last time."""

    NO_ANSWER = "no_answer", _("The service did not answer. We ask again tomorrow.")
    SLOW_DOWN = "slow_down", _("The service asks us to wait. We ask again later.")
