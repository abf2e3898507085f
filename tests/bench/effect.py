"""The effect of use cases: the page of all of them over 10 million uses, and the counting of 100,000 new entries.

200 cases, each with a purpose of its own, an expectation, costs and uses in 24 months, 10 million together; the log has
a million older entries besides, which nothing may read. Floors are a millisecond and a second, so that the bars are.
"""

from statistics import median
from time import perf_counter

from django.db import connections
from django.test import Client
from django.utils import timezone

from consents.usecases.actions.counting import count_uses
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, RUNS, Portal, Row
from tests.residents import describe_city

CASES, MONTHS, USES = 200, 24, 10_000_000
OLDER, NEW = 1_000_000, 100_000
PAGE_MS, ROLLUP_S = 300.0, 10.0
_TEXT = '{"name": "bench-1", "problem": "x", "gains": "x", "risks": "", "figures": "", "source": ""}'
_TEXTS = f'{{"fi": {_TEXT}, "sv": {_TEXT}, "en": {_TEXT}}}'
_PATHS = ("/fi/use-cases/effect/", "/fi/use-cases/bench-1/")
_CASES = """
WITH made AS (
    INSERT INTO usecases_case (id, slug, state, core_process, basis, department_id, texts, language, signature,
        supports, kept_here, made_at, changed_at)
    SELECT gen_random_uuid(), 'bench-' || n, 'piloted', (ARRAY['customer_relations', 'arranging_services',
        'producing_services'])[n %% 3 + 1], 'permission', (SELECT id FROM datasources_department
        ORDER BY slug OFFSET n %% 3 LIMIT 1), %(texts)s, '', '', 0, true, now(), now()
    FROM generate_series(1, %(cases)s) AS n RETURNING id, slug
), purpose AS (
    INSERT INTO consents_purpose
    SELECT (jsonb_populate_record(NULL::consents_purpose,
        one.row || jsonb_build_object('id', gen_random_uuid(), 'slug', made.slug))).*
    FROM made, (SELECT to_jsonb(p) AS row FROM consents_purpose p LIMIT 1) AS one RETURNING id, slug
), named AS (
    INSERT INTO usecases_case_purposes (case_id, purpose_id)
    SELECT made.id, purpose.id FROM made JOIN purpose USING (slug)
), said AS (
    INSERT INTO usecases_statement (id, case_id, state, texts, department, said_at)
    SELECT gen_random_uuid(), id, 'piloted', '{}'::jsonb, '', now() - interval '23 months' FROM made
), expected AS (
    INSERT INTO usecases_expectation (id, case_id, version, counted, resident_low, resident_likely, resident_high,
        staff_low, staff_likely, staff_high, euro_low, euro_likely, euro_high, uses_a_year, build_euro, yearly_euro,
        after_trial, reason, made_up, made_at)
    SELECT gen_random_uuid(), id, version, 'both', 1, 2, 3, 1, 2, 3, 1, 2, 3, 30000, 10000, 5000, false, '{}', true,
        now() - interval '2 years' FROM made, generate_series(1, 2) AS version
)
INSERT INTO usecases_cost (id, case_id, month, kind, euro, reason, made_up, entered_at)
SELECT gen_random_uuid(), id, date_trunc('month', now() - m * interval '1 month')::date, 'run', 400, 'bench', true,
    now()
FROM made, generate_series(0, %(months)s - 1) AS m
"""
_USES = """
INSERT INTO usecases_usesofmonth (id, purpose, kind, month, by_algorithm, uses, of_enough)
SELECT gen_random_uuid(), 'bench-' || n, kind, date_trunc('month', now() - m * interval '1 month')::date,
    by_algorithm, %(uses)s / (%(cases)s * %(months)s * 4), true
FROM generate_series(1, %(cases)s) AS n, generate_series(0, %(months)s - 1) AS m,
    unnest(ARRAY['disclosed', 'reported']) AS kind, unnest(ARRAY[false, true]) AS by_algorithm
"""
_BODY = (
    '{"actor":{"id":"sports","kind":"api","right":"","role":"","unit":"sports"},"at":"2026-11-%sT09:00:00.000000Z",'
    f'"commitment":"{"0" * 64}","counts":{{}},"datasets":["sports-courses"],"department":"sports",'
    f'"details":"{"x" * 160}",'
    '"id":"%s","kind":"%s","purpose":"bench-%s","reference":"","subject":"%s","v":1}'
)
# Half of the log are uses, every other of them by an algorithm, of a thousand people and of one of twenty purposes.
_ENTRIES = """
WITH made AS MATERIALIZED (
    SELECT n, uuidv7() AS id, md5((n %% 1000)::text)::uuid AS person,
        (ARRAY['consents.use_reported', 'datasources.sheet_changed', 'consents.algorithm_used',
            'datasources.sheet_changed'])[n %% 4 + 1] AS kind
    FROM generate_series(%(first)s, %(last)s) AS n
), entry AS (
    INSERT INTO ledger_entry (id, body, kind, subject, department)
    SELECT id, convert_to(format(%(body)s, lpad((n %% 28 + 1)::text, 2, '0'), id, kind, n %% 20, person), 'UTF8'),
        kind, person, 'sports'
    FROM made RETURNING id
)
INSERT INTO ledger_leaf (index, entry_id, hash, sequenced_at)
SELECT n, id, sha256(id::text::bytea), now() FROM made
"""


def rows(portal: Portal) -> list[Row]:
    """`page_ms`, the slowest of the two pages at the median, and `rollup_s`, checked against the raw count."""
    describe_city()
    told = {"cases": CASES, "months": MONTHS, "uses": USES, "texts": _TEXTS}
    with portal.server.connect(DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(_CASES.encode(), told)
        connection.execute(_USES.encode(), told)
        connection.execute(_ENTRIES.encode(), {"first": 0, "last": OLDER + NEW - 1, "body": _BODY})
        connection.execute("INSERT INTO usecases_counting (id, next_index) VALUES (1, %s)", [OLDER])
        connection.execute("VACUUM ANALYZE")
        # What was just written is not to be written out while a page is measured.
        connection.execute("CHECKPOINT")
    for path in _PATHS:
        _page_ms(path)
    page = max(median(_page_ms(path) for _ in range(RUNS)) for path in _PATHS)
    took = _rollup_s()
    connections.close_all()
    return [Row("page_ms", page, 1.0, "ms", PAGE_MS, "lower"), Row("rollup_s", took, 1.0, "s", ROLLUP_S, "lower")]


def _page_ms(path: str) -> float:
    began = perf_counter()
    answer = Client(HTTP_HOST="127.0.0.1").get(path)
    assert answer.status_code == 200, answer.status_code
    assert b"bench-1" in answer.content
    return (perf_counter() - began) * 1000


def _rollup_s() -> float:
    began, looked_at, step = perf_counter(), 0, 1
    while step:
        with scope(Role.WORKER):
            step = count_uses(at=timezone.now())
        looked_at += step
    took = perf_counter() - began
    assert looked_at == NEW, looked_at
    return took
