"""From a table to those whose records are in it: the ways over what links tables, as joins of a mapping."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_WAYS, LONGEST_WAY = 60, 4
_MOST_LOOKED_AT = 5000


@dataclass(frozen=True)
class Step:
    """One join: `table` comes to the others where `right`, a column of it, equals `left`."""

    table: str
    left: str
    right: str


Way = tuple[Step, ...]
Link = tuple[str, str]


def table_of(column: str) -> str:
    """The table part of `table.column` or `schema.table.column`."""
    return column.rpartition(".")[0]


def guessed(columns: Mapping[str, Sequence[str]]) -> list[Link]:
    """Links that no foreign key tells, as between views: `x.person_id` to `person.id` or `person.person_id`.

    `columns`: {table: its `table.column`s}.
    """
    by_name = {table.rpartition(".")[2].casefold(): table for table in columns}
    found: list[Link] = []
    for table, names in columns.items():
        for name in names:
            stem = name.rpartition(".")[2].casefold()
            if not stem.endswith("_id"):
                continue
            other = by_name.get(stem[:-3]) or by_name.get(f"{stem[:-3]}s")
            ends = [end for end in columns.get(other or "", ()) if end.rpartition(".")[2].casefold() in ("id", stem)]
            if other and other != table and ends:
                found.append((name, ends[0]))
    return found


def ways_from(table: str, links: Iterable[Link]) -> dict[str, list[Way]]:
    """{table: the ways to it}, the shortest first, the table itself by the empty way; each table once on a way.

    Links are followed in both directions: a child is found from its placement, and its guardians from what links them.
    """
    around: dict[str, list[Step]] = {}
    for left, right in dict.fromkeys(links):
        around.setdefault(table_of(left), []).append(Step(table_of(right), left, right))
        around.setdefault(table_of(right), []).append(Step(table_of(left), right, left))
    found: dict[str, list[Way]] = {table: [()]}
    queue: deque[tuple[str, Way]] = deque([(table, ())])
    looked = 0
    while queue and looked < _MOST_LOOKED_AT:
        looked += 1
        here, way = queue.popleft()
        passed = {table, *(step.table for step in way)}
        for step in around.get(here, ()) if len(way) < LONGEST_WAY else ():
            if step.table not in passed:
                found.setdefault(step.table, []).append((*way, step))
                queue.append((step.table, (*way, step)))
    return found


def together(*ways: Way) -> list[Step] | None:
    """The steps of several ways, each table once; None when two of them come to one table by different columns."""
    steps: dict[str, Step] = {}
    for step in (step for way in ways for step in way):
        if steps.setdefault(step.table, step) != step:
            return None
    return list(steps.values())
