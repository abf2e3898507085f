"""The catalogue's fixed words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Legal basis (GDPR 6(1))."""

    CONSENT = "a", _("your permission")
    CONTRACT = "b", _("a contract with you")
    LEGAL_OBLIGATION = "c", _("the law requires it")
    VITAL_INTERESTS = "d", _("vital interests")
    PUBLIC_TASK = "e", _("a task in the public interest")
    LEGITIMATE_INTEREST = "f", _("legitimate interest")


class CoreProcess(models.TextChoices):
    """Which of the city's three core processes it serves."""

    CUSTOMER_RELATIONS = "customer_relations", _("customer relations")
    ARRANGING_SERVICES = "arranging_services", _("arranging services")
    PRODUCING_SERVICES = "producing_services", _("producing services")


class Connection(models.TextChoices):
    """Whether this register can be seen here."""

    CONNECTED = "connected", _("connected")
    NOT_YET = "not_yet", _("not connected yet")
    NOT_OURS = "not_ours", _("not the city's")


class Sensitivity(models.TextChoices):
    """How much care the data asks for."""

    ORDINARY = "ordinary", _("ordinary")
    CONFIDENTIAL = "confidential", _("confidential")
    SPECIAL = "special", _("special category")


class Disclosure(models.TextChoices):
    """When a field is shown to the person (621/1999 11 §, 1050/2018 34 §)."""

    AT_ONCE = "at_once", _("shown at once")
    AFTER_READING = "after_reading", _("after a person has read it")
    NEVER = "never", _("never")


class FieldType(models.TextChoices):
    """How a value is read and shown."""

    TEXT = "text", _("text")
    CODE = "code", _("code")
    DATE = "date", _("date")
    MOMENT = "moment", _("date and time")
    MONEY = "money_cents", _("money")
    NUMBER = "number", _("number")
    BOOLEAN = "boolean", _("yes or no")


class ConnectorKind(models.TextChoices):
    """How a department system is reached."""

    SQL = "sql", _("database")
    REST = "rest", _("web interface")
    FILES = "files", _("files")
    GDPR_API = "gdpr_api", _("interface for personal data (GDPR API)")
    XROAD = "xroad", _("data exchange layer (X-Road)")
    PUSH = "push", _("records that the system sends itself")

    @property
    def lists_everyone(self) -> bool:
        """The system can be read as a whole, not only asked about one person while they are here."""
        return self not in (ConnectorKind.GDPR_API, ConnectorKind.PUSH)

    @property
    def is_only_asked(self) -> bool:
        """The system answers about one person at a time, and is read no other way."""
        return self.is_asked and not self.lists_everyone

    @property
    def is_asked(self) -> bool:
        """The portal asks the system; else the system sends."""
        return self is not ConnectorKind.PUSH


class KeepsFor(models.TextChoices):
    """Of whom copies are kept: of people who use the portal, or of all, which needs a written ground."""

    ACTIVE = "active", _("people who use this service")
    ALL = "all", _("everyone")


class FaultKind(models.TextChoices):
    """What went wrong with a source, by the name of its fault (datasources.errors)."""

    UNREACHABLE = "Unreachable", _("The system does not answer, or is out of order.")
    TOO_SLOW = "TooSlow", _("The system did not answer in time.")
    REFUSED = "Refused", _("The system does not let the portal in, or shows another certificate or key than agreed.")
    DECLINED = "Declined", _("The system declines to answer about this person.")
    NOT_LET = "NotLet", _("The person has not let the portal ask.")
    DRIFTED = "Drifted", _("The system no longer has something that the mapping names.")
    GARBLED = "Garbled", _("What the system sent cannot be read or trusted. Nothing of it was kept.")
    WRONG_PERSON = "WrongPerson", _("The system sent data about someone else. Nothing of it was kept.")
    CIRCUIT_OPEN = "CircuitOpen", _("The system failed too many times in a row. It is tried again in a minute.")
    BUSY = "Busy", _("As many as may were asking the system. It is read another time.")
    MIS_SET = "MisSet", _("The settings or the mapping of the source cannot be used.")
    SWITCHED_OFF = "SwitchedOff", _("The system is switched off. Nothing was read.")
    CUT_OFF = "CutOff", _("The reading was cut off before it ended. What it had not finished was left as it was.")
    TOO_LARGE = "TooLarge", _("What the system holds about somebody is too large. The rest was kept.")
    BAD_LINES = "BadLines", _("Some of what the system sent could not be taken. The rest was kept.")
    OTHER = "SourceFault", _("The system could not be read.")


class Signature(models.TextChoices):
    """What is known today of the key that signed what a resident brought from another city."""

    GOOD = "good", _("The signature holds.")
    # After a breach at the issuer's; what had been issued before it stands, and this is said with it.
    KEY_WITHDRAWN = "key_withdrawn", _("The signature held. The city has since given up the key that it was made with.")
    # Issued when the key was in other hands already, and accepted before that was known.
    DOUBTED = "doubted", _("The signature was made when the key was already in other hands. The data may be false.")
