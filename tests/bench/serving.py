"""The real portal under load: granian with the floors beside it, before a city's worth of people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections

from portal.keys.indexes import blind_index
from tests.bench import bare
from tests.bench.framework import DATABASE, Portal
from tests.residents import describe_city
from tests.web import free_port, web_server

CROWD = 320_000
PURPOSE, DATASETS = "swimming-reminders", ["sports-courses"]
_PEOPLE = """
INSERT INTO people_person (id, blind_index, sealed_identity_code, sealed_names, created_at, last_signed_in_at)
SELECT gen_random_uuid(), blind_index, '', '', now(), now()
FROM (SELECT unnest(%s::bytea[]) UNION ALL SELECT sha256(n::text::bytea) FROM generate_series(%s::int, %s::int) AS n)
    AS known (blind_index)
"""
_ALLOWED = """
INSERT INTO consents_consent (id, person_id, purpose_id, text_id, recipient, state, datasets, fields, requested_at,
                              answered_at, valid_from, valid_until)
SELECT gen_random_uuid(), people_person.id, p.id, t.id, 'sports', 'given', %s,
       %s, now(), now(), now(), now() + interval '1 year'
FROM people_person, consents_purpose p JOIN consents_purposetext t ON t.purpose_id = p.id
WHERE p.slug = %s
ON CONFLICT DO NOTHING
"""
_SUBJECTS = """
INSERT INTO people_pairwisesubject (id, department, subject, person_id)
SELECT gen_random_uuid(), 'sports', substr(sha256(blind_index), 1, 16), id FROM people_person
ON CONFLICT DO NOTHING
"""


def fill(portal: Portal, codes: Sequence[str] = (), *, crowd: int = CROWD, datasets: Sequence[str] = DATASETS) -> None:
    """The city described, and so many people, those with these codes among them, who all said yes to one purpose."""
    describe_city()
    with portal.server.connect(DATABASE) as connection:
        connection.execute(bare.TABLE.encode())
    add(portal, [blind_index(code) for code in codes], 1, crowd - len(codes), datasets=datasets)


def add(portal: Portal, known: Sequence[bytes], first: int, last: int, *, datasets: Sequence[str] = DATASETS) -> None:
    """People with these blind indexes, and a crowd counted from `first` to `last`, who said yes to these datasets."""
    fields = [f"{dataset}.{name}" for dataset in datasets for name in ("course", "starts_on", "place", "visited_at")]
    with portal.server.connect(DATABASE) as connection:
        # A million rows are not asked, one by one, whether their person is there.
        connection.execute("SET session_replication_role = replica")
        connection.execute(_PEOPLE, [list(known), first, last])
        connection.execute(_ALLOWED, [list(datasets), fields, PURPOSE])
        connection.execute(_SUBJECTS)


def settle_down(portal: Portal) -> None:
    """Statistics are fresh, nothing waits to be written out, and this process holds no connection."""
    connections.close_all()
    with portal.server.connect(DATABASE) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


@contextmanager
def serving(portal: Portal) -> Iterator[str]:
    """Its address, once everything is in place."""
    settle_down(portal)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (portal.folder / "web.log").open("wb") as output:
        # The throttle counts as ever, and lets a bench go on.
        environment = {**portal.environment, "STATIC_FROM_SOURCE": "true", "PUBLIC_URL": base}
        environment["API_CALLS_PER_SECOND"] = "1000000"
        with web_server(port, environment, output, application="tests.bench.served:application"):
            yield base
