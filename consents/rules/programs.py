"""When an algorithm may use data, and when it may decide by itself (434/2003 53 e § to 53 g §). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from consents.rules.deciding import CONSENT_BASIS
from consents.rules.limiting import OBJECTIONABLE

BY_PROGRAM = "program"
# States of the register in which a system runs.
RUNNING = frozenset({"pilot", "in_use"})


class Misuse(StrEnum):
    """Why an algorithm may not be named for a use."""

    UNKNOWN = "unknown"
    NOT_RUNNING = "not_running"
    NOT_COVERED = "not_covered"
    MAY_NOT_DECIDE = "may_not_decide"


class Unfit(Exception):
    """The algorithm may not be named for this; `number`: of the use, counted from 0."""

    def __init__(self, why: Misuse, number: int = 0) -> None:
        super().__init__()
        self.why, self.number = why, number


@dataclass(frozen=True)
class Outcome:
    """What came of a use: texts by language, who decided (`person` or `program`), and when."""

    result: Mapping[str, str]
    reasons: Sequence[Mapping[str, str]]
    decided_by: str
    decided_at: datetime

    def told(self) -> dict[str, Any]:
        """As it stands sealed in the log."""
        at = self.decided_at.astimezone(UTC).isoformat(timespec="seconds")
        return {"result": self.result, "reasons": self.reasons, "decided_by": self.decided_by, "decided_at": at}


@dataclass(frozen=True)
class Program:
    """An algorithm as its published entry has it: number of its `version`, {purpose: basis}, states oldest first.

    `decides`: the entry says that it decides by itself, and names the published decision that lets it.
    """

    slug: str
    version: int
    state: str
    decides: bool
    purposes: Mapping[str, str]
    changes: Sequence[tuple[datetime, str]] = ()

    def ran(self, at: datetime) -> bool:
        """It runs now, or ran at that time: what was done before a pause is told of after it."""
        before = [state for since, state in self.changes if since <= at]
        return self.state in RUNNING or (bool(before) and before[-1] in RUNNING)


def misuse(program: Program | None, purpose: str, *, used_at: datetime, decided: bool = False) -> Misuse | None:
    """Why it may not be named for this use; None where it may. `decided`: no person decided what came of it."""
    if program is None:
        return Misuse.UNKNOWN
    if not program.ran(used_at):
        return Misuse.NOT_RUNNING
    if purpose not in program.purposes:
        return Misuse.NOT_COVERED
    if decided and (not program.decides or program.purposes[purpose] == CONSENT_BASIS):
        return Misuse.MAY_NOT_DECIDE
    return None


def fitting(
    programs: Mapping[str, Program], algorithm: str, purpose: str, *, used_at: datetime, decided: bool = False
) -> Program:
    """The algorithm that is named for a use. Unfit."""
    program = programs.get(algorithm)
    if (why := misuse(program, purpose, used_at=used_at, decided=decided)) or program is None:
        raise Unfit(why or Misuse.UNKNOWN)
    return program


def counted(program: Program | None) -> dict[str, Any]:
    """What an entry tells openly of the algorithm: which, and by which version of its entry."""
    return {"algorithm": program.slug, "version": program.version} if program else {}


def basis_to_object_by(bases: Sequence[str]) -> str:
    """Of the bases of what an algorithm does, that by which its use may be stopped; empty where there is none.

    What rests on a public task or a legitimate interest is objected to (GDPR 21(1)); what rests on a permission need
    not be done by a program (7(3)); what the law requires is done.
    """
    objectionable = sorted(OBJECTIONABLE.intersection(bases))
    return objectionable[0] if objectionable else CONSENT_BASIS if CONSENT_BASIS in bases else ""
