"""Where the marks of a chart of shares stand: one line a group, its share as a mark, its interval as a line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

# Narrow enough for a phone to show it whole with letters that can be read.
WIDTH = 400
_LEFT, _RIGHT, _TOP, _BOTTOM, _LINE = 12, 24, 6, 26, 40
_PERCENT = 100
_ENDS = (0.04, 0.12, 0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Share:
    """One group: `rate`, `low` and `high` from 0 to 1; `text` is the share in words."""

    label: str
    text: str
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Mark:
    """A group in its place: the label stands above, the text at the right end."""

    label: str
    text: str
    y: int
    label_y: int
    low: float
    rate: float
    high: float


@dataclass(frozen=True)
class Chart:
    """`ticks` are (place, percent) of the axis below."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, float], ...]
    width: int
    height: int

    @property
    def ground(self) -> int:
        """Where the axis runs."""
        return self.height - _BOTTOM

    @property
    def axis_y(self) -> int:
        """Where the numbers of the axis stand."""
        return self.height - 8

    @property
    def right(self) -> int:
        """Where the lines end."""
        return self.width - _RIGHT


def chart_of(shares: Sequence[Share]) -> Chart:
    """The axis begins at nothing and ends above all that is shown, where its quarters are whole numbers."""
    highest = max((each.high for each in shares), default=1.0)
    end = next((each for each in _ENDS if highest <= each), 1.0)
    height = _TOP + _LINE * len(shares) + _BOTTOM

    def place(value: float) -> float:
        return round(_LEFT + value / end * (WIDTH - _LEFT - _RIGHT), 1)

    marks = tuple(
        Mark(
            *(each.label, each.text),
            y=_TOP + _LINE * number + 28,
            label_y=_TOP + _LINE * number + 14,
            low=place(each.low),
            rate=place(each.rate),
            high=place(each.high),
        )
        for number, each in enumerate(shares)
    )
    ticks = tuple((place(end * part / 4), end * part / 4 * _PERCENT) for part in range(5))
    return Chart(marks, tuple((where, round(value, 1)) for where, value in ticks), WIDTH, height)
