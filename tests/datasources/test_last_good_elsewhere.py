"""Whatever X-Road or a database does, a pull ends in a sentence, and the last good sheets stay."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from datasources.actions.pulls import pull_source
from datasources.enums import ConnectorKind
from datasources.models import Pull, PullKind, PullState, Sheet, Source
from datasources.protocol import Limits
from datasources.queries.sources import secrets_place
from portal.keys.seals import seal_by_ring
from portal.walls import Role, scope
from tests.datasources import misbehaving as bad
from tests.datasources import xroad_service as xroad
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, source

LOANS = "library-loans"
FEES = "early-education-fee-decisions"


def pull(slug: str, minutes: int = 0, *, statement: float = 3) -> Pull:
    at, limits = NIGHT + timedelta(minutes=minutes), Limits(connect=1, answer=1, statement=statement)
    return pull_source(source(slug).pk, kind=PullKind.BY_HAND, by=BY, at=at, limits=limits)


def held(dataset: str) -> list[bytes]:
    with scope(Role.WORKER):
        return [bytes(sheet.digest) for sheet in Sheet.objects.filter(dataset__slug=dataset)]


@pytest.fixture
def server(catalogue: None) -> Iterator[xroad.SecurityServer]:
    """The library, behind X-Road, with Raili's loans in the sheets."""
    ends = xroad.Ends()
    own = xroad.AUTHORITY.pair("security server")
    with bad.served(xroad.SecurityServer(own, xroad.AUTHORITY.certificate)) as running:
        running.items = [{"code": CODES["raili"], "course": "Kalevala"}]
        secrets = {"certificate": ends.ours.certificate, "private_key": ends.ours.key}
        told = {
            "kind": ConnectorKind.XROAD,
            "settings": {
                "url": running.url, "client": xroad.CLIENT, "service": xroad.SERVICE, "user": "FImydata",
                "ca": ends.ca,
            },
            "sealed_secrets": seal_by_ring("sources", json.dumps(secrets).encode(), aad=secrets_place("library")),
            "mapping": {LOANS: xroad.MAPPING["courses"]},
        }  # fmt: skip
        with scope(Role.STAFF, departments=["*"]):
            Source.objects.filter(slug="library").update(**told)
        arrive("raili")
        done = pull("library")
        assert (done.error, done.changed) == ("", 1)
        yield running


@pytest.mark.parametrize("misbehave", [bad.page, bad.half, bad.hundred_megabytes, bad.hanging])
def test_what_xroad_brought_stays(server: xroad.SecurityServer, misbehave: bad.Misbehaviour) -> None:
    before = held(LOANS)
    server.misbehave = misbehave
    failed = pull("library", 1)
    assert (failed.state, held(LOANS)) == (PullState.FAILED, before)
    assert (failed.error != "", CODES["raili"] in failed.error) == (True, False)


def test_an_error_of_xroad_itself_leaves_what_it_brought(server: xroad.SecurityServer) -> None:
    before = held(LOANS)
    server.error = (500, "Server.ServerProxy.NetworkError")
    failed = pull("library", 1)
    assert (failed.state, held(LOANS)) == (PullState.FAILED, before)
    assert "could not carry the request" in failed.error


@pytest.mark.usefixtures("catalogue")
def test_a_field_that_a_database_lost_is_named_and_its_sheets_stay(city: City) -> None:
    arrive("mikael")
    pull("early-education")
    before = held(FEES)
    assert before
    city.early_education.execute("ALTER TABLE fee_decision RENAME COLUMN total_cents TO whole_cents")
    try:
        failed = pull("early-education", 1)
    finally:
        city.early_education.execute("ALTER TABLE fee_decision RENAME COLUMN whole_cents TO total_cents")
    assert (failed.state, held(FEES)) == (PullState.FAILED, before)
    assert f"{FEES}: The database has no fee_decision.total_cents any more." in failed.error
    # The other datasets of the same database were read.
    assert failed.unchanged > 0


@pytest.mark.usefixtures("catalogue")
def test_a_field_of_100_megabytes_is_not_taken_and_the_rest_is(city: City) -> None:
    database, people = city.early_education, ("mikael", "raili")
    database.execute("CREATE TABLE letter (code text, body text)")
    try:
        database.execute("GRANT SELECT ON letter TO PUBLIC")
        for slug in people:
            arrive(slug)
            database.execute("INSERT INTO letter VALUES (%s, 'short')", [CODES[slug]])
        mapping = {FEES: {"table": "letter", "key": "letter.code", "columns": {"total_cents": "letter.body"}}}
        with scope(Role.STAFF, departments=["*"]):
            Source.objects.filter(slug="early-education").update(mapping=mapping)
        assert pull("early-education").changed == len(people)
        before = held(FEES)
        database.execute("UPDATE letter SET body = repeat('x', 100 << 20) WHERE code = %s", [CODES["mikael"]])
        database.execute("UPDATE letter SET body = 'longer' WHERE code = %s", [CODES["raili"]])
        done = pull("early-education", 1, statement=60)
    finally:
        database.execute("DROP TABLE letter")
    assert (done.changed, done.removed, done.rejected) == (1, 0, 1), done.error
    assert len(set(before) & set(held(FEES))) == 1
    assert "More than 32 MB each is held about some people (1)." in done.error
