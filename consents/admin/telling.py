"""What the lint and the steps say, in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.forms import LABELS, LANGUAGE_NAMES
from consents.lint import SENTENCE, Finding, Report, Rule
from consents.lint.limits import LAYERS, LIMITS, MOST_WORDS
from consents.publishing import faults

_LAYER_NAMES: Mapping[str, Any] = {"layer1": _("The question"), "layer2": _("More about this")}
_OF_FAULT: Mapping[type[faults.PublishingFault], Any] = {
    faults.SavedMeanwhile: _("Someone saved this text after you opened it. What you wrote was not saved."),
    faults.NotNow: _("The text has gone on meanwhile, and this can no longer be done."),
    faults.NotYours: _("Only staff of the department that asks may do this."),
    faults.NotTheOfficer: _("Only a data protection officer may approve a text or send it back."),
    faults.OwnText: _("Whoever wrote or sent a text does not approve it: two people read it."),
    faults.ReasonMissing: _("Write what is to be mended."),
    faults.UnderWay: _("Another version of this text is under way."),
    faults.AsksOtherwise: _("A clarification asks for the same data as before; asking for other data is a change."),
    faults.NoSuchData: _("The text asks for data that the catalogue does not have."),
    faults.PartsAstray: _("All data that can be given stands in one part each, and none of it is needed."),
    faults.PurposeClosed: _("The purpose is closed."),
    faults.LintFailed: _("The text does not pass its checks. What is to be mended is listed below."),
}  # fmt: skip


def fault_text(fault: faults.PublishingFault) -> str:
    """A sentence for whoever pressed."""
    return str(_OF_FAULT[type(fault)])


@dataclass(frozen=True)
class Said:
    """One finding: where (with the id of its field, when it has one) and what."""

    where: str
    field: str
    sentence: str


@dataclass(frozen=True)
class Measured:
    """One language's layer: each is a value and its limit."""

    language: Any
    layer: Any
    words: tuple[int, int | None]
    mean: tuple[str, str]
    longest: tuple[int, int]
    index: str


@dataclass(frozen=True)
class Told:
    """A report as the page shows it."""

    score: int
    passes: bool
    blocking: list[Said]
    advice: list[Said]
    measures: list[Measured]


def said(finding: Finding) -> Said:
    """In the language of the page."""
    part = LABELS.get(finding.part) or _LAYER_NAMES.get(finding.part)
    where = [str(word) for word in (part, LANGUAGE_NAMES.get(finding.language)) if word]
    field = f"id_{finding.language}_{finding.part}" if finding.part in LABELS else ""
    return Said(", ".join(where), field, gettext(SENTENCE[finding.rule]) % finding.facts)


def _index(language: str, layer: str, report: Report) -> str:
    """The one gate of the language, with its limit."""
    measures, limits = report.measures[language, layer], LIMITS[language, layer]
    gates = {
        Rule.LONG_WORDS: (gettext("long words"), f"{measures.long_share:.1f} %", limits.long_share),
        Rule.LIX: ("LIX", f"{measures.lix:.0f}", limits.lix),
        Rule.GRADE: (gettext("years of school"), f"{max(0, measures.grade):.1f}", limits.grade),
    }
    return "; ".join(f"{name} {value} / {limit:g}" for name, value, limit in gates.values() if limit is not None)


def told(report: Report) -> Told:
    """Everything the fragment shows."""
    measures = [
        Measured(
            language=LANGUAGE_NAMES[language],
            layer=_LAYER_NAMES[layer],
            words=(found.words, MOST_WORDS[language] if layer == "layer1" else None),
            mean=(f"{found.mean:.1f}", f"{LIMITS[language, layer].mean:g}"),
            longest=(found.longest, LIMITS[language, layer].longest),
            index=_index(language, layer, report),
        )
        for language in LANGUAGE_NAMES
        for layer in LAYERS
        for found in [report.measures[language, layer]]
    ]
    return Told(
        score=report.score,
        passes=report.passes,
        blocking=[said(each) for each in report.findings if each.blocks],
        advice=[said(each) for each in report.findings if not each.blocks],
        measures=measures,
    )
