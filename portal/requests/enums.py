"""What is asked, how it stands, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """Which right is exercised. A question about a row of the log: GDPR 15(1), C-579/21."""

    LOG = "log", _("Question about a row of the log")


class RequestState(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("waiting for an answer")
    ANSWERED = "answered", _("answered")


class Outcome(models.TextChoices):
    """What looking into a row of the log showed."""

    RIGHT = "right", _("The use was right")
    WRONG = "wrong", _("The use was not right")
    UNCLEAR = "unclear", _("It could not be found out")
