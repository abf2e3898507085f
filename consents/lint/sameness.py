"""Whether the three languages say the same: numbers, dates, and the data that is named."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from consents.lint.findings import Facts, Finding, Rule, Texts
from consents.lint.wordlists import lists_of

_FIGURE = r"\d+(?:[\u00a0 ]\d{3})*(?:[.,/]\d+)*"
_DAYS = {"year": 365, "month": 30, "week": 7, "day": 1}
_SLACK = 0.05
_STEM, _LEAST_STEM = 0.6, 3


@cache
def _dates(language: str) -> re.Pattern[str]:
    months = "|".join(lists_of(language).months)
    return re.compile(
        rf"\b(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})?|\b(\d{{1,2}})\.?\s+({months})\w*(?:\s+(\d{{4}}))?", re.IGNORECASE
    )


@cache
def _numbers(language: str) -> re.Pattern[str]:
    lists = lists_of(language)
    forms = "|".join(sorted((form for each in lists.numbers.values() for form in each), key=len, reverse=True))
    units = "|".join(f"(?P<{unit}>{'|'.join(map(re.escape, begin))})" for unit, begin in lists.units.items())
    return re.compile(rf"(?<!\w)(?P<n>{_FIGURE}|(?:{forms})(?=[\s\u00a0]))(?:[\s\u00a0]*(?:{units})|)", re.IGNORECASE)


def dates_in(text: str, language: str) -> tuple[Counter[str], str]:
    """({date: how often} as `day.month.year`, the text without them)."""
    lists, found = lists_of(language), Counter[str]()
    for match in _dates(language).finditer(text):
        day, month, year, day2, name, year2 = match.groups()
        told = month or str(lists.months.index(name.lower()) + 1)
        found[f"{int(day or day2)}.{int(told)}.{year or year2 or ''}"] += 1
    return found, _dates(language).sub(" ", text)


def _figure(written: str, language: str) -> str | None:
    """`1,000` is a thousand in English only; a comma is a decimal point elsewhere. None when it is no number word."""
    if written[0].isdigit():
        plain = re.sub(r"[\u00a0 ]", "", written)
        return re.sub(r",(?=\d{3}\b)", "", plain) if language == "en" else plain.replace(",", ".")
    numbers = lists_of(language).numbers
    return next((figure for figure, forms in numbers.items() if written.lower() in forms), None)


def numbers_in(text: str, language: str) -> Counter[tuple[str, str]]:
    """`{(figure, unit): how often}`. A number in letters counts when a unit follows: *no one* is no number."""
    found = Counter[tuple[str, str]]()
    for match in _numbers(language).finditer(text):
        written = match["n"]
        unit = next((name for name in lists_of(language).units if match[name]), "")
        figure = _figure(written, language)
        if figure and (unit or written[0].isdigit()):
            found[figure, unit] += 1
    return found


def _told(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "–"


def _odd(by_language: Mapping[str, Counter[str]], part: str, rule: Rule) -> Iterator[Finding]:
    """The language that differs from the other two; all but the first when each differs."""
    languages = list(by_language)
    alike = {one: [two for two in languages if by_language[two] == by_language[one]] for one in languages}
    most = max(languages, key=lambda one: len(alike[one]))
    for language in languages:
        if by_language[language] != by_language[most]:
            told = {"what": _told(by_language[language]), "limit": _told(by_language[most])}
            yield Finding(language, part, rule, told)


def differing(texts: Texts, part: str) -> Iterator[Finding]:
    """Numbers and dates of one part that is there in every language."""
    dates, numbers = {}, {}
    for language in texts:
        dates[language], rest = dates_in(texts[language].get(part, ""), language)
        found = numbers_in(rest, language)
        numbers[language] = Counter({f"{figure} {unit}".strip(): count for (figure, unit), count in found.items()})
    yield from _odd(dates, part, Rule.DATES)
    yield from _odd(numbers, part, Rule.NUMBERS)


def _names(text: str, name: str) -> bool:
    """The longest word of the name stands in the text, with any ending."""
    word = max(re.findall(r"\w+", name) or [name], key=len)
    stem = word[: max(_LEAST_STEM, round(_STEM * len(word)))]
    return re.search(rf"\b{re.escape(stem)}", text, re.IGNORECASE) is not None


def unnamed_data(texts: Texts, facts: Facts) -> Iterator[Finding]:
    """Data that one language names and another does not."""
    whole = {language: " ".join(parts.values()) for language, parts in texts.items()}
    for names in facts.datasets.values():
        named = {language: _names(whole[language], names.get(language, "")) for language in whole}
        if any(named.values()):
            for language in (each for each, is_named in named.items() if not is_named):
                yield Finding(language, "what", Rule.DATASETS, {"what": names.get(language, "")})


def other_duration(texts: Texts, facts: Facts) -> Iterator[Finding]:
    """How long the permission lasts, in text and in fact; nothing when the text names no time."""
    if not facts.valid_days:
        return
    for language, parts in texts.items():
        found = numbers_in(dates_in(parts.get("how_long", ""), language)[1], language)
        days = {int(figure) * _DAYS[unit] for figure, unit in found if unit in _DAYS and figure.isdigit()}
        if days and not any(abs(each - facts.valid_days) <= _SLACK * facts.valid_days for each in days):
            told = {"value": ", ".join(map(str, sorted(days))), "limit": str(facts.valid_days)}
            yield Finding(language, "how_long", Rule.DURATION, told)
