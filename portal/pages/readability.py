"""How readable a purpose's text is in the reader's language: the same measures that its writers had to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext

from consents.lint.limits import LAYERS, LIMITS
from consents.lint.report import score_of
from consents.manuscripts.faults import NoSuchData
from consents.models import PurposeText
from consents.publishing.drafting import linted
from portal.i18n.languages import language_now

_CHARACTERS_A_MINUTE = 800
# What stands on the page before the choice; the summary stands in lists.
_QUESTION = tuple(part for part in LAYERS["layer1"] if part != "summary")


@dataclass(frozen=True)
class LayerRead:
    """One part of the text: words in a sentence on average and in the longest, each with the most that is allowed."""

    name: str
    mean: float
    most_mean: float
    longest: int
    most_longest: int


@dataclass(frozen=True)
class Readability:
    """`score`: 0 to 100; 50 stands exactly at a limit."""

    score: int
    layers: tuple[LayerRead, ...]


def reading_minutes(text: Mapping[str, str]) -> str:
    """How long a question takes to read: 800 characters a minute, up to the next half; `½`, `1`, `1½`."""
    halves = max(1, ceil(sum(len(text[part]) for part in _QUESTION) / _CHARACTERS_A_MINUTE * 2))
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"


def readability_of(text: PurposeText) -> Readability | None:
    """None for an old text about data that the city no longer describes."""
    try:
        report = linted(text)
    except NoSuchData:
        return None
    language = language_now()
    names = {"layer1": gettext("The question"), "layer2": gettext("More about this")}
    measured = {layer: report.measures[language, layer] for layer in LAYERS}
    return Readability(
        min(score_of(found, language, layer) for layer, found in measured.items()),
        tuple(
            LayerRead(
                names[layer],
                round(found.mean, 1),
                LIMITS[language, layer].mean,
                found.longest,
                LIMITS[language, layer].longest,
            )
            for layer, found in measured.items()
        ),
    )
