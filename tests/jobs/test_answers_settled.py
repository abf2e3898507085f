"""After a purpose is closed: a real bell and a real Celery worker end its answers, and tell the recipient's systems."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from psycopg import Connection

from consents.publishing.versions import close_purpose
from portal.ledger.actor import Actor, ActorKind, Right
from portal.walls import Role, scope
from tests import portal_server
from tests.consents.asked import Asked
from tests.residents import arrived

KEEPER = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="sports", role="keeper")
JOBS = "SELECT name, count(*) FROM jobs_job WHERE done_at IS NOT NULL AND error = '' GROUP BY name ORDER BY name"
STATES = "SELECT state, count(*) FROM consents_consent WHERE purpose_id = %s GROUP BY state"
TOLD = """
SELECT a.department, a.kind, t.system IS NOT NULL, a.number IS NOT NULL
FROM consents_announcement a LEFT JOIN consents_telling t ON t.announcement_id = a.id ORDER BY a.number
"""


@pytest.fixture
def at_work(loaded_city: None, committed_db: str, tmp_path: Path) -> Iterator[Path]:
    """The bell, the sequencer and a worker on this test's own database."""
    key = tmp_path / "sports.json"
    call_command("make_client", "sports", "--scopes", "changes:read", "--out", str(key))
    log = tmp_path / "work.log"
    with log.open("wb") as output, portal_server.at_work(dict(os.environ), output, tmp_path):
        yield log


def settled(superuser: Connection, purpose: object, wanted: list[tuple[str, int]], log: Path) -> None:
    """Wait until the answers stand so; AssertionError with the end of the log after a minute."""
    deadline = time.monotonic() + 60
    found: list[tuple[str, int]] = []
    while time.monotonic() < deadline and found != wanted:
        time.sleep(0.2)
        found = superuser.execute(STATES, [purpose]).fetchall()
    assert found == wanted, log.read_text()[-2000:]


def test_a_worker_ends_every_answer_and_tells_the_recipient(at_work: Path, superuser: Connection) -> None:
    asked = Asked(at=timezone.now(), person=arrived())
    asked.give(at=timezone.now())
    with scope(Role.STAFF, departments=["sports"]):
        close_purpose(asked.purpose.pk, by=KEEPER, at=timezone.now())
    settled(superuser, asked.purpose.pk, [("terminated", 1)], at_work)
    wanted = [("sports", "consent.given", False, True), ("sports", "consent.terminated", True, True)]
    deadline = time.monotonic() + 60
    told: list[tuple[object, ...]] = []
    while time.monotonic() < deadline and told != wanted:
        time.sleep(0.2)
        told = superuser.execute(TOLD).fetchall()
    assert told == wanted, at_work.read_text()[-2000:]
    assert superuser.execute(JOBS).fetchall() == [("consents.settle_answers", 1)]
    assert [event.state for event in asked.events] == ["requested", "given", "terminated"]
