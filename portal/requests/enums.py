"""What is asked, how it stands, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """Which right is exercised, by article of the GDPR."""

    LOG = "log", _("Question about a row of the log")  # 15(1), C-579/21
    ALL = "all", _("Copy of all data")  # 15 and 20
    CORRECT = "correct", _("Correction")  # 16
    ERASE = "erase", _("Erasure")  # 17
    RESTRICT = "restrict", _("Restriction of use")  # 18
    OBJECT = "object", _("Objection to a use")  # 21
    NOT_ME = "not_me", _("Data about somebody else")  # 5(1)(d), 16
    ASK = "ask", _("Question to a person")  # 12(2)
    MOVE = "move", _("Data to take along")  # 15 and 20


# What ends in a file that is taken along.
PACKED_KINDS = (RequestKind.ALL, RequestKind.MOVE)


class RequestState(models.TextChoices):
    """Where a request stands: a person looks at what is received, the portal itself at what is being done."""

    RECEIVED = "received", _("waiting for an answer")
    WORKING = "working", _("being done")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("taken back")


OPEN_STATES = (RequestState.RECEIVED, RequestState.WORKING)


class Outcome(models.TextChoices):
    """What came of it: of a question about the log the first three, of every other request the rest."""

    RIGHT = "right", _("The use was right")
    WRONG = "wrong", _("The use was not right")
    UNCLEAR = "unclear", _("It could not be found out")
    DONE = "done", _("Done")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Not done")
    PASSED_ON = "passed_on", _("Passed on to whom it belongs to")


# What two people decide: one proposes it, another confirms it.
BY_TWO = (Outcome.PARTLY, Outcome.REFUSED)
OF_A_QUESTION = (Outcome.RIGHT, Outcome.WRONG, Outcome.UNCLEAR)


class Longer(models.TextChoices):
    """Why an answer takes longer than a month (GDPR 12(3)): the only reasons that the law knows."""

    COMPLEX = "complex", _("The matter has many sides, and takes longer to look into.")
    MANY = "many", _("You have sent many requests, and we answer them together.")


class Doubt(models.TextChoices):
    """Why it is not clear who asks (GDPR 12(6)): only then the clock stands still."""

    AGENT = "agent", _("We are not sure that whoever asked for you may act for you.")
    PAPER = "paper", _("The request came on paper or by phone, and we are not sure that it is yours.")


class Law(models.TextChoices):
    """Which law sets the clock and the way to disagree; their texts are never mixed."""

    GDPR = "gdpr", _("The EU General Data Protection Regulation")
    OPENNESS = "openness", _("Act on the Openness of Government Activities")
    PROMISE = "promise", _("The city's own promise")


class PartState(models.TextChoices):
    """How far one source or register is with its part of a request."""

    WAITING = "waiting", _("waiting")
    WORKING = "working", _("being done")
    BY_HAND = "by_hand", _("a person is looking for this")
    DONE = "done", _("done")
    NOTHING = "nothing", _("nothing was found")
    REFUSED = "refused", _("not done")
    FAILED = "failed", _("did not answer")


UNFINISHED = (PartState.WAITING, PartState.WORKING, PartState.BY_HAND)
