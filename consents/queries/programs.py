"""Algorithms of the register as calls name them, and who has objected to them.

The register stands a floor above: its tables are read by name, as a purpose's are.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from msgspec import json

from consents.models import PurposeDataset, Restriction
from consents.rules.programs import Program
from portal.walls import sent

_NAMED = """
SELECT a.slug, v.version, a.state,
    v.facts ->> 'deciding' = 'automated' AND coalesce(v.facts ->> 'deployed_by', '') <> '',
    (SELECT coalesce(jsonb_object_agg(p.slug, p.basis), '{}') FROM algorithms_naming n
     JOIN consents_purpose p ON p.id = n.purpose_id WHERE n.algorithm_id = a.id)::text,
    ARRAY(SELECT c.at FROM algorithms_statechange c WHERE c.algorithm_id = a.id ORDER BY c.id),
    ARRAY(SELECT c.after::text FROM algorithms_statechange c WHERE c.algorithm_id = a.id ORDER BY c.id)
FROM algorithms_algorithm a JOIN algorithms_algorithmversion v ON v.algorithm_id = a.id AND v.state = 'published'
WHERE a.slug = ANY (%s::text[])
"""
_STOPPED = """
SELECT person_id, algorithm, min(begins_at) FROM consents_restriction
WHERE person_id = ANY (%s::uuid[]) AND algorithm = ANY (%s::text[]) AND begins_at IS NOT NULL AND lifted_at IS NULL
GROUP BY person_id, algorithm
"""


def programs_named(slugs: Iterable[str]) -> Callable[[], dict[str, Program]]:
    """What reads {slug: the algorithm}, of those that have a published entry; one statement, or none for none."""
    wanted = sorted({slug for slug in slugs if slug})
    if not wanted:
        return dict
    rows = sent(_NAMED, [wanted])

    def read() -> dict[str, Program]:
        return {
            slug: Program(
                slug,
                version,
                state,
                bool(decides),
                json.decode(purposes, type=dict[str, str]),
                tuple(zip(since, after, strict=True)),
            )
            for slug, version, state, decides, purposes, since, after in rows()
        }

    return read


def stopped(persons: Collection[UUID], programs: Collection[str]) -> dict[tuple[UUID, str], datetime]:
    """{(person, algorithm): since when it may not use their data} of these; one statement, or none for no algorithm.

    Asked of nobody, it is asked all the same: how long it takes is not to tell whether somebody is known.
    """
    if not programs:
        return {}
    rows = sent(_STOPPED, [list(persons), sorted(programs)])()
    return {(person, slug): since for person, slug, since in rows}


def standing_against(person: UUID, algorithm: str) -> Restriction | None:
    """By which the person has stopped this algorithm, or asked that it be."""
    rows = Restriction.objects.filter(person_id=person, algorithm=algorithm, lifted_at=None)
    return rows.order_by("-asked_at").first()


def used_by(algorithm: str) -> dict[str, list[str]]:
    """{department: datasets} of the purposes that name this algorithm; one statement."""
    rows = PurposeDataset.objects.filter(purpose__algorithms__slug=algorithm, purpose__closed_at=None)
    found: dict[str, set[str]] = {}
    for department, dataset in rows.values_list("purpose__department__slug", "dataset__slug"):
        found.setdefault(department, set()).add(dataset)
    return {department: sorted(datasets) for department, datasets in sorted(found.items())}
