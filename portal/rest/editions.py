"""What calls may remember from one to the next: what the city has described and asks, as long as its edition stands.

Every change of it, by whomever, gives it a new edition in the same transaction (a trigger of the database). Each call
learns the edition with the client's standing, so what was read under an older one is asked for no more.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from uuid import UUID

from django.db.migrations import RunSQL

_MOST = 1_000
V = TypeVar("V")


def makes_an_edition(table: str) -> RunSQL:
    """Every change of this table gives a new edition. It holds nothing about people, and changes seldom."""
    return RunSQL(
        f"CREATE TRIGGER new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION rest_new_edition();",
        f"DROP TRIGGER new_edition ON {table};",
    )


class Remembered(Generic[V]):
    """What was read under the edition that stands; of another edition nothing is kept."""

    def __init__(self) -> None:
        self._of: tuple[UUID | None, dict[Hashable, V]] = (None, {})

    def read(self, edition: UUID | None, key: Hashable, send: Callable[[], Callable[[], V]]) -> Callable[[], V]:
        """What reads the value of `key`: `send` sends the statement, unless it is known. No edition, no memory.

        A value may be read under a newer edition than the one that the call learnt; it is then read once more.
        """
        if (known := self._known(edition).get(key)) is not None:
            return lambda: known
        receive = send()

        def read() -> V:
            value = receive()
            known = self._known(edition)
            if value is not None and edition is not None and len(known) < _MOST:
                known[key] = value
            return value

        return read

    def _known(self, edition: UUID | None) -> dict[Hashable, V]:
        # Both change together: another thread sees the old pair or the new one.
        of, known = self._of
        if of != edition or edition is None:
            of, known = self._of = (edition, {})
        return known
