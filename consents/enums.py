"""States, channels and reasons."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentState(models.TextChoices):
    """Where a consent stands (after the W3C DPV list of consent states)."""

    REQUESTED = "requested", _("waiting")
    GIVEN = "given", _("on")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")
    EXPIRED = "expired", _("ended")
    SUPERSEDED = "superseded", _("replaced")
    SUSPENDED = "suspended", _("on hold")
    TERMINATED = "terminated", _("ended by the city")
    PENDING = "pending", _("waiting for another guardian")


class Cause(models.TextChoices):
    """Why a permission ended that neither its person, nor time, nor the city's use of the data ended."""

    JOINED = "accounts_joined", _("two accounts were joined")
    OTHER_ANSWER = "other_answer_holds", _("two accounts were joined, and the no in the other one holds")
    PARTED = "account_parted", _("an account was parted in two")
    CLOSED = "account_closed", _("the account was closed")


class Channel(models.TextChoices):
    """How an answer came."""

    PORTAL = "portal"
    DESK = "desk"
    PAPER = "paper"
    JOB = "job"


class DeskReason(models.TextChoices):
    """Why staff write an answer down. None of them tells anything about a person's health."""

    NO_SIGN_IN = "no_sign_in", _("Has no means of strong identification")
    NO_DEVICE = "no_device", _("Has no device or connection for it")
    IN_PERSON = "in_person", _("Wants to do this with a person")
    BY_POST = "by_post", _("Answered by post")


class Nature(models.TextChoices):
    """What kind of permission: GDPR consent, lifting of secrecy (621/1999 26 §, 29 §), both, or none is needed."""

    CONSENT = "consent", _("A permission to use data")
    SECRECY = "secrecy", _("A permission to pass on secret data")
    BOTH = "both", _("Both")
    LAW = "law", _("None: the use rests on law or contract")


class Donation(models.TextChoices):
    """For which common good data is given (recital 45 of 2022/868); a purpose of a service has none."""

    PLANNING = "planning", _("Planning of services")
    RESEARCH = "research", _("Research")


class ErrandResult(StrEnum):
    """What a service is told when somebody comes back: never what they answered."""

    ANSWERED = "answered"
    LATER = "later"


class TextState(models.TextChoices):
    """The life of a text: published is frozen."""

    DRAFT = "draft", _("draft")
    LINTED = "linted", _("waits for approval")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("replaced")
    CLOSED = "closed", _("closed")


UNDER_WAY = (TextState.DRAFT, TextState.LINTED, TextState.APPROVED)


class Change(models.TextChoices):
    """What a new version is, beside the one before."""

    CLARIFICATION = "clarification", _("A clarification: the same in clearer words")
    CHANGE = "change", _("A change: something else is asked")


class OldAnswers(models.TextChoices):
    """What becomes of the answers to the version before."""

    STAND = "stand", _("They stand")
    ASKED_AGAIN = "asked_again", _("Asked again; until then a yes covers what it covered")
    ENDED = "ended", _("They end")


class StepKind(models.TextChoices):
    """What was done to a text."""

    SAVED = "saved", _("saved")
    SENT = "sent", _("sent for approval")
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("sent back")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")


class Reason(StrEnum):
    """Why a use is allowed or not, as known inside."""

    ALLOWED_BY_LAW = "allowed_by_law"
    ALLOWED_BY_CONSENT = "allowed_by_consent"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    PENDING = "pending"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    NOT_IN_SCOPE = "not_in_scope"
    NOT_AVAILABLE = "not_available"


class OutsideReason(StrEnum):
    """Why a use is allowed or not, as a department may know it."""

    ALLOWED_BY_LAW = "allowed_by_law"
    ALLOWED_BY_CONSENT = "allowed_by_consent"
    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    NOT_IN_SCOPE = "not_in_scope"


class Ground(models.TextChoices):
    """Why the use of data is held back: the cases of GDPR 18(1) and 21, somebody else's data, no program."""

    ACCURACY = "accuracy", _("The data is not right, and you want it looked into first")
    UNLAWFUL = "unlawful", _("The use is against the law, but you do not want the data erased")
    NEEDED = "needed", _("The city needs the data no more, but you need it for a legal claim")
    SITUATION = "situation", _("A reason that has to do with your own situation")
    MARKETING = "marketing", _("It is direct marketing")
    OPT_OUT = "opt_out", _("You allow the use, but not by a program")
    NOT_ME = "not_me", _("The data is about somebody else")


class AnnouncementKind(models.TextChoices):
    """What a department may hear of, as its systems read it."""

    GIVEN = "consent.given", _("permission given")
    RENEWED = "consent.renewed", _("permission renewed")
    CHANGED = "consent.changed", _("permission changed")
    WITHDRAWN = "consent.withdrawn", _("permission taken back")
    EXPIRED = "consent.expired", _("permission ended")
    SUPERSEDED = "consent.superseded", _("permission replaced")
    RESTRICTED = "consent.restricted", _("permission on hold")
    RESUMED = "consent.resumed", _("permission on again")
    TERMINATED = "consent.terminated", _("permission ended by the city")
    DATA_RESTRICTED = "data.restricted", _("use of data restricted")
    DATA_FREED = "data.freed", _("use of data free again")
    DATA_ERASED = "data.erased", _("data erased")
    DATA_CORRECTED = "data.corrected", _("data corrected")


class SwitchedOff(models.TextChoices):
    """Why a webhook is off."""

    SYSTEM = "system", _("by the department system")
    STAFF = "staff", _("by staff")
    GONE = "gone", _("the address said that it is gone")
    FAILING = "failing", _("nothing was delivered for a week")


class DeliveryFault(models.TextChoices):
    """Why a message was not delivered."""

    TIMEOUT = "timeout", _("no answer in time")
    UNREACHABLE = "unreachable", _("no connection")
    INWARD = "inward", _("the address points inward")
    GARBLED = "garbled", _("an answer that is not HTTP")
    REDIRECT = "redirect", _("pointed to another address")
    ANSWER = "answer", _("another answer than 2xx")
    UNTOLD = "untold", _("this may not be told any more")
