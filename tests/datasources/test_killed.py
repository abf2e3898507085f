"""A worker that is killed in the middle of a pull."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from datasources.actions.pulls import pull_source
from datasources.models import Pull, PullKind, Sheet
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, arrive, connect, source
from tests.locks import waits_for

_WORKER = """
import sys, django
django.setup()
from datasources.tasks import pull_source
pull_source(source_id=sys.argv[1])
"""


@pytest.mark.security("V2.3.3")
def test_a_pull_that_is_killed_leaves_nothing_half_done(
    loaded_city: None, city: City, committed_db: str, superuser: psycopg.Connection
) -> None:
    connect(city)
    arrive("mikael")
    library = source("library").pk
    with superuser.transaction():
        # The sheets are merged, their entries are not: the worst moment.
        superuser.execute("LOCK TABLE ledger_pending IN SHARE MODE")
        worker = subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(library)], env=None, cwd=Path(__file__).parents[2]
        )
        waits_for(superuser, "ledger_pending")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    with scope(Role.WORKER):
        assert Sheet.objects.count() == 0
        assert [pull.state for pull in Pull.objects.all()] == ["running"]
    done = pull_source(library, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        cut_off = Pull.objects.exclude(pk=done.pk).get()
        assert Sheet.objects.count() == done.changed > 0
    assert cut_off.error == "It was cut off before it ended. What it had not finished was left as it was."
