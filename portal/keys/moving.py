"""Whatever is sealed or found by a key of the ring, so that a change of the key can move it to the newest version."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from portal.keys.models import PersonKey
from portal.keys.person_keys import rewrapped
from portal.keys.ring import ring
from portal.walls import Role, bulk, scope

# The last row of a batch, in the order of the rows' ids; None before the first, and after the last.
Row = TypeVar("Row", bound=Model)
After = UUID | int | None
Move = Callable[[After, int], tuple[int, After]]


@dataclass(frozen=True)
class Rows:
    """`left(at)`: how many are on older versions. `move(after, batch)`: moves up to `batch` rows behind `after`, in a
    transaction of its own, and answers how many and the last of them. Without it they end by themselves, and `why`
    says when.
    """

    what: str
    left: Callable[[datetime], int]
    move: Move | None = None
    why: str = ""


_rows: dict[str, list[Rows]] = {}


def lies_under(name: str, rows: Rows) -> None:
    """From now on these rows move when the key `name` is changed, after those that were named before."""
    _rows.setdefault(name, []).append(rows)


def rows_under(name: str) -> list[Rows]:
    """All that lies under the key."""
    return list(_rows.get(name, ()))


def move_all(rows: Rows, *, batch: int) -> Iterator[int]:
    """Move them batch by batch, and tell of each how many were moved. Broken off anywhere, the next time goes on."""
    after: After = None
    while rows.move is not None:
        moved, after = rows.move(after, batch)
        if moved:
            yield moved
        if after is None:
            return


class SealedRows(Generic[Row]):
    """Rows of a model that the ring seals. `newer(row)`: {column: the same under the newest key} of what is older."""

    def __init__(
        self,
        rows: Callable[[], QuerySet[Row]],
        newer: Callable[[Row], Mapping[str, Any]],
        *,
        opened: Callable[[], AbstractContextManager[object]],
        first: UUID | int,
    ) -> None:
        self._rows, self._newer, self._opened, self._first = rows, newer, opened, first

    def left(self, at: datetime) -> int:
        """On older versions."""
        with self._opened():
            return sum(bool(self._newer(row)) for row in self._rows().iterator(chunk_size=1000))

    def move(self, after: After, batch: int) -> tuple[int, After]:
        """Look at up to `batch` rows and move those that are on older ones."""
        moved, last = 0, after
        with self._opened():
            rows = self._rows().filter(pk__gt=after or self._first).order_by("pk").select_for_update()
            for row in rows[:batch]:
                last = row.pk
                if newer := self._newer(row):
                    self._rows().filter(pk=row.pk).update(**newer)
                    moved += 1
        return moved, None if last == after else last


_OLDER = """
SELECT id, person_id, scope, ring_version, wrapped FROM keys.person_key
WHERE id > %b AND ring_version < %b AND destroyed_at IS NULL ORDER BY id LIMIT %b FOR UPDATE
"""
_REWRAP = """
UPDATE keys.person_key k SET wrapped = new.wrapped, ring_version = %b
FROM unnest(%b::uuid[], %b::bytea[]) AS new (id, wrapped) WHERE k.id = new.id RETURNING k.id
"""


def _keys_left(at: datetime) -> int:
    with scope(Role.WORKER):
        return PersonKey.objects.filter(destroyed_at=None, ring_version__lt=ring().newest("wrap")[0]).count()


def _move_keys(after: After, batch: int) -> tuple[int, After]:
    newest, _ = ring().newest("wrap")
    with scope(Role.WORKER):
        rows = bulk(_OLDER, [after or UUID(int=0), newest, batch])
        if not rows:
            return 0, None
        wrapped = [rewrapped(person, scope, version=old, wrapped=key) for _, person, scope, old, key in rows]
        bulk(_REWRAP, [newest, [row[0] for row in rows], wrapped])
    return len(rows), rows[-1][0]


lies_under("wrap", Rows("keys of people", _keys_left, _move_keys))
