"""An evaluation as its page shows it, to everyone and to staff before that: sentences, charts and tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from consents.algorithms.fairness.charts import Chart, Share, chart_of
from consents.algorithms.fairness.judging import Verdict, compared, drift
from consents.algorithms.fairness.plans import GroupColumn, Measure, Plan, plan_of
from consents.algorithms.fairness.sentences import (
    FINDINGS,
    MEASURES,
    VERDICTS,
    base_sentence,
    compared_columns,
    drift_sentence,
    group_words,
    in_language,
    limit_text,
    not_enough,
    odds_sentences,
    parity_sentence,
    score_sentences,
)
from consents.algorithms.models import Evaluation


@dataclass(frozen=True)
class Row:
    """One line of a table: the group, and a text for each measure; "" stands for not enough data."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The groups of one column. `alone` are those too small for a number of their own."""

    name: str
    sentences: tuple[str, ...]
    chart: Chart | None
    chart_title: str
    rows: tuple[Row, ...]
    alone: str
    ground: str


@dataclass(frozen=True)
class Crossed:
    """Two columns that cross: of those pairs of groups that may be told."""

    name: str
    sentence: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Judged:
    """A measure, what it was applied to, its limit and what came of it; `decides` when the plan lets it."""

    measure: str
    columns: str
    limit: str
    finding: str
    decides: bool


@dataclass(frozen=True)
class Told:
    """The whole."""

    verdict: str
    passed: bool
    failed: bool
    about: str
    why: str
    everyone: str
    parts: tuple[Part, ...]
    crossings: tuple[Crossed, ...]
    judged: tuple[Judged, ...]
    drift: tuple[str, ...]
    measures: tuple[str, ...]


def told_of(row: Evaluation, before: Evaluation | None) -> Told:
    """Of one that was counted, in the language of the page."""
    plan, figures, counts = plan_of(row.plan), row.figures or {}, row.counts or {}
    return Told(
        verdict=str(VERDICTS[row.verdict]),
        passed=row.verdict == Verdict.PASSED,
        failed=row.verdict == Verdict.FAILED,
        about=in_language(plan.about),
        why=in_language(plan.why),
        everyone=_everyone(plan, counts["everyone"]),
        parts=tuple(
            _part(plan, group, *each)
            for group, *each in zip(plan.groups, figures["columns"], counts["columns"], strict=True)
        ),
        crossings=tuple(_crossed(plan, each) for each in figures["crossings"]),
        judged=tuple(_judged(plan, figures)),
        drift=tuple(_drift(plan, figures, before)),
        measures=tuple(str(MEASURES[each]) for each in plan.judged),
    )


def _everyone(plan: Plan, counts: Mapping[str, int]) -> str:
    words = {"n": _number(counts["n"]), "selected": _number(counts["selected"]), "done": in_language(plan.done)}
    return gettext("Of %(n)s people %(selected)s %(done)s.") % words


def _part(plan: Plan, group: GroupColumn, figures: Mapping[str, Any], counts: Mapping[str, Any]) -> Part:
    sentences = [parity_sentence(plan, group, figures), *odds_sentences(plan, group, figures)]
    sentences += [base_sentence(plan, group, figures)] if figures["base"] else []
    if plan.score:
        sentences += score_sentences(group, figures, counts)
    shares = [
        Share(capfirst(group_words(group, each["groups"])), _share(each), each["rate"], each["low"], each["high"])
        for each in figures["selection"]
    ]
    return Part(
        name=capfirst(in_language(group.name)),
        sentences=tuple(dict.fromkeys(each for each in sentences if each)),
        chart=chart_of(shares) if shares else None,
        chart_title=gettext("How many of 100 %(done)s, by group") % {"done": in_language(plan.done)},
        rows=tuple(_rows(figures, lambda values: group_words(group, values))),
        alone=_alone(group, figures["selection"]),
        ground=f"GDPR {group.ground}: {in_language(group.ground_why)}" if group.ground else "",
    )


def _alone(group: GroupColumn, selection: Sequence[Mapping[str, Any]]) -> str:
    """The groups that have no number of their own, with commas between."""
    told = {value for each in selection for value in each["groups"] if len(each["groups"]) == 1}
    return ", ".join(in_language(words) for value, words in group.labels.items() if value not in told)


def _rows(figures: Mapping[str, Any], words: Any) -> Iterator[Row]:
    """Every block that is told of anything, with its shares; people told together only with others stand so."""
    by_measure = [
        {_key(each["groups"]): _share(each) for each in figures[name]}
        for name in ("selection", "tpr", "fpr", "precision")
    ]
    groups = {_key(each["groups"]): each["groups"] for name in ("selection", "tpr") for each in figures[name]}
    for key, values in groups.items():
        yield Row(capfirst(words(values)), tuple(each.get(key, "") for each in by_measure))


def _key(groups: Sequence[Any]) -> str:
    return repr(groups)


def _share(told: Mapping[str, Any]) -> str:
    """ "31 (28–34)": of a hundred, with the interval; "" where there is not enough data."""
    if told["rate"] is None:
        return ""
    of_hundred = [f"{told[name] * 100:.0f}" for name in ("rate", "low", "high")]
    return "{} ({}–{})".format(*of_hundred)


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")


def _crossed(plan: Plan, figures: Mapping[str, Any]) -> Crossed:
    first, second = (next(each for each in plan.groups if each.column == name) for name in figures["columns"])

    def words(pair: Sequence[Sequence[str]]) -> str:
        return f"{group_words(first, pair[0])} · {group_words(second, pair[1])}"

    name = capfirst(f"{in_language(first.name)} × {in_language(second.name)}")
    rows = tuple(_rows(figures, words))
    return Crossed(name, "" if rows else not_enough(plan), rows)


def _judged(plan: Plan, figures: Mapping[str, Any]) -> Iterator[Judged]:
    for each in compared(figures, plan):
        limit = limit_text(plan, Measure(each.measure))
        yield Judged(
            str(MEASURES[each.measure]), compared_columns(plan, each), limit, str(FINDINGS[each.finding]), each.judged
        )


def _drift(plan: Plan, figures: Mapping[str, Any], before: Evaluation | None) -> Iterator[str]:
    if before is None or before.figures is None:
        return
    groups = {each.column: each for each in plan.groups}
    for each in drift(figures, before.figures):
        yield drift_sentence(plan, groups[each.columns[0]], each)
