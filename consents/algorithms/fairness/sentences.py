"""The figures in plain sentences, in the language of the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from consents.algorithms.fairness.intervals import Range
from consents.algorithms.fairness.judging import Change, Compared, Drift, Finding, Verdict
from consents.algorithms.fairness.plans import GroupColumn, Measure, Plan, Words

MEASURES: Mapping[str, str | Promise] = {
    Measure.PARITY: _("Equal shares"),
    Measure.OPPORTUNITY: _("Equal chance for those for whom yes is right"),
    Measure.ODDS: _("Equally few mistakes (equalised odds)"),
    Measure.CALIBRATION: _("Scores that come true alike"),
}
FINDINGS: Mapping[str, str | Promise] = {
    Finding.WITHIN: _("within the limit"),
    Finding.OVER: _("over the limit"),
    Finding.MAY_BE_CHANCE: _("over the limit, but it may be chance"),
    Finding.TOO_LITTLE: _("not enough data"),
}
VERDICTS: Mapping[str, str | Promise] = {
    Verdict.PASSED: _("The groups were treated within the limits that were fixed beforehand."),
    Verdict.FAILED: _("The groups were treated more unequally than the limits allow that were fixed beforehand."),
    Verdict.TOO_LITTLE: _("There is not enough data to tell whether the groups were treated within the limits."),
}
_CHANGES: Mapping[str, str | Promise] = {
    Change.WORSE: _("The groups lie further apart than the last time, by more than chance."),
    Change.BETTER: _("The groups lie closer together than the last time, by more than chance."),
    Change.CHANCE: _("The change since the last time may be chance."),
}
_IN_HUNDRED = _("Of 100 %(least)s %(few)s %(done)s, of 100 %(most)s %(many)s.")
_IN_THOUSAND = _("Of 1,000 %(least)s %(few)s %(done)s, of 1,000 %(most)s %(many)s.")
_RIGHT = _("Of 100 %(least)s for whom yes was right %(few)s %(done)s, of 100 %(most)s %(many)s.")
_WRONG = _("Of 100 %(least)s for whom no was right %(few)s %(done)s, of 100 %(most)s %(many)s.")
_BASE = _("Yes was right for %(few)s of 100 %(least)s and for %(many)s of 100 %(most)s.")
_SCORE = _("%(groups)s: where the score said %(promised)s of 100, %(seen)s of 100 came true.")
_RARE = 0.02


def in_language(words: Words) -> str:
    """The words of the page's language."""
    return words.get((get_language() or "en")[:2], words["en"])


def group_words(group: GroupColumn, values: Sequence[str]) -> str:
    """The names of the groups that are told together, with an "and" between."""
    return gettext(" and ").join(in_language(group.labels[value]) for value in values)


def chance(around: Range) -> str:
    """Whether a difference may be chance."""
    if around.low <= 0 <= around.high:
        return gettext("The difference may be chance.")
    return gettext("The difference is hardly chance.")


def parity_sentence(plan: Plan, group: GroupColumn, row: Mapping[str, Any]) -> str:
    """The two groups that lie furthest apart."""
    told = row["parity"]
    if not told:
        return not_enough(plan)
    rates = {tuple(each["groups"]): each["rate"] for each in row["selection"]}
    few, many = rates[tuple(told["least"])], rates[tuple(told["most"])]
    rare = many < _RARE
    words = _words(plan, group, told, few, many, of=1000 if rare else 100)
    said = str(_IN_THOUSAND if rare else _IN_HUNDRED) % words
    return f"{capfirst(said)} {chance(Range(told['difference'], told['low'], told['high']))}"


def odds_sentences(plan: Plan, group: GroupColumn, row: Mapping[str, Any]) -> list[str]:
    """Of those for whom yes was right, and of those for whom no was."""
    if not row["odds"]:
        return [not_enough(plan)]
    said = []
    for name, sentence in (("tpr", _RIGHT), ("fpr", _WRONG)):
        told = row["odds"][name]
        rates = {tuple(each["groups"]): each["rate"] for each in row[name]}
        words = _words(plan, group, told, rates[tuple(told["least"])], rates[tuple(told["most"])])
        apart = chance(Range(told["difference"], told["low"], told["high"]))
        said.append(f"{str(sentence) % words} {apart}")
    return said


def base_sentence(plan: Plan, group: GroupColumn, row: Mapping[str, Any]) -> str:
    """For whom yes was right least and most often; "" where that is not told."""
    if len(row["base"]) <= 1:
        return ""
    ends = sorted(row["base"], key=lambda each: (each["rate"], each["groups"]))
    told = {"least": ends[0]["groups"], "most": ends[-1]["groups"]}
    return str(_BASE) % _words(plan, group, told, ends[0]["rate"], ends[-1]["rate"])


def score_sentences(group: GroupColumn, row: Mapping[str, Any], counts: Mapping[str, Any]) -> list[str]:
    """For each group the part of the score that comes true least well."""
    said = []
    promised = {
        (tuple(each["groups"]), part["from"]): part["mean_score"]
        for each in counts["calibration"]
        for part in each["bins"]
    }
    for gap in (row["calibration"] or {"gaps": []})["gaps"]:
        mean = promised[tuple(gap["groups"]), gap["from"]]
        words = {
            "groups": capfirst(group_words(group, gap["groups"])),
            "promised": _of(mean),
            "seen": _of(mean + gap["gap"]),
        }
        said.append(str(_SCORE) % words)
    return said


def not_enough(plan: Plan) -> str:
    """Too few people for a number."""
    told = gettext("Not enough data: numbers are told of groups of at least %(least)s people.")
    return told % {"least": plan.least}


def limit_text(plan: Plan, measure: Measure) -> str:
    """The limit of a measure, as it was fixed."""
    limits = plan.limits
    if measure is Measure.PARITY:
        told = gettext(
            "at most %(apart)s of 100 apart, and the lowest share at least %(ratio)s hundredths of the highest"
        )
        return told % {"apart": _of(limits.difference), "ratio": _of(limits.ratio)}
    apart = limits.calibration if measure is Measure.CALIBRATION else limits.odds
    return gettext("at most %(apart)s of 100 apart") % {"apart": _of(apart)}


def drift_sentence(plan: Plan, group: GroupColumn, told: Drift) -> str:
    """How far apart now and the last time, and whether that may be chance."""
    words = {
        "groups": capfirst(in_language(group.name)),
        "measure": str(MEASURES[told.measure]).lower(),
        "now": _of(told.now.value),
        "before": _of(told.before.value),
    }
    said = gettext("%(groups)s, %(measure)s: %(now)s of 100 apart now, %(before)s of 100 the last time.") % words
    return f"{said} {_CHANGES[told.change]}"


def compared_columns(plan: Plan, told: Compared) -> str:
    """The names of the columns that are compared, two of them where they cross."""
    names = {each.column: in_language(each.name) for each in plan.groups}
    return capfirst(" × ".join(names[column] for column in told.columns))


def _words(
    plan: Plan, group: GroupColumn, told: Mapping[str, Any], few: float, many: float, *, of: int = 100
) -> dict[str, str]:
    least, most = (group_words(group, told[name]) for name in ("least", "most"))
    return {
        "least": least,
        "most": most,
        "few": _of(few, of),
        "many": _of(many, of),
        "done": in_language(plan.done),
    }


def _of(rate: float, of: int = 100) -> str:
    return str(round(rate * of))
