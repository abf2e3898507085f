"""What was found, one sentence each. Never a value of anyone's data."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from datasources.errors import SourceFault


class Verdict(Enum):
    """A note is worth knowing, and no fault."""

    HOLDS = "holds"
    NOTE = "note"
    FAULT = "FAULT"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class Case:
    """What is tried: a connector's settings, secrets and mapping, and two identity codes made for tests.

    The system holds data on `person`, and none on `stranger`.
    """

    settings: dict[str, Any]
    mapping: dict[str, Any]
    secrets: dict[str, str] = field(repr=False)
    person: str = field(repr=False)
    stranger: str = field(repr=False)


class Findings:
    """Gathers them in their order."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all)

    @property
    def hold(self) -> bool:
        """Nothing is at fault, and something was looked at."""
        return bool(self.all) and not any(each.verdict is Verdict.FAULT for each in self.all)

    def note(self, sentence: str) -> None:
        """Worth knowing."""
        self.all.append(Finding(Verdict.NOTE, sentence))

    def weigh(self, sentence: str, *, holds: bool, otherwise: str) -> None:
        """`sentence` when it holds, else `otherwise`."""
        verdict = Verdict.HOLDS if holds else Verdict.FAULT
        self.all.append(Finding(verdict, sentence if holds else otherwise))

    @contextmanager
    def looking_at(self, what: str) -> Iterator[None]:
        """A fault while `what` ("The listing of books") is looked at is a finding; what is left of it is skipped."""
        try:
            yield
        except SourceFault as fault:
            self.all.append(Finding(Verdict.FAULT, f"{what}: the portal reads this as “{fault}”"))
