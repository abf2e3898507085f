"""`python -m tests.working READY [SOURCES]`: bell, sequencer, and one Celery worker with threads for all queues.

Django, which takes seconds to load, is loaded once for the three: they are forks of one process. Before they begin,
the catalogue is loaded with the file SOURCES, if one is named; when they have begun, the file READY is made.
"""

import os
import signal
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from demo.processes import dies_with_parent
from portal.celery import app

_WORKER = ["worker", "--queues", "bulk,interactive,webhooks", "--pool", "threads", "--concurrency", "4"]
_QUIET = ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]


def main(ready: str, sources: str = "") -> None:
    """Until told to stop; what it started ends with it."""
    django.setup()
    if sources:
        call_command("load_catalogue", sources=Path(sources), verbosity=0)
    # A fork must not share its parent's connection.
    connections.close_all()
    for name in ("bell", "sequencer"):
        _fork(name)
    Path(ready).touch()
    app.worker_main([*_WORKER, *_QUIET])


def _fork(name: str) -> None:
    parent = os.getpid()
    if os.fork() == 0:
        dies_with_parent(signal.SIGTERM, parent)()
        call_command(name)
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
