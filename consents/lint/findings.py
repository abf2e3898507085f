"""What the lint looks at and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from datasources.protocol import words

Texts = Mapping[str, Mapping[str, str]]


class Rule(StrEnum):
    """What can be wrong with a text."""

    MISSING = "missing"
    MARK = "mark"
    HTML = "html"
    SCRIPT = "script"
    HARD_WORD = "hard_word"
    ABBREVIATION = "abbreviation"
    LONG_WORD = "long_word"
    LONG_SENTENCE = "long_sentence"
    MEAN_SENTENCE = "mean_sentence"
    LONG_WORDS = "long_words"
    LIX = "lix"
    GRADE = "grade"
    LENGTH = "length"
    CLAUSES = "clauses"
    NUMBERS = "numbers"
    DATES = "dates"
    DATASETS = "datasets"
    DURATION = "duration"
    NO_DATASET = "no_dataset"
    NOT_FREE = "not_free"
    NO_ALGORITHM = "no_algorithm"
    AUTOMATED = "automated"
    MARKETING_BY_LAW = "marketing_by_law"
    CHARACTERS = "characters"
    FACTS = "facts"
    NO_DECISION = "no_decision"
    HIGH_RISK = "high_risk"


SENTENCE: Mapping[Rule, str] = {
    Rule.MISSING: words("This part is missing."),
    Rule.MARK: words("There is a mark here that cannot be seen: %(what)s. Write the text anew by hand."),
    Rule.HTML: words("There is code of a web page here: %(what)s. Write plain text only."),
    Rule.SCRIPT: words("These letters belong to another alphabet: %(what)s."),
    Rule.HARD_WORD: words("This word is hard: %(what)s. Say it more simply."),
    Rule.ABBREVIATION: words("This abbreviation is not explained: %(what)s. Write it out."),
    Rule.LONG_WORD: words("This word is over %(limit)s letters long: %(what)s. Use another, or explain it."),
    Rule.LONG_SENTENCE: words("A sentence has %(value)s words, and %(limit)s is the most: “%(what)s”"),
    Rule.MEAN_SENTENCE: words("The sentences have %(value)s words on average; %(limit)s is the most."),
    Rule.LONG_WORDS: words("Of 100 words, %(value)s are 14 letters or longer; %(limit)s is the most."),
    Rule.LIX: words("The readability index LIX is %(value)s; %(limit)s is the most."),
    Rule.GRADE: words("The text asks for %(value)s years of school; %(limit)s is the most."),
    Rule.LENGTH: words("The text has %(value)s words; %(limit)s is the most."),
    Rule.CLAUSES: words("A sentence has several subordinate clauses: “%(what)s” One is enough."),
    Rule.NUMBERS: words("The numbers are not those of the other languages: %(what)s here, %(limit)s there."),
    Rule.DATES: words("The dates are not those of the other languages: %(what)s here, %(limit)s there."),
    Rule.DATASETS: words("The other languages name this data, and this one does not: %(what)s."),
    Rule.DURATION: words("The text says %(value)s days, and the permission lasts for %(limit)s."),
    Rule.NO_DATASET: words("The purpose uses no data. Choose what it needs."),
    Rule.NOT_FREE: words("Write why people are free to say no."),
    Rule.NO_ALGORITHM: words("A program makes suggestions. Name its published entry in the register of algorithms."),
    Rule.AUTOMATED: words("A permission never carries a decision that a program makes by itself."),
    Rule.MARKETING_BY_LAW: words("No law asks for direct marketing. Choose another legal basis, or remove the mark."),
    Rule.CHARACTERS: words("The text has %(value)s characters; %(limit)s is the most."),
    Rule.FACTS: words("These facts are missing or of another form: %(what)s."),
    Rule.NO_DECISION: words(
        "The program decides by itself: name the published decision that lets it (906/2019, ch. 6 a)."
    ),
    Rule.HIGH_RISK: words("Annex III of the AI Act names this. Choose high risk, or say in the text why it is not."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the text is about: `datasets` is `{slug: {language: name}}`, `names` are other names by language.

    `valid_days` is how long a permission lasts; None for what rests on law, which needs no `free_because` either.
    `asks_children`: a child can be asked, so the text says why who decides for a child does so. `unnamed_algorithm`: a
    program makes suggestions, and no published entry of it is named; `automated`: one that is named decides by itself,
    though a permission is asked. `marketing_by_law`: it is direct marketing, and would rest on an obligation by law or
    on vital interests.
    """

    datasets: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    valid_days: int | None = None
    free_because: str = ""
    asks_children: bool = False
    unnamed_algorithm: bool = False
    automated: bool = False
    marketing_by_law: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `part` is a part's name, `layer1`, `layer2`, or empty; what `blocks` must be mended first."""

    language: str
    part: str
    rule: Rule
    facts: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = True

    @property
    def sentence(self) -> str:
        """In English; for another language `SENTENCE[rule]` is translated and filled in with `facts`."""
        return SENTENCE[self.rule] % self.facts
