"""Deciding for 1,000 people and three datasets in one call, among a million answers, from the database to the decision.

`decisions_per_s`: one decision is one person and one dataset. `growth`: the time of one call at a million answers over
that at ten thousand; those asked about lie equally close together in both.
"""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from consents.models import Purpose
from consents.queries.asking import asked_and_answered
from consents.rules.deciding import decide_many
from datasources.models import Dataset
from portal.rest.models import Edition
from portal.walls import Role, pipelined, scope
from tests.bench.framework import DATABASE, Portal, Row
from tests.residents import describe_city

PEOPLE, FEW, MANY = 1_000, 10_000, 1_000_000
DATASETS = ("sports-courses", "sports-visits", "sports-bookings")
SLUG = "swimming-reminders"
_RUNS = 25
_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_FILL = """
INSERT INTO consents_consent (id, person_id, purpose_id, text_id, recipient, state, datasets, fields, requested_at,
                              answered_at, valid_from, valid_until)
SELECT gen_random_uuid(), ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, t.purpose_id, t.id, 'sports',
       CASE WHEN n %% 10 < 7 THEN 'given' WHEN n %% 10 = 7 THEN 'refused' ELSE 'requested' END,
       CASE WHEN n %% 10 < 7 THEN CASE WHEN n %% 2 = 0 THEN %(datasets)s::text[] ELSE (%(datasets)s::text[])[1:2] END
            ELSE '{}' END,
       CASE WHEN n %% 10 < 7 THEN CASE WHEN n %% 2 = 0 THEN %(fields)s::text[] ELSE (%(fields)s::text[])[1:4] END
            ELSE '{}' END,
       %(at)s::timestamptz, %(at)s::timestamptz, CASE WHEN n %% 10 < 7 THEN %(at)s::timestamptz END,
       CASE WHEN n %% 10 < 7 THEN %(until)s::timestamptz END
FROM generate_series(%(first)s::int, %(last)s::int) AS n,
     consents_purposetext t JOIN consents_purpose p ON p.id = t.purpose_id
WHERE p.slug = %(slug)s AND t.state = 'published'
"""


def rows(portal: Portal) -> list[Row]:
    """`decisions_per_s` at a million, and `growth`."""
    describe_city()
    fields = three_datasets()
    _fill(portal, 1, FEW, fields)
    few = _seconds(FEW)
    _fill(portal, FEW + 1, MANY, fields)
    many = _seconds(MANY)
    return [
        Row("decisions_per_s", PEOPLE * len(DATASETS) / many, 1.0, "/s", 300_000, "higher"),
        Row("growth", many, few, "s", 1.2, "lower"),
    ]


def three_datasets() -> list[str]:
    """The purpose uses three datasets, two fields each, needed or optional."""
    covered = []
    with scope(Role.STAFF, departments=["*"]):
        purpose = Purpose.objects.get(slug=SLUG)
        for slug in DATASETS:
            dataset = Dataset.objects.get(slug=slug)
            names = list(dataset.fields.values_list("slug", flat=True)[:2])
            purpose.datasets.update_or_create(dataset=dataset, defaults={"needed": names[:1], "optional": names[1:]})
            covered += [f"{slug}.{name}" for name in names]
    return covered


def _fill(portal: Portal, first: int, last: int, fields: list[str]) -> None:
    told = {"first": first, "last": last, "slug": SLUG, "datasets": list(DATASETS), "fields": fields}
    with portal.server.connect(DATABASE) as connection:
        connection.execute(_FILL, told | {"at": _NOW - timedelta(days=1), "until": _NOW + timedelta(days=300)})
        connection.execute("VACUUM ANALYZE consents_consent")


def _seconds(total: int) -> float:
    """The median of one call, its scope and its reading included; other people each time."""
    found, edition = [], Edition.objects.get().number
    for turn in range(_RUNS + 2):
        first = 1 + (turn * PEOPLE * 7) % (total - PEOPLE)
        people = [UUID(f"018f0000-0000-7000-8000-{n:012x}") for n in range(first, first + PEOPLE)]
        began = perf_counter()
        with pipelined(), scope(Role.API, persons=people):
            read = asked_and_answered(SLUG, edition=edition)()
            assert read is not None
            facts, consents, held_back = read
            answers = [consents.get(person.int) for person in people]
            placed = enumerate(people) if held_back else ()
            holds = {place: held_back[person.int] for place, person in placed if person.int in held_back}
            told = decide_many(facts, DATASETS, answers, holds, recipient="sports", at=_NOW)
        found.append(perf_counter() - began)
        allowed = sum(each.allowed for decided in told for each in decided)
        assert allowed == PEOPLE * 18 // 10, allowed
    return median(found[2:])
