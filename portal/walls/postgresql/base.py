"""Django's connection to PostgreSQL, with the wire on which statements are sent together."""

from django.db.backends.postgresql import base

from portal.walls.wire import Wire


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows when psycopg has the database drop what was prepared, which it does after each way of rolling back."""

    _wire: Wire | None = None

    @property
    def wire(self) -> Wire:
        """That of the connection which is open now."""
        if self._wire is None or self._wire.connection is not self.connection:
            self._wire = Wire(self.connection)
        return self._wire

    # Django's stubs leave both out.
    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._forget()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        if self._wire is not None:
            self._wire.forget()
