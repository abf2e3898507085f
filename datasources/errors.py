"""What can go wrong with a department system, in sentences for a register keeper. Never a value of anyone's data."""

from dataclasses import dataclass, field


class SourceFault(Exception):
    """The department system could not be read."""


class Unreachable(SourceFault):
    """The system does not answer."""


class TooSlow(SourceFault):
    """The system did not answer in time."""


class Refused(SourceFault):
    """The system does not let us in."""


@dataclass(frozen=True)
class Reason:
    """Why a system declines: its own `code`, and its words for the person. Texts are empty when it gave none."""

    code: str
    fi: str = field(repr=False)
    sv: str = field(repr=False)
    en: str = field(repr=False)


class Declined(Refused):
    """The system answers that it will not do this for this person, and says why."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        # Only the codes: the words may tell something about the person, and a sentence here ends up in logs.
        super().__init__(f"The system declines ({', '.join(reason.code for reason in reasons)}).")
        self.reasons = reasons


class NotLet(SourceFault):
    """The person has not let the portal ask."""


class Drifted(SourceFault):
    """The system no longer has a field that the mapping names."""


class NothingNew(SourceFault):
    """Nothing has come since the last reading: what was read then is still what the system says. No failure."""


class Same(SourceFault):
    """Everything is as it was when it was last read, says the system, which was asked just that. No failure."""


class Garbled(SourceFault):
    """The answer cannot be read."""


class WrongPerson(SourceFault):
    """The system answered about someone else than asked."""


class CircuitOpen(SourceFault):
    """The system failed too many times in a row; it is left alone for a while."""


class Busy(SourceFault):
    """As many as may are asking the system at this moment."""


class MisSet(SourceFault):
    """The settings or the mapping of the source cannot be used."""


class SecretsWanted(MisSet):
    """The source is somewhere else: what was given for the old place is not sent to the new one. `names` of secrets."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("The system has moved, so its secrets are to be written anew.")
        self.names = names


class ReadElsewhere(MisSet):
    """`datasets` of this source are read from `source`, which is switched on."""

    def __init__(self, source: str, datasets: list[str]) -> None:
        super().__init__(f"{', '.join(datasets)}: read from {source}, which is switched on.")
        self.source, self.datasets = source, datasets


class SwitchedOff(SourceFault):
    """The source is not let in at the moment; nothing of it is read."""
