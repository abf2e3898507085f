"""Made-up evaluation files of two made-up programs: one treats groups alike, one does not. The same rows each time.

Shares are fixed and only the order is drawn, so that what comes of them is no chance either.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping
from itertools import product

_SEED = 20261130
_YES_FROM = 0.5
Row = dict[str, str]

# How many of a group get each score; how often a score comes true is the score itself, and `more` above it.
_EVEN = {0.1: 0.2, 0.3: 0.2, 0.5: 0.1, 0.7: 0.25, 0.9: 0.25}
_LITTLE_LESS = {0.1: 0.2, 0.3: 0.25, 0.5: 0.1, 0.7: 0.2, 0.9: 0.25}
_LOW = {0.1: 0.35, 0.3: 0.35, 0.5: 0.1, 0.7: 0.1, 0.9: 0.1}


def preschool() -> list[Row]:
    """Places in preschool: every language and area is proposed its first choice as often, by as good a score."""
    sizes = {"fi": 200, "sv": 60, "other": 80}
    found = [
        row
        for (language, size), area in product(sizes.items(), ("north", "centre", "west", "south"))
        for row in _rows({"language": language, "area": area}, size, _spread(language, area), more=0.0)
    ]
    return _shuffled(found)


def exercise() -> list[Row]:
    """Exercise groups: people over 65 get lower scores than others who gained as much, and are suggested less."""
    women, men = {"18-39": 260, "40-64": 300, "65+": 260}, {"18-39": 240, "40-64": 280, "65+": 180}
    found = [
        row
        for sex, sizes in (("f", women), ("m", men))
        for age, size in sizes.items()
        for row in _rows({"age": age, "sex": sex}, size, *((_LOW, 0.25) if age == "65+" else (_EVEN, 0.0)))
    ]
    return _shuffled(found)


def _spread(language: str, area: str) -> Mapping[float, float]:
    """Groups are never quite alike: some are a little less often proposed, within what chance does."""
    return _LITTLE_LESS if language == "sv" or (language, area) == ("fi", "south") else _EVEN


def _rows(group: Row, size: int, scores: Mapping[float, float], more: float) -> Iterator[Row]:
    made, right, carried = 0, 0, 0.0
    for score, share in scores.items():
        count = size - made if score == max(scores) else round(size * share)
        made += count
        carried += count * min(score + more, 0.95)
        true = min(count, round(carried) - right)
        right += true
        for number in range(count):
            told = {"outcome": str(int(score >= _YES_FROM)), "truth": str(int(number < true)), "score": str(score)}
            yield group | told


def _shuffled(rows: list[Row]) -> list[Row]:
    random.Random(_SEED).shuffle(rows)
    return rows


EVALUATIONS = {"preschool": preschool, "exercise": exercise}


def csv_of(rows: list[Row]) -> str:
    """With a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
