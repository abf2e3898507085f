"""States, reasons and ways of being named."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """How far a use case is."""

    PROPOSED = "proposed", _("proposed")
    STUDIED = "studied", _("being studied")
    PILOTED = "piloted", _("being tried out")
    IN_USE = "in_use", _("in use")
    DROPPED = "dropped", _("dropped")


class CaseBasis(models.TextChoices):
    """On what its use of data rests."""

    LAW = "law", _("the law")
    PERMISSION = "permission", _("your permission")
    NO_DATA = "no_data", _("needs no personal data")


class WordKind(models.TextChoices):
    """What a resident sent."""

    PROPOSAL = "proposal", _("proposal")
    COMMENT = "comment", _("comment")


class WordState(models.TextChoices):
    """Whether everyone may read it. What was changed waits again."""

    WAITING = "waiting", _("waits to be read")
    PUBLISHED = "published", _("published")
    REFUSED = "refused", _("not published")


class Shown(models.TextChoices):
    """How a resident is named beside their words."""

    NOTHING = "nothing", _("Without a name")
    ALIAS = "alias", _("By a name that I choose")
    NAME = "name", _("By my own name")


class RefusalGround(models.TextChoices):
    """Why words are not published, as their writer is told."""

    PERSONAL = "personal", _("It tells of a person who can be recognised.")
    INSULTING = "insulting", _("It insults or threatens somebody.")
    ADVERTISING = "advertising", _("It is an advertisement, or leads to one.")
    OFF_TOPIC = "off_topic", _("It is not about the use of data in the city's services.")
    REPEATED = "repeated", _("The same has been said here already.")
    UNLAWFUL = "unlawful", _("The law does not allow it to be published.")


class ReportGround(models.TextChoices):
    """What is wrong with a comment or a proposal, as a reader says."""

    PERSONAL = "personal", _("It tells of a person who can be recognised")
    INSULTING = "insulting", _("It insults or threatens somebody")
    ADVERTISING = "advertising", _("It is an advertisement")
    UNLAWFUL = "unlawful", _("I believe that it is against the law")
    OTHER = "other", _("Something else is wrong with it")


class Found(models.TextChoices):
    """What may not stand in a text for everyone; each sentence names what it is and does not repeat it."""

    IDENTITY_CODE = "identity_code", _("There is a personal identity code in the text. Everyone would read it.")
    ACCOUNT = "account", _("There is a bank account number in the text. Everyone would read it.")
    PHONE = "phone", _("There is a phone number in the text. Everyone would read it.")
    EMAIL = "email", _("There is an e-mail address in the text. Everyone would read it.")
    ADDRESS = "address", _("There is a street address in the text. Name the area only.")
    LINKS = "links", _("There is a long link or more than two links in the text.")
    MARKUP = "markup", _("There is program code in the text. Write it in words.")
    INVISIBLE = "invisible", _("The text has marks that cannot be seen. Write it anew.")
    REPEATED = "repeated", _("The same sign or word is repeated many times in the text.")


class UseKind(models.TextChoices):
    """How the log tells of a use of data."""

    DISCLOSED = "disclosed", _("data given to a department's system")
    REPORTED = "reported", _("a look that a department told of")


class Counted(models.TextChoices):
    """What counts as one use of a case."""

    DISCLOSED = "disclosed", _("data given to a department's system")
    REPORTED = "reported", _("a look that a department told of")
    BOTH = "both", _("both, each by itself")


class CostKind(models.TextChoices):
    """What money was spent on."""

    BUILD = "build", _("to build")
    RUN = "run", _("to run")
