"""Which database Django's connection goes to, in this process and in programs started from it."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

from demo.servers import APP
from tests.servers import server


def point_to(database: str) -> None:
    """Django's default connection, in every thread and in programs started from here, goes to `database`."""
    if connections.settings["default"]["NAME"] == database:
        return
    connections.close_all()
    connections.settings["default"]["NAME"] = database
    os.environ["DATABASE_URL"] = server().url(database, APP)


@contextmanager
def inside(database: str) -> Iterator[None]:
    """Act in that database meanwhile: a program of its own would load Django first, which takes seconds."""
    before = str(connection.settings_dict["NAME"])
    point_to(database)
    try:
        yield
    finally:
        point_to(before)


def done_inside(database: str, act: Callable[[], object]) -> None:
    """The same in a thread, for whoever drives a browser: its event loop keeps Django from databases in its own."""

    def run() -> None:
        with inside(database):
            act()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
