"""An algorithm of the register uses data: it must be one that may, and what came of it is told with the use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from consents.rules.programs import Misuse, Program, misuse
from portal.ledger.entries import Json

BY_PROGRAM = "program"


@dataclass(frozen=True)
class Outcome:
    """What came of a use: texts by language, who decided (`person` or `program`), and when."""

    result: Mapping[str, str]
    reasons: Sequence[Mapping[str, str]]
    decided_by: str
    decided_at: datetime

    def told(self) -> dict[str, Json]:
        """As it stands sealed in the log."""
        at = self.decided_at.astimezone(UTC).isoformat(timespec="seconds")
        return {"result": self.result, "reasons": self.reasons, "decided_by": self.decided_by, "decided_at": at}


class Unfit(Exception):
    """The algorithm may not be named for this; `number`: of the use, counted from 0."""

    def __init__(self, why: Misuse, number: int = 0) -> None:
        super().__init__()
        self.why, self.number = why, number


class Stopped(Exception):
    """People have objected to the algorithms that these uses tell of; `numbers` count from 0."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__()
        self.numbers = numbers


def fitting(
    programs: Mapping[str, Program], algorithm: str, purpose: str, *, used_at: datetime, decided: bool = False
) -> Program:
    """The algorithm that is named for a use. Unfit."""
    program = programs.get(algorithm)
    if (why := misuse(program, purpose, used_at=used_at, decided=decided)) or program is None:
        raise Unfit(why or Misuse.UNKNOWN)
    return program


def counted(program: Program | None) -> dict[str, Json]:
    """What an entry tells openly of the algorithm: which, and by which version of its entry."""
    return {"algorithm": program.slug, "version": program.version} if program else {}
