"""What can be wrong with a step of a purpose's text, beside what can be with any. The docstring is the message."""

from consents.manuscripts.faults import (
    LintFailed,
    NoSuchData,
    NotNow,
    NotTheOfficer,
    OwnText,
    PublishingFault,
    ReasonMissing,
    SavedMeanwhile,
    UnderWay,
)

__all__ = [
    "AsksOtherwise",
    "LintFailed",
    "NoSuchData",
    "NotNow",
    "NotTheOfficer",
    "NotYours",
    "OwnText",
    "PartsAstray",
    "PublishingFault",
    "PurposeClosed",
    "ReasonMissing",
    "SavedMeanwhile",
    "UnderWay",
]


class NotYours(PublishingFault):
    """Only staff of the department that asks may do this."""


class AsksOtherwise(PublishingFault):
    """A clarification asks for the same data as before. What asks for other data is a change."""


class PurposeClosed(PublishingFault):
    """The purpose is closed."""


class PartsAstray(PublishingFault):
    """The parts of a donation stand for all that it asks for, each field in one of them; nothing of it is needed."""
