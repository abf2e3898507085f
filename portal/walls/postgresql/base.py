"""Django's connection to PostgreSQL, with the wire on which statements are sent together."""

from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg._preparing import PrepareManager

from portal.walls.wire import Wire


class _Prepared(PrepareManager):
    """psycopg's list of what it prepared, which tells when it has the database drop everything that is prepared.

    It does so after a rollback and after DROP or ALTER, whoever sent them, and says it to nobody: what a wire prepared
    on the same connection would be used, and be gone.
    """

    def __init__(self, threshold: int | None, dropped: Callable[[], None]) -> None:
        super().__init__()
        self.prepare_threshold = threshold
        self._dropped = dropped

    def clear(self) -> bool:
        """True when everything is dropped with the next statement."""
        if drops := super().clear():
            self._dropped()
        return drops


class DatabaseWrapper(base.DatabaseWrapper):
    """Beside Django's own way to the database, the wire."""

    _wire: Wire | None = None

    @property
    def wire(self) -> Wire:
        """That of the connection which is open now."""
        if self._wire is None or self._wire.connection is not self.connection:
            self._wire = Wire(self.connection)
        return self._wire

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """Django's, whose wire hears when nothing is prepared any more."""
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        # There is no other place that knows of it.
        connection._prepared = _Prepared(connection.prepare_threshold, self._forget)  # noqa: SLF001
        return connection

    def _forget(self) -> None:
        if self._wire is not None:
            self._wire.forget()
