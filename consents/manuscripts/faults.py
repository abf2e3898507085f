"""What can be wrong with a step of any text. The docstring is the message."""

from consents.lint import Report


class PublishingFault(Exception):
    """This cannot be done with this text."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SavedMeanwhile(PublishingFault):
    """Someone saved this text after you opened it. Nothing of yours was saved."""


class NotNow(PublishingFault):
    """The text is not in a state where this can be done."""


class NotTheOfficer(PublishingFault):
    """Only a data protection officer may approve a text or send it back."""


class OwnText(PublishingFault):
    """Whoever wrote or sent a text does not approve it: two people read it."""


class ReasonMissing(PublishingFault):
    """A text is sent back with a reason."""


class UnderWay(PublishingFault):
    """Another version of this text is under way."""


class NoSuchData(PublishingFault):
    """The text asks for data that the catalogue does not have."""


class LintFailed(PublishingFault):
    """The text does not pass its checks."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
