"""The whole lint of a purpose's text, and its score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consents.lint.counting import Measures
from consents.lint.findings import Facts, Finding, Rule, Texts
from consents.lint.limits import LAYERS, judged, long_words, measures_of, over_limits
from consents.lint.marks import refused_marks
from consents.lint.sameness import differing, other_duration, unnamed_data
from consents.lint.wording import abbreviations, hard_words, many_clauses
from consents.texts import LANGUAGES, Parts

PARTS = tuple(Parts.model_fields)
# Why who decides for a child does so: only where a child can be asked.
CHILD = "child"
_BEST, _AT_THE_LIMIT = 100, 50


@dataclass(frozen=True, slots=True)
class Report:
    """`score` 0 to 100, the lowest of the languages: 50 stands exactly at a limit. `measures` by (language, layer)."""

    findings: Sequence[Finding]
    score: int
    measures: Mapping[tuple[str, str], Measures]

    @property
    def passes(self) -> bool:
        """Nothing blocks."""
        return not any(finding.blocks for finding in self.findings)


def score_of(measures: Measures, language: str, layer: str) -> int:
    """0 to 100 by the worst of what is judged; 100 for an empty text, which is found missing elsewhere."""
    worst = max((value / limit for _, value, limit in judged(measures, language, layer)), default=0)
    return max(0, min(_BEST, round(_BEST - _AT_THE_LIMIT * worst)))


def _of_part(text: str, language: str, part: str) -> Iterator[Finding]:
    yield from refused_marks(text, language, part)
    yield from hard_words(text, language, part)
    yield from abbreviations(text, language, part)
    yield from many_clauses(text, language, part)


def _of_language(
    parts: Mapping[str, str], language: str, names: Sequence[str], needed: Sequence[str]
) -> Iterator[Finding]:
    for part in PARTS:
        if parts.get(part, "").strip():
            yield from _of_part(parts[part], language, part)
        elif part in needed:
            yield Finding(language, part, Rule.MISSING)
    yield from long_words(parts, language, names)
    for layer in LAYERS:
        yield from over_limits(parts, language, layer, names)


def _of_all(texts: Texts, facts: Facts) -> Iterator[Finding]:
    for part in PARTS:
        # What is missing is told as missing, not as differing too.
        if all(texts[language].get(part, "").strip() for language in texts):
            yield from differing(texts, part)
    yield from unnamed_data(texts, facts)
    yield from other_duration(texts, facts)
    if not facts.datasets:
        yield Finding("", "", Rule.NO_DATASET)
    if facts.valid_days is not None and not facts.free_because.strip():
        yield Finding("", "", Rule.NOT_FREE)
    if facts.unnamed_algorithm:
        yield Finding("", "", Rule.NO_ALGORITHM)
    if facts.automated:
        yield Finding("", "", Rule.AUTOMATED)
    if facts.marketing_by_law:
        yield Finding("", "", Rule.MARKETING_BY_LAW)


def lint(facts: Facts, texts: Texts) -> Report:
    """Everything found in `texts`, `{language: {part: text}}`; a language that is not there has every part missing."""
    whole = {language: texts.get(language, {}) for language in LANGUAGES}
    names = {
        language: [*facts.names.get(language, ()), *(each.get(language, "") for each in facts.datasets.values())]
        for language in LANGUAGES
    }
    needed = PARTS if facts.asks_children else tuple(part for part in PARTS if part != CHILD)
    findings = [each for language in whole for each in _of_language(whole[language], language, names[language], needed)]
    measures = {
        (language, layer): measures_of(whole[language], language, layer, names[language])
        for language in LANGUAGES
        for layer in LAYERS
    }
    score = min(score_of(found, *which) for which, found in measures.items())
    return Report([*findings, *_of_all(whole, facts)], score, measures)
