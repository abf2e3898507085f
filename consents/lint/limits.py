"""How long and how hard a text may be: one gate a language beside the length of its sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consents.lint.counting import Measures, letters_in, measure, sentences_of, without_names, words_of
from consents.lint.findings import Finding, Rule
from consents.lint.wordlists import lists_of

# Which parts are read first, and which by whoever wants to know more.
Layers = Mapping[str, tuple[str, ...]]
LAYERS: Layers = {
    "layer1": ("summary", "who", "what", "why", "benefit", "who_else", "if_no", "how_long", "how_to_stop"),
    "layer2": ("risk", "more", "child"),
}
# A share or an index says nothing of fewer words.
LEAST_WORDS = 40
LONGEST_WORD = 18


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each, in words, per cent, index points and years of school; None is not judged."""

    mean: float
    longest: int
    long_share: float | None = None
    lix: float | None = None
    grade: float | None = None


LIMITS: Mapping[tuple[str, str], Limits] = {
    ("fi", "layer1"): Limits(9, 14, long_share=6),
    ("fi", "layer2"): Limits(11, 18, long_share=10),
    ("sv", "layer1"): Limits(12, 18, lix=38),
    ("sv", "layer2"): Limits(14, 22, lix=45),
    ("en", "layer1"): Limits(13, 20, grade=7),
    ("en", "layer2"): Limits(16, 24, grade=9),
}
# Headings and one's own values are not counted.
MOST_WORDS: Mapping[str, int] = {"fi": 110, "sv": 140, "en": 150}


def sentences_in(parts: Mapping[str, str], layer: str, layers: Layers = LAYERS) -> list[str]:
    """Every sentence of a layer; no part runs into the next."""
    return [sentence for part in layers[layer] for sentence in sentences_of(parts.get(part, ""))]


def measures_of(
    parts: Mapping[str, str], language: str, layer: str, names: Sequence[str] = (), layers: Layers = LAYERS
) -> Measures:
    """A layer measured; names and the terms of the language's list count as one short word each."""
    counted = [*names, *lists_of(language).terms]
    return measure([without_names(sentence, counted) for sentence in sentences_in(parts, layer, layers)])


def judged(measures: Measures, language: str, layer: str) -> Iterator[tuple[Rule, float, float]]:
    """(rule, value, limit) of all that is judged, kept or not."""
    limits = LIMITS[language, layer]
    if measures.words:
        yield Rule.LONG_SENTENCE, measures.longest, limits.longest
    if measures.words < LEAST_WORDS:
        return
    # Judged as it is told: to one decimal.
    yield Rule.MEAN_SENTENCE, round(measures.mean, 1), limits.mean
    if limits.long_share is not None:
        yield Rule.LONG_WORDS, round(measures.long_share, 1), limits.long_share
    if limits.lix is not None:
        yield Rule.LIX, round(measures.lix), limits.lix
    if limits.grade is not None:
        yield Rule.GRADE, round(measures.grade, 1), limits.grade


def over_limits(
    parts: Mapping[str, str], language: str, layer: str, names: Sequence[str] = (), layers: Layers = LAYERS
) -> Iterator[Finding]:
    """What is over its limit in a layer; how long the question itself may be is judged of a question only."""
    measures = measures_of(parts, language, layer, names, layers)
    for rule, value, limit in judged(measures, language, layer):
        if value > limit:
            told = {"value": f"{value:g}", "limit": f"{limit:g}", "what": measures.longest_sentence}
            yield Finding(language, layer, rule, told)
    if layers is LAYERS and layer == "layer1" and measures.words > MOST_WORDS[language]:
        told = {"value": str(measures.words), "limit": str(MOST_WORDS[language])}
        yield Finding(language, layer, Rule.LENGTH, told)


def long_words(
    parts: Mapping[str, str], language: str, names: Sequence[str] = (), layers: Layers = LAYERS
) -> Iterator[Finding]:
    """Words over 18 letters: none on layer 1; on layer 2 only in a sentence that explains or in brackets after it."""
    lists = lists_of(language)
    for layer in layers:
        for part in layers[layer]:
            for sentence in sentences_of(without_names(parts.get(part, ""), [*names, *lists.terms])):
                explained = layer == "layer2" and ("(" in sentence or any(word in sentence for word in lists.explains))
                for word in words_of(sentence):
                    if letters_in(word) > LONGEST_WORD and not explained:
                        yield Finding(language, part, Rule.LONG_WORD, {"what": word, "limit": str(LONGEST_WORD)})
