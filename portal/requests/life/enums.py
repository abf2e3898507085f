"""What happens in a life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LifeKind(models.TextChoices):
    """What staff tell."""

    DEATH = "death", _("The person has died")
    CODE = "code", _("The person has a new identity code")
    JOIN = "join", _("Two accounts here are one person")
    SPLIT = "split", _("One account here holds two people")


class Goes(models.TextChoices):
    """Whose a thing is that stands in the account of two people."""

    FIRST = "first", _("Belongs to the person of the first code")
    SECOND = "second", _("Belongs to the person of the second code")
    NEITHER = "neither", _("Goes to neither, as it is in doubt")


class Seen(models.TextChoices):
    """Whether one of two people may have seen what is the other's: a breach of personal data (GDPR 4(12))."""

    YES = "yes", _("Yes, or it cannot be ruled out: a breach is to be described")
    NO = "no", _("No: nobody has signed in to this account, acted for it or been served from it")


class MoveStep(models.IntegerChoices):
    """How far what follows a move is."""

    HEARD = 0
    TOLD = 1
    OVER = 2


class Why(models.TextChoices):
    """Why a second person does not confirm it."""

    DONE = "done"
    UNTOLD = "untold"
    OVER = "over"
    SAME = "same"
