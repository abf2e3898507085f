"""The lint of texts: the limits as a table, each rule by what breaks it, and any text at all."""

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.lint import PARTS, SENTENCE, Facts, Rule, Texts, lint
from consents.lint.counting import measure, sentences_of, words_of
from consents.lint.limits import LIMITS, judged
from consents.lint.sameness import dates_in, numbers_in

SAMPLES: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("texts").joinpath("samples.toml").read_text()
)
LANGUAGES = ("fi", "sv", "en")
FACTS = Facts({"sports-courses": {"fi": "Kurssit", "sv": "Kurser", "en": "Courses"}}, {}, 365, "The same without.")


def purpose() -> dict[str, dict[str, str]]:
    """The swimming reminder of the catalogue, which passes."""
    file = Path(__file__).parents[2] / "consents" / "catalogue" / "espoo" / "purposes.toml"
    found = next(row for row in tomllib.loads(file.read_text())["purpose"] if row["slug"] == "swimming-reminders")
    return {language: dict(found[language]) for language in LANGUAGES}


def found_in(language: str, part: str, text: str, facts: Facts = FACTS) -> set[tuple[str, str, Rule]]:
    texts = purpose()
    texts[language][part] = text
    return {(each.language, each.part, each.rule) for each in lint(facts, texts).findings if each.blocks}


@pytest.mark.parametrize(
    ("sample", "language", "layers"),
    [
        *(("plain", language, {"layer1", "layer2"}) for language in LANGUAGES),
        *(("officialese", language, set[str]()) for language in LANGUAGES),
        *(("layer2", language, {"layer2"}) for language in LANGUAGES),
    ],
)
def test_each_sample_keeps_the_limits_it_should(sample: str, language: str, layers: set[str]) -> None:
    measures = measure(sentences_of(SAMPLES[sample][language]))
    kept = {
        layer
        for layer in ("layer1", "layer2")
        if all(value <= limit for _, value, limit in judged(measures, language, layer))
    }
    assert kept == layers


@pytest.mark.parametrize(
    ("sample", "language", "words", "mean", "longest", "long_share", "lix"),
    [
        ("plain", "fi", 74, 7.4, 9, 4.1, 47),
        ("plain", "sv", 97, 9.7, 12, 1.0, 31),
        ("plain", "en", 106, 10.6, 13, 0.0, 23),
        ("layer2", "fi", 56, 9.3, 12, 7.1, 58),
        ("layer2", "sv", 72, 12.0, 16, 5.6, 40),
        ("layer2", "en", 86, 14.3, 20, 0.0, 35),
        ("officialese", "fi", 40, 13.3, 19, 22.5, 96),
        ("officialese", "sv", 59, 19.7, 30, 6.8, 67),
        ("officialese", "en", 71, 23.7, 30, 0.0, 62),
    ],
)
def test_measures(
    sample: str, language: str, words: int, mean: float, longest: int, long_share: float, lix: int
) -> None:
    found = measure(sentences_of(SAMPLES[sample][language]))
    told = (found.words, round(found.mean, 1), found.longest, round(found.long_share, 1), round(found.lix))
    assert told == (words, mean, longest, long_share, lix)


@pytest.mark.parametrize(("sample", "grade"), [("plain", 4.7), ("layer2", 8.0), ("officialese", 15.7)])
def test_years_of_school_in_english(sample: str, grade: float) -> None:
    assert abs(measure(sentences_of(SAMPLES[sample]["en"])).grade - grade) <= 0.5


def test_a_text_of_the_catalogue_passes_with_a_score() -> None:
    report = lint(FACTS, purpose())
    assert (report.findings, report.passes) == ([], True)
    assert 50 <= report.score <= 100


@pytest.mark.parametrize(
    ("language", "part", "text", "wanted"),
    [
        ("sv", "why", "  ", {("sv", "why", Rule.MISSING)}),
        ("fi", "risk", "Mikäli joku näkee viestin.", {("fi", "risk", Rule.HARD_WORD)}),
        ("sv", "risk", "Den kan erhålla meddelandet.", {("sv", "risk", Rule.HARD_WORD)}),
        ("en", "risk", "Prior to it someone may see it.", {("en", "risk", Rule.HARD_WORD)}),
        ("en", "risk", "The DPIA tells more.", {("en", "risk", Rule.ABBREVIATION)}),
        ("en", "risk", "The DPIA (impact assessment) tells more. The DPIA is public.", set()),
        ("en", "risk", "Someone, e.g. a child, may see it.", {("en", "risk", Rule.ABBREVIATION)}),
        ("fi", "risk", "Joku voi nähdä sen, esim. lapsi.", {("fi", "risk", Rule.ABBREVIATION)}),
        ("fi", "benefit", "Asiakaspalvelujärjestelmämme muistaa.", {("fi", "benefit", Rule.LONG_WORD)}),
        ("en", "risk", "Someone may see the\u202emessage.", {("en", "risk", Rule.MARK)}),
        ("en", "risk", "Someone may see the\u200bmessage.", {("en", "risk", Rule.MARK)}),
        ("en", "risk", "Someone may\x07 see it.", {("en", "risk", Rule.MARK)}),
        ("en", "risk", "Someone may <b>see</b> it.", {("en", "risk", Rule.HTML)}),
        ("en", "risk", "Someone may &lt;see it.", {("en", "risk", Rule.HTML)}),
        ("en", "risk", "Someone may sее it.", {("en", "risk", Rule.SCRIPT)}),
        ("en", "how_long", "For two years.", {("en", "how_long", Rule.NUMBERS), ("en", "how_long", Rule.DURATION)}),
        ("sv", "risk", "Det gäller till den 3 juni 2026.", {("sv", "risk", Rule.DATES)}),
        ("fi", "if_no", "yksi " * 15, {("fi", "layer1", Rule.LONG_SENTENCE)}),
        ("sv", "why", "Ord ord ord. " * 30, {("sv", "layer1", Rule.LENGTH)}),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_told_with_its_place(
    language: str, part: str, text: str, wanted: set[tuple[str, str, Rule]]
) -> None:
    assert found_in(language, part, text) == wanted


def test_data_that_one_language_does_not_name_is_told() -> None:
    texts = purpose()
    texts["sv"] = {part: text.replace("kurs", "grupp").replace("Kurs", "Grupp") for part, text in texts["sv"].items()}
    assert [(each.language, each.rule) for each in lint(FACTS, texts).findings] == [("sv", Rule.DATASETS)]


def test_a_purpose_needs_data_and_a_reason_why_no_is_free() -> None:
    found = lint(Facts({}, {}, 365), purpose()).findings
    assert [each.rule for each in found] == [Rule.NO_DATASET, Rule.NOT_FREE]


def test_a_language_that_is_not_there_misses_every_part() -> None:
    texts = {language: parts for language, parts in purpose().items() if language != "sv"}
    missing = [each.part for each in lint(FACTS, texts).findings if each.rule is Rule.MISSING]
    assert missing == [part for part in PARTS if part != "child"]


@pytest.mark.parametrize(("asks_children", "missing"), [(True, [("sv", "child")]), (False, [])])
def test_the_reason_who_decides_is_missed_wherever_a_child_can_be_asked(
    asks_children: bool, missing: list[tuple[str, str]]
) -> None:
    texts = purpose()
    texts["sv"]["child"] = " "
    found = lint(replace(FACTS, asks_children=asks_children), texts)
    assert [(each.language, each.part) for each in found.findings if each.rule is Rule.MISSING] == missing
    assert found.passes is not asks_children


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fi", "Lupa on voimassa yhden vuoden ja 3 kuukautta.", {("1", "year"): 1, ("3", "month"): 1}),
        ("sv", "Det gäller i ett år och tre månader, inte en gång.", {("1", "year"): 1, ("3", "month"): 1}),
        ("en", "It lasts one year and three months; no one else sees it.", {("1", "year"): 1, ("3", "month"): 1}),
        ("fi", "Se maksaa 1 000,50 euroa.", {("1000.50", "euro"): 1}),
        ("en", "It costs 1,000.50 euros.", {("1000.50", "euro"): 1}),
    ],
)
def test_numbers_mean_the_same_in_each_language(language: str, text: str, wanted: dict[tuple[str, str], int]) -> None:
    assert numbers_in(text, language) == Counter(wanted)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "3.6.2026"),
        ("fi", "3. kesäkuuta 2026"),
        ("sv", "den 3 juni 2026"),
        ("sv", "3.6.2026"),
        ("en", "3 June 2026"),
    ],
)
def test_a_date_is_the_same_however_it_is_written(language: str, text: str) -> None:
    assert dates_in(text, language) == (Counter({"3.6.2026": 1}), dates_in(text, language)[1])
    assert not any(letter.isdigit() for letter in dates_in(text, language)[1])


def test_every_rule_has_its_sentence() -> None:
    assert set(SENTENCE) == set(Rule)


any_texts = st.dictionaries(
    st.sampled_from(LANGUAGES), st.dictionaries(st.sampled_from(PARTS), st.text(max_size=200), max_size=12), max_size=3
)


@given(any_texts)
def test_any_text_gets_a_report(texts: Texts) -> None:
    report = lint(FACTS, texts)
    assert 0 <= report.score <= 100
    assert all(each.sentence for each in report.findings)
    whole = all(texts.get(language, {}).get(part, "").strip() for language in LANGUAGES for part in PARTS)
    assert whole or not report.passes


@given(st.sampled_from(LANGUAGES), st.sampled_from(PARTS), st.text(min_size=1, max_size=60))
def test_what_cannot_be_seen_never_passes(language: str, part: str, text: str) -> None:
    texts: Any = purpose()
    texts[language][part] = f"{text}\u202e"
    assert not lint(FACTS, texts).passes


@given(st.lists(st.sampled_from(["kurssi", "on", "tänään", "hyvä"]), min_size=1, max_size=13))
def test_a_sentence_within_the_limit_is_one_sentence(words: list[str]) -> None:
    sentence = " ".join(words).capitalize() + "."
    assert sentences_of(f"{sentence} {sentence}") == [sentence, sentence]
    assert len(words_of(sentence)) <= LIMITS["fi", "layer1"].longest
