"""What can go wrong with a department system, in sentences for a register keeper. Never a value of anyone's data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = str | int
_GROUPED_FROM = 10_000


class SourceFault(Exception):
    """The department system could not be read.

    `sentence` is a text of the message catalogue with `{name}`s, which `facts` fill: names of fields, files and tables,
    numbers, codes of protocols. The sentence itself is what stands in the code, so that it can be told in the language
    of whoever reads it; `str` is English.
    """

    def __init__(self, sentence: str = "", **facts: object) -> None:
        self.sentence = sentence
        self.facts: dict[str, Fact] = {
            name: fact if isinstance(fact, int) else str(fact) for name, fact in facts.items()
        }
        super().__init__(filled(sentence, self.facts))


def filled(sentence: str, facts: Mapping[str, Fact], *, apart: str = ",") -> str:
    """The sentence with its facts; large numbers in groups of three, `apart` between them."""
    if not facts:
        return sentence
    grouped = {
        name: f"{fact:,}".replace(",", apart) if isinstance(fact, int) and fact >= _GROUPED_FROM else fact
        for name, fact in facts.items()
    }
    return sentence.format_map(grouped)


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
        super().__init__("The system declines ({codes}).", codes=", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class NotLet(SourceFault):
    """The person has not let the portal ask."""


class Drifted(SourceFault):
    """The system no longer has a field that the mapping names."""


class BadLines(SourceFault):
    """Some of what the system sent could not be taken; the rest was."""


class TooLarge(SourceFault):
    """What the system holds about some people is more than a copy is made of; the rest was taken."""


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
        super().__init__(
            "{datasets}: read from {source}, which is switched on.", datasets=", ".join(datasets), source=source
        )
        self.source, self.datasets = source, datasets


class CutOff(SourceFault):
    """A reading or a trial ended with its worker."""


class SwitchedOff(SourceFault):
    """The source is not let in at the moment; nothing of it is read."""
