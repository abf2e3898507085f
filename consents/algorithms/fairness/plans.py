"""What is judged, by which measure and why, fixed before anybody has seen a figure: pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LANGUAGES = ("fi", "sv", "en")
# Below this a group's figures are chance, and a step towards its people.
LEAST = 30
MOST_COLUMNS, MOST_GROUPS = 4, 20
COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
Words = Mapping[str, str]


class Measure(StrEnum):
    """What two groups may be compared by."""

    PARITY = "parity"
    OPPORTUNITY = "opportunity"
    ODDS = "odds"
    CALIBRATION = "calibration"


class Ground(StrEnum):
    """On which ground special-category data may be used to look for discrimination (GDPR 9(2)); "" where it is none."""

    NOT_SPECIAL = ""
    CONSENT = "9(2)(a)"
    PUBLIC_INTEREST = "9(2)(g)"
    STATISTICS = "9(2)(j)"


class PlanFlaw(StrEnum):
    """Why a plan cannot stand."""

    NOTHING_JUDGED = "nothing_judged"
    NO_GROUPS = "no_groups"
    COLUMN_NAME = "column_name"
    COLUMN_TWICE = "column_twice"
    TOO_FEW_GROUPS = "too_few_groups"
    TOO_MANY_GROUPS = "too_many_groups"
    NO_WORDS = "no_words"
    NO_GROUND = "no_ground"
    NO_SCORE = "no_score"
    LIMIT = "limit"


# Names of columns, in the three languages, that tell what GDPR 9(1) lists; the plan has to say on which ground.
_SPECIAL = re.compile(
    r"health|terve|hälsa|halsa|sairau|diagnos|disab|vamma|handikapp|funktions|relig|usko|ethnic|etni|kielivähemmistö"
    r"|race|rotu|political|poliit|union|ammattiliit|fack|sexual|seksuaal|sexuell|genet|biomet",
    re.IGNORECASE,
)


class NotAPlan(Exception):
    """The plan cannot stand as it is."""

    def __init__(self, flaw: PlanFlaw, column: str = "") -> None:
        super().__init__(flaw.value)
        self.flaw, self.column = flaw, column


@dataclass(frozen=True)
class GroupColumn:
    """A column that tells the group: its name in each language, and the words for each value that it may hold."""

    column: str
    name: Words
    labels: Mapping[str, Words]
    ground: str = Ground.NOT_SPECIAL
    ground_why: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """How far groups may lie apart. Differences are in shares, 0.1 being ten of a hundred; the ratio is four fifths."""

    difference: float = 0.1
    ratio: float = 0.8
    odds: float = 0.1
    calibration: float = 0.1


@dataclass(frozen=True)
class Plan:
    """`why` argues the measures; `about` says what is judged; `done` completes "Of 100 people 31 …": *were invited*.

    `outcome`, `truth` and `score` name columns; `score` is "" where the program gives none.
    """

    judged: tuple[Measure, ...]
    limits: Limits
    groups: tuple[GroupColumn, ...]
    outcome: str
    truth: str
    score: str
    about: Words
    done: Words
    why: Words
    least: int = LEAST
    crossings: bool = True
    again_after_days: int = 365

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the file has, and no other."""
        found = (self.outcome, self.truth, self.score, *(each.column for each in self.groups))
        return tuple(name for name in found if name)


def plan_json(plan: Plan) -> dict[str, Any]:
    """As it is stored, published and hashed."""
    return asdict(plan) | {"judged": [each.value for each in plan.judged]}


def plan_of(told: Mapping[str, Any]) -> Plan:
    """What `plan_json` gave."""
    plain = {name: value for name, value in told.items() if name not in {"judged", "limits", "groups"}}
    groups = tuple(GroupColumn(**each) for each in told["groups"])
    judged = tuple(Measure(each) for each in told["judged"])
    return Plan(judged=judged, limits=Limits(**told["limits"]), groups=groups, **plain)


def hold(plan: Plan) -> None:
    """NotAPlan, with the column where there is one."""
    if not plan.judged:
        raise NotAPlan(PlanFlaw.NOTHING_JUDGED)
    if not 0 < len(plan.groups) <= MOST_COLUMNS:
        raise NotAPlan(PlanFlaw.NO_GROUPS)
    if Measure.CALIBRATION in plan.judged and not plan.score:
        raise NotAPlan(PlanFlaw.NO_SCORE)
    if not all(_whole(words) for words in (plan.about, plan.done, plan.why)):
        raise NotAPlan(PlanFlaw.NO_WORDS)
    _hold_limits(plan)
    _hold_columns(plan)
    for group in plan.groups:
        _hold_group(group)


def _whole(words: Words) -> bool:
    return all(words.get(language, "").strip() for language in LANGUAGES)


def _hold_limits(plan: Plan) -> None:
    shares = (plan.limits.difference, plan.limits.ratio, plan.limits.odds, plan.limits.calibration)
    if plan.least < LEAST or not all(0 < each < 1 for each in shares) or plan.again_after_days < 1:
        raise NotAPlan(PlanFlaw.LIMIT)


def _hold_columns(plan: Plan) -> None:
    for name in plan.columns:
        if not COLUMN.fullmatch(name):
            raise NotAPlan(PlanFlaw.COLUMN_NAME, name)
        if plan.columns.count(name) > 1:
            raise NotAPlan(PlanFlaw.COLUMN_TWICE, name)


def _hold_group(group: GroupColumn) -> None:
    if len(group.labels) <= 1:
        raise NotAPlan(PlanFlaw.TOO_FEW_GROUPS, group.column)
    if len(group.labels) > MOST_GROUPS:
        raise NotAPlan(PlanFlaw.TOO_MANY_GROUPS, group.column)
    if not all(_whole(words) for words in (group.name, *group.labels.values())):
        raise NotAPlan(PlanFlaw.NO_WORDS, group.column)
    told = " ".join((group.column, *group.name.values()))
    if group.ground == Ground.NOT_SPECIAL:
        if _SPECIAL.search(told):
            raise NotAPlan(PlanFlaw.NO_GROUND, group.column)
    elif not _whole(group.ground_why):
        raise NotAPlan(PlanFlaw.NO_GROUND, group.column)
