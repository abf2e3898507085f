"""A worker that is killed in the middle of a watch's file: another begins anew, and nothing counts twice."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
from django.utils import timezone

from datasources.wearables import spool
from datasources.wearables.actions.reading import read_import
from datasources.wearables.models import DayBooks, Figures, Import, KeptRoute
from datasources.wearables.queries.figures import held_by
from datasources.wearables.queries.imports import report_of
from demo.watches import EXPORTS, days
from portal.walls import Role, scope
from tests.locks import waits_for
from tests.residents import enter
from tests.wearables.bringing import WORKER, allow, bring, days_ago, newest

_WORKER = """
import sys, django
django.setup()
from datasources.wearables.tasks import read_import
read_import(import_id=sys.argv[1])
"""


def test_a_reading_that_is_killed_leaves_nothing_half_done(
    loaded_city: None, committed_db: str, superuser: psycopg.Connection
) -> None:
    raili = enter("raili")
    allow(raili)
    bring(raili, EXPORTS["apple"](days(days_ago(20), 20)), routes=True)
    upload = newest(raili.person)
    with superuser.transaction():
        # The figures are written, their entry is not: the worst moment.
        superuser.execute("LOCK TABLE ledger_pending IN SHARE MODE")
        worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(upload.pk)], cwd=Path(__file__).parents[2])
        waits_for(superuser, "ledger_pending")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    with scope(Role.WORKER):
        assert (Figures.objects.count(), DayBooks.objects.count(), KeptRoute.objects.count()) == (0, 0, 0)
        assert Import.objects.get(pk=upload.pk).state == "reading"
    assert spool.spool_path(upload.pk).exists()
    read_import(upload.pk, by=WORKER, at=timezone.now(), now=timezone.now)
    row = newest(raili.person)
    with scope(Role.RESIDENT, persons=[raili.person]):
        told = report_of(row)
        assert told is not None
        assert (told.report.merged, told.report.added > 0) == (0, True)
        assert (told.report.routes.kept, told.report.routes.merged, KeptRoute.objects.count()) == (7, 0, 7)
        assert len({each.day for each in held_by(raili.person).figures}) >= 20
    assert (row.state, row.sealed_key, spool.spool_path(upload.pk).exists()) == ("done", None, False)
