"""U11, U13: how hard and how long a question is, as it stands on the page."""

from dataclasses import dataclass

from playwright.sync_api import Page

from consents.lint.counting import Measures, measure, sentences_of, without_names
from consents.lint.findings import Rule
from consents.lint.limits import MOST_WORDS, judged
from consents.lint.wordlists import lists_of
from datasources.catalogue.files import read_city_catalogue
from portal.cities import CATALOGUE
from tests.measures.measure import Measure
from tests.measures.tabs import LANGUAGES, City, questions_at

_CITY = "espoo"
_CHARACTERS_A_MINUTE, _OFF = 800, 0.2
_INDEX = {Rule.LONG_WORDS: "{:g} % long", Rule.LIX: "LIX {:g}", Rule.GRADE: "grade {:g}"}


@dataclass(frozen=True)
class Read:
    """One question in one language; `shown` is the time the page tells, in minutes."""

    language: str
    measured: Measures
    characters: int
    shown: float

    @property
    def minutes(self) -> float:
        """By what stands there, up to the next half."""
        return max(1, -(-self.characters * 2 // _CHARACTERS_A_MINUTE)) / 2


def read_all(city: City) -> list[Read]:
    """Every question that a new resident is asked, and its row at home, in each language."""
    found = []
    with city.entered("fi") as (page, start):
        for question in questions_at(page, start):
            for language in LANGUAGES:
                found.append(_read(page, question.replace("/fi/", f"/{language}/"), language))
    assert found
    return found


def _read(page: Page, question: str, language: str) -> Read:
    page.goto(question)
    said = [" ".join(text.split()) for text in page.locator(".asked p").all_inner_texts()]
    names = [*_names(language), *lists_of(language).terms]
    sentences = [without_names(sentence, names) for text in said for sentence in sentences_of(text)]
    shown = next(word for word in page.locator("#minutes").inner_text().split() if word[0].isdigit() or word[0] == "½")
    minutes = float(shown.rstrip("½") or 0) + (0.5 if shown.endswith("½") else 0)
    return Read(language, measure(sentences), sum(map(len, said)), minutes)


def _names(language: str) -> list[str]:
    """Of the city's departments, registers and data: each counts as one short word."""
    departments = read_city_catalogue(CATALOGUE / _CITY)
    registers = [register for department in departments for register in department.register_]
    named = [department.name for department in departments]
    named += [register.name for register in registers]
    named += [dataset.name for register in registers for dataset in register.dataset]
    return sorted({str(getattr(name, language)) for name in named})


def plainness(read: list[Read]) -> Measure:
    """The worst question of each language beside the limits of its language."""
    told, met = [], True
    for language in LANGUAGES:
        rules = [
            (rule, value, limit)
            for each in read
            if each.language == language
            for rule, value, limit in judged(each.measured, language, "layer1")
        ]
        met = met and all(value <= limit for _, value, limit in rules)
        worst: dict[Rule, float] = {}
        for rule, value, _ in rules:
            worst[rule] = max(value, worst.get(rule, value))
        index = [form.format(worst[rule]) for rule, form in _INDEX.items() if rule in worst]
        mean, longest = worst.get(Rule.MEAN_SENTENCE, 0), worst.get(Rule.LONG_SENTENCE, 0)
        told.append(f"{language} {mean:g}/{longest:g} {' '.join(index)}")
    bar = "fi 9/14 6 % long, sv 12/18 LIX 38, en 13/20 grade 7"
    fact = "A question's sentences: words on average/longest, and the language's index"
    return Measure("U11", fact, bar, f"{', '.join(told)} (worst of {len(read) // 3} questions)", met)


def length(read: list[Read]) -> Measure:
    """Words, and the time to read that the page tells beside what its length gives."""
    words = {one: max(each.measured.words for each in read if each.language == one) for one in LANGUAGES}
    off = max(abs(each.shown - each.minutes) / each.minutes for each in read)
    short = all(words[language] <= MOST_WORDS[language] for language in LANGUAGES)
    bar = ", ".join(f"{language} {most}" for language, most in MOST_WORDS.items()) + "; shown, true within 20 %"
    figure = ", ".join(f"{language} {most}" for language, most in words.items()) + f"; shown, off by {100 * off:.0f} %"
    return Measure("U13", "A question's words (the most); time to read", bar, figure, short and off <= _OFF)
