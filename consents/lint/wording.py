"""Words that are refused or must be explained, and sentences with too many clauses."""

import re
from collections.abc import Iterator
from functools import cache

from consents.lint.counting import sentences_of, words_of
from consents.lint.findings import Finding, Rule
from consents.lint.wordlists import lists_of

_CAPITALS = re.compile(r"\b[A-ZÅÄÖ]{2,}\b(?:[:’'][a-zåäö]+)?")


@cache
def _hard(language: str) -> re.Pattern[str]:
    words = [re.escape(word).replace(r"\*", r"\w*") for word in lists_of(language).hard]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


@cache
def _dotted(language: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in lists_of(language).dotted]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?=\s+[a-zåäö0-9(]|,)", re.IGNORECASE)


def hard_words(text: str, language: str, part: str) -> Iterator[Finding]:
    """One finding a word."""
    for word in sorted({found.lower() for found in _hard(language).findall(text)}):
        yield Finding(language, part, Rule.HARD_WORD, {"what": word})


def abbreviations(text: str, language: str, part: str) -> Iterator[Finding]:
    """Capitals that everyone does not know, unless brackets explain them at first use; and those with full stops."""
    known = set(lists_of(language).known)
    seen: set[str] = set()
    for found in _CAPITALS.finditer(text):
        short = found.group()
        rest, before = text[found.end() :].lstrip(), text[: found.start()].rstrip()
        explained = rest.startswith("(") or (before.endswith("(") and rest.startswith(")"))
        if short not in known | seen and not explained:
            yield Finding(language, part, Rule.ABBREVIATION, {"what": short})
        seen.add(short)
    for short in sorted({found.lower() for found in _dotted(language).findall(text)}):
        yield Finding(language, part, Rule.ABBREVIATION, {"what": short})


def many_clauses(text: str, language: str, part: str) -> Iterator[Finding]:
    """A sentence with more than two words that begin a clause; a guess, so it is advice and stops nothing."""
    begins = set(lists_of(language).clauses)
    for sentence in sentences_of(text):
        if sum(word.lower() in begins for word in words_of(sentence)) > 2:  # noqa: PLR2004 - "I ask if ... that" is plain
            yield Finding(language, part, Rule.CLAUSES, {"what": sentence}, blocks=False)
