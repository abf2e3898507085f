"""Does a version hold in itself: are its words plain and alike, does the portal give what it promises?"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from consents.lint import SENTENCE, Facts, Finding, lint
from consents.lint.marks import refused_marks
from consents.lint.sameness import differing
from consents.lint.wording import abbreviations, hard_words
from consents.rulebook.reading import content_of, digest_of, published_digests, rulebook_of
from consents.rulebook.shape import Group, ModelPurpose, Rulebook, Told
from consents.rules.rights import Verdict, rights_of
from consents.texts import LANGUAGES
from datasources.transfers.enums import CODE_LIVES, KEPT_FOR, TIDIED_EVERY
from datasources.transfers.package.shape import LONGEST_LIFE
from datasources.transfers.package.zips import LARGEST

_MEGABYTE = 1024 * 1024
_WEIGHT = {Verdict.NO: 0, Verdict.LIMITED: 1, Verdict.YES: 2}
_GROUPS: tuple[Group, ...] = ("permission", "algorithm", "receiving")


def holds(version: str) -> Iterator[str]:
    """Everything that is wrong with one version. NoSuchVersion, RulebookFault when it cannot even be read."""
    book = rulebook_of(version)
    if published_digests().get(version) != (digest := digest_of(content_of(version))):
        yield f"it is not what was published; its digest is {digest}."
    yield from rights_given(book)
    yield from _limits(book)
    for purpose in book.facts.purpose:
        yield from (_line(purpose.slug, found) for found in linted(book, purpose) if found.blocks)
    yield from (_line("words", found) for found in _of_words(book))


def rights_given(book: Rulebook) -> Iterator[str]:
    """Whether the portal gives at least the rights that a version promises, whatever a use rests on."""
    for basis, promised in book.facts.rights.items():
        given = rights_of(basis)
        for right, verdict in promised.items():
            if _WEIGHT[given[right].verdict] < _WEIGHT[verdict]:
                told = f"“{right}” is promised as {verdict}, and the portal says {given[right].verdict}"
                yield f"rights of 6(1)({basis}): {told}."


def _limits(book: Rulebook) -> Iterator[str]:
    figures = book.facts.figures
    if LONGEST_LIFE.days > figures.package_days:
        yield f"packages live for {LONGEST_LIFE.days} days, and the rulebook says {figures.package_days}."
    if figures.package_megabytes * _MEGABYTE < LARGEST:
        yield f"packages of {LARGEST // _MEGABYTE} megabytes are taken, and the rulebook says less."
    if (gone := KEPT_FOR + TIDIED_EVERY) > timedelta(minutes=figures.unaccepted_minutes):
        told = f"{gone // timedelta(minutes=1)} minutes, and the rulebook says {figures.unaccepted_minutes}"
        yield f"what is not accepted is gone after {told}."
    if timedelta(seconds=figures.code_seconds) < CODE_LIVES:
        yield f"a code lives for {CODE_LIVES.seconds} seconds, and the rulebook says {figures.code_seconds}."


def linted(book: Rulebook, purpose: ModelPurpose) -> list[Finding]:
    """What the lint of purposes says of a model's texts, with a unit put in where a city puts its own."""
    facts = Facts(
        datasets={slug: {one: book.words[one].data[slug] for one in LANGUAGES} for slug in purpose.datasets},
        names={one: (book.words[one].unit,) for one in LANGUAGES},
        valid_days=book.facts.figures.most_days,
        free_because="The rule “free” of the rulebook says so.",
        asks_children=True,
    )
    return list(lint(facts, {one: parts_of(book, purpose.slug, one) for one in LANGUAGES}).findings)


def parts_of(book: Rulebook, slug: str, language: str) -> dict[str, str]:
    """A model's texts as they read with the rulebook's own word for the unit."""
    told = book.words[language]
    return {part: text.replace("{unit}", told.unit) for part, text in told.purpose[slug].model_dump().items()}


def in_figures(book: Rulebook, text: str) -> str:
    """A text with its figures; what stands in other braces is left as it is, to be found."""
    for name, figure in book.facts.figures:
        text = text.replace(f"{{{name}}}", str(figure))
    return text


def _of_words(book: Rulebook) -> Iterator[Finding]:
    """Of all else that a version says: hard words, abbreviations, marks, and figures that differ by language."""
    texts = {one: dict(_all_words(book, book.words[one])) for one in LANGUAGES}
    for language, parts in texts.items():
        for place, text in parts.items():
            for judge in (refused_marks, hard_words, abbreviations):
                yield from judge(text, language, place)
    for place in texts[LANGUAGES[0]]:
        yield from differing(texts, place)


def _all_words(book: Rulebook, told: Told) -> Iterator[tuple[str, str]]:
    yield from (("title", told.title), ("lead", told.lead), ("unit", told.unit))
    for slug, words in told.label.items():
        yield f"label.{slug}", f"{words.name}. {words.text}"
    for group in _GROUPS:
        for name, words in told.rules(group).items():
            yield f"{group}.{name}", in_figures(book, f"{words.name}. {words.text}")


def _line(where: str, found: Finding) -> str:
    place = " ".join(word for word in (where, found.language, found.part) if word)
    facts: Mapping[str, str] = found.facts
    return f"{place}: {found.rule.value}: {SENTENCE[found.rule] % facts}"
