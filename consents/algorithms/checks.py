"""Is an entry whole, plain and the same in three languages, and are its facts of the right form? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from consents.algorithms.enums import AnnexPoint, Deciding, Risk
from consents.algorithms.parts import LONGEST_NAME, PARTS, REQUIRED, SHORT_BELOW, EntryFacts, Texts
from consents.lint import Finding, Report, Rule
from consents.lint.limits import Layers, long_words, measures_of, over_limits
from consents.lint.marks import refused_marks
from consents.lint.report import score_of
from consents.lint.sameness import differing
from consents.lint.wording import abbreviations, hard_words, many_clauses
from consents.texts import LANGUAGES

# What everyone reads first, and what is for whoever wants to know how it works.
_FIRST = ("short", "goal", "people", "impact", "human", "objection")
ENTRY_LAYERS: Layers = {
    "layer1": _FIRST,
    "layer2": tuple(part for part in PARTS if part not in {*_FIRST, "name"}),
}
# Characters that a part may have at most.
LONGEST: Mapping[str, int] = {"name": LONGEST_NAME, "short": SHORT_BELOW - 1}


@dataclass(frozen=True, slots=True)
class EntryBeside:
    """What an entry is judged beside: `names` of data, registers and units, by language, count as one short word.

    `by_permission`: a purpose that names the algorithm rests on consent.
    """

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by_permission: bool = False


def _odd_facts(facts: Mapping[str, Any]) -> list[str]:
    """Names of the facts that are missing or of another form."""
    try:
        EntryFacts.model_validate(facts)
    except ValidationError as fault:
        return sorted({str(each["loc"][0]) for each in fault.errors()})
    return []


def _of_facts(facts: Mapping[str, Any], beside: EntryBeside) -> Iterator[Finding]:
    if odd := _odd_facts(facts):
        yield Finding("", "", Rule.FACTS, {"what": ", ".join(odd)})
        return
    told = EntryFacts.model_validate(facts)
    if told.deciding == Deciding.AUTOMATED and not told.deployed_by:
        yield Finding("", "", Rule.NO_DECISION)
    if told.deciding == Deciding.AUTOMATED and beside.by_permission:
        yield Finding("", "", Rule.AUTOMATED)
    # Art. 6(3) has exceptions, so a person judges.
    if told.annex_iii != AnnexPoint.NONE and told.risk != Risk.HIGH:
        yield Finding("", "classification", Rule.HIGH_RISK, blocks=False)


def _of_language(parts: Mapping[str, str], language: str, names: Sequence[str]) -> Iterator[Finding]:
    for part in PARTS:
        text = parts.get(part, "").strip()
        if text:
            yield from _of_part(text, language, part)
        elif part in REQUIRED:
            yield Finding(language, part, Rule.MISSING)
    yield from long_words(parts, language, names, ENTRY_LAYERS)
    for layer in ENTRY_LAYERS:
        yield from over_limits(parts, language, layer, names, ENTRY_LAYERS)


def _of_part(text: str, language: str, part: str) -> Iterator[Finding]:
    yield from refused_marks(text, language, part)
    yield from hard_words(text, language, part)
    yield from abbreviations(text, language, part)
    yield from many_clauses(text, language, part)
    if len(text) > (limit := LONGEST.get(part, len(text))):
        yield Finding(language, part, Rule.CHARACTERS, {"value": str(len(text)), "limit": str(limit)})


def _of_all(texts: Texts) -> Iterator[Finding]:
    for part in PARTS:
        there = [language for language in LANGUAGES if texts[language].get(part, "").strip()]
        if len(there) == len(LANGUAGES):
            yield from differing(texts, part)
        elif there and part not in REQUIRED:
            # What one language tells, the others tell, too.
            for language in LANGUAGES:
                if language not in there:
                    yield Finding(language, part, Rule.MISSING)


def check_entry(parts: Texts, facts: Mapping[str, Any], beside: EntryBeside) -> Report:
    """Everything found; a language that is not there has every part missing."""
    whole = {language: parts.get(language, {}) for language in LANGUAGES}
    names = {language: list(beside.names.get(language, ())) for language in LANGUAGES}
    findings = [each for language in whole for each in _of_language(whole[language], language, names[language])]
    measures = {
        (language, layer): measures_of(whole[language], language, layer, names[language], ENTRY_LAYERS)
        for language in LANGUAGES
        for layer in ENTRY_LAYERS
    }
    score = min(score_of(found, *which) for which, found in measures.items())
    return Report([*findings, *_of_all(whole), *_of_facts(facts, beside)], score, measures)
