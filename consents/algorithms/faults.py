"""What can be wrong with a step of the register, beside what can be with any text. The docstring is the message."""

from consents.manuscripts.faults import PublishingFault


class NotTheDepartment(PublishingFault):
    """Only staff of the department that answers for the algorithm may do this."""


class NoSuchStep(PublishingFault):
    """From its state the algorithm cannot go there."""


class NotPublished(PublishingFault):
    """The algorithm has no published entry."""


class ReasonsMissing(PublishingFault):
    """A state is changed with a reason in three languages."""


class MustBeNamed(PublishingFault):
    """A program makes suggestions for this purpose, so it names the program's entry."""


class AutomatedByConsent(PublishingFault):
    """A permission never carries a decision that a program makes by itself."""
