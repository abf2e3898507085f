"""What cases were expected to bring and what is counted of it: one statement, however many cases and uses."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from msgspec import json

from consents.usecases.enums import CaseState
from consents.usecases.models import Case, Cost, Expectation, Statement
from consents.usecases.rules.effect import Counted, Effect, Expected, Range, Spent
from portal.walls import sent

# A use counts once, for one case: of those that name its purpose, the one that first said what it expects.
_EFFECTS = """
WITH whose AS MATERIALIZED (
    SELECT DISTINCT ON (p.slug) p.slug, c.id
    FROM usecases_case_purposes named
    JOIN consents_purpose p ON p.id = named.purpose_id
    JOIN usecases_case c ON c.id = named.case_id AND c.removed_at IS NULL
    LEFT JOIN usecases_expectation e ON e.case_id = c.id AND e.version = 1
    ORDER BY p.slug, e.made_at NULLS LAST, c.made_at, c.id
), began AS MATERIALIZED (
    SELECT case_id, min(said_at) AS at FROM usecases_statement
    WHERE state = 'piloted' AND case_id = ANY (%s::uuid[]) GROUP BY case_id
), versions AS MATERIALIZED (
    SELECT case_id, json_agg(to_json(e) ORDER BY version) AS told FROM usecases_expectation e
    WHERE case_id = ANY (%s::uuid[]) GROUP BY case_id
), used AS MATERIALIZED (
    SELECT whose.id AS case_id, json_agg(json_build_array(u.month, u.kind, u.uses, u.of_enough, u.by_algorithm)) AS told
    FROM whose JOIN usecases_usesofmonth u ON u.purpose = whose.slug
    WHERE whose.id = ANY (%s::uuid[]) GROUP BY whose.id
), costs AS MATERIALIZED (
    SELECT case_id, json_agg(json_build_array(month, kind, euro, made_up)) AS told FROM (
        SELECT DISTINCT ON (case_id, month, kind) case_id, month, kind, euro, made_up FROM usecases_cost
        WHERE case_id = ANY (%s::uuid[]) ORDER BY case_id, month, kind, entered_at DESC, id DESC
    ) AS newest GROUP BY case_id
)
SELECT c.id, began.at, versions.told::text, used.told::text, costs.told::text
FROM unnest(%s::uuid[]) AS c (id)
LEFT JOIN began ON began.case_id = c.id LEFT JOIN versions ON versions.case_id = c.id
LEFT JOIN used ON used.case_id = c.id LEFT JOIN costs ON costs.case_id = c.id
"""


def effects(cases: Iterable[Case], language: str, *, today: date) -> Mapping[UUID, Effect]:
    """{case: its effect until today}; reasons in this language. One statement."""
    ids = [case.pk for case in cases]
    rows = sent(_EFFECTS, [ids] * 5)()
    return {row[0]: _effect(row[1:], language, today) for row in rows}


def _effect(row: Sequence[Any], language: str, today: date) -> Effect:
    began, versions, uses, costs = row
    return Effect(
        [_expected(each, language) for each in json.decode(versions or "[]")],
        # Read into what they are at once: there may be ten thousand of them.
        json.decode(uses or "[]", type=list[Counted]),
        json.decode(costs or "[]", type=list[Spent]),
        since=localdate(began) if began else None,
        today=today,
    )


def _expected(row: Mapping[str, Any], language: str) -> Expected:
    made = parse_datetime(row["made_at"])
    assert made is not None  # noqa: S101 - a column that is never empty
    return Expected(
        version=row["version"],
        on=localdate(made),
        counted=row["counted"],
        resident=_range(row, "resident"),
        staff=_range(row, "staff"),
        euro=_range(row, "euro"),
        uses_a_year=row["uses_a_year"],
        build_euro=row["build_euro"],
        yearly_euro=row["yearly_euro"],
        after_trial=row["after_trial"],
        made_up=row["made_up"],
        reason=row["reason"].get(language, ""),
    )


def _range(row: Mapping[str, Any], what: str) -> Range:
    return Range(*(float(row[f"{what}_{bound}"]) for bound in ("low", "likely", "high")))


def newest_expectation(case: Case) -> Expectation | None:
    """What is expected now."""
    return Expectation.objects.filter(case=case).order_by("-version").first()


def costs_of(case: Case) -> list[Cost]:
    """Every cost that was ever entered, the newest first."""
    return list(Cost.objects.filter(case=case).order_by("-entered_at", "-pk"))


def was_tried(case: Case) -> bool:
    """Its trial has begun at some time."""
    return Statement.objects.filter(case=case, state=CaseState.PILOTED).exists()


def kept_cases() -> list[Case]:
    """Every case that staff keep, with its department. One statement."""
    return list(Case.objects.filter(removed_at=None, language="").select_related("department").order_by("slug"))


def not_kept() -> int:
    """How many proposals still stand in a resident's own words."""
    return Case.objects.filter(removed_at=None).exclude(language="").count()
