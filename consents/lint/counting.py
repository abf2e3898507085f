"""Words, sentences and their measures. Sources: LIX (Björnsson 1968), Flesch-Kincaid grade (1975)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[-’'.,/][^\W_]+)*")
_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"”“(]*[A-ZÀ-ÖØ-Þ])")
_VOWELS = re.compile(r"[aeiouy]+")
_LONG_FI, _LONG_LIX = 14, 6
# A name of the term base counts as one short word.
_SHORT = "x"
_WHOLE = 5


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one text: `longest` is its longest sentence, `long_share` in per cent, `grade` in years of school."""

    words: int
    mean: float
    longest: int
    longest_sentence: str
    long_share: float
    lix: float
    grade: float


def words_of(text: str) -> list[str]:
    """Every word; a hyphen or an apostrophe inside does not part it."""
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    """Every sentence that has a word. What goes on in small letters is the same sentence."""
    return [sentence for sentence in _END.split(text.strip()) if words_of(sentence)]


def letters_in(word: str) -> int:
    """How many letters, without hyphens and figures."""
    return sum(letter.isalpha() for letter in word)


def name_pattern(name: str) -> str:
    """A regular expression for a name with any ending of its words; names of one letter are taken as they are."""
    parts = [part if len(part) <= _WHOLE else part[:-2] for part in name.split()]
    return r"\b" + r"\s+".join(rf"{re.escape(part)}[\w:’'-]*" for part in parts)


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with each name as one short word; the longest names first, as one may hold another."""
    for name in sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True):
        text = re.sub(name_pattern(name), _SHORT, text, flags=re.IGNORECASE)
    return text


def syllables_in(word: str) -> int:
    """Of an English word, by its groups of vowels; at least one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    silent = letters.endswith("e") and not letters.endswith(("le", "ee"))
    past = letters.endswith("ed") and not letters.endswith(("ted", "ded"))
    return max(1, len(_VOWELS.findall(letters)) - int(silent or past))


def measure(sentences: Sequence[str]) -> Measures:
    """What is measured of these sentences; all zero when there is none."""
    counted = [(len(words_of(sentence)), sentence) for sentence in sentences]
    every = [word for sentence in sentences for word in words_of(sentence)]
    if not every:
        return Measures(0, 0, 0, "", 0, 0, 0)
    longest, which = max(counted, key=lambda pair: pair[0])
    mean = len(every) / len(sentences)
    long_fi = sum(letters_in(word) >= _LONG_FI for word in every)
    long_lix = sum(letters_in(word) > _LONG_LIX for word in every)
    syllables = sum(map(syllables_in, every))
    return Measures(
        words=len(every),
        mean=mean,
        longest=longest,
        longest_sentence=which,
        long_share=100 * long_fi / len(every),
        lix=mean + 100 * long_lix / len(every),
        grade=0.39 * mean + 11.8 * syllables / len(every) - 15.59,
    )
