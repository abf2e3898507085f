"""What happens in a life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LifeKind(models.TextChoices):
    """What staff tell."""

    DEATH = "death", _("The person has died")
    CODE = "code", _("The person has a new identity code")
    JOIN = "join", _("Two accounts here are one person")


class MoveStep(models.IntegerChoices):
    """How far what follows a move is."""

    HEARD = 0
    TOLD = 1
    OVER = 2


class Why(models.TextChoices):
    """Why a second person does not confirm it."""

    DONE = "done"
    OVER = "over"
    SAME = "same"
