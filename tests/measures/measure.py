"""One measured fact."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """`number` is the fact's in the list of what every release is held to; `met`: the figure keeps the bar."""

    number: str
    fact: str
    bar: str
    figure: str
    met: bool
