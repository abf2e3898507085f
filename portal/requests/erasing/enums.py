"""What can come of data when its erasure is asked, and why the law holds it."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Can(StrEnum):
    """What an erasure does to a register in the department's own system."""

    GOES = "goes"
    ASKED = "asked"
    STAYS = "stays"
    HELD = "held"


class There(StrEnum):
    """What came of it there, as the receipt tells it."""

    ERASED = "erased"
    NOTHING = "nothing"
    REFUSED = "refused"
    ASKED = "asked"
    STAYS = "stays"
    HELD = "held"
    LEFT_ALONE = "left_alone"


class HoldReason(models.TextChoices):
    """Why nothing may be erased for a time (GDPR 17(3))."""

    CLAIM = "claim", _("A legal claim is being made or answered")
    INQUIRY = "inquiry", _("An authority or a court looks into the matter")
    AUDIT = "audit", _("An audit of the register")
    ARCHIVE = "archive", _("It is to be kept for good by the archive's decision")
