"""What row security costs a resident's pages, among 320,000 people: the same pages with the policies and without.

Both are asked for in this process, one after the other; what differs is whether the tables' policies are in force.
"""

import time
from collections.abc import Callable
from itertools import islice

from demo.people import pinned
from tests.bench.framework import DATABASE, Portal, Row, interleaved
from tests.bench.home import settle
from tests.bench.serving import fill
from tests.residents import Resident, enter

RESIDENTS, TURNS = 4, 5
BAR = 1.10
PATHS = ("/fi/home/", "/fi/data/", "/fi/usage/", "/fi/permissions/")
_WALLED = """
SELECT format('ALTER TABLE %I.%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'keys') AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = c.oid
)
"""


def rows(portal: Portal) -> list[Row]:
    """`row_security`, milliseconds of a page."""
    fill(portal)
    residents = [enter(person.slug) for person in islice(pinned(), RESIDENTS)]
    settle(portal, [each.person for each in residents])
    kinds = {"floor": "DISABLE", "ours": "ENABLE"}
    figures = interleaved({name: _measure(portal, residents, word) for name, word in kinds.items()})
    return [Row("row_security", figures["ours"], figures["floor"], "ms", BAR, "lower")]


def _measure(portal: Portal, residents: list[Resident], word: str) -> Callable[[], float]:
    def milliseconds() -> float:
        _walls(portal, word)
        # Statements are planned anew after such a change.
        _ask(residents)
        began = time.perf_counter()
        for _ in range(TURNS):
            _ask(residents)
        return 1000 * (time.perf_counter() - began) / (TURNS * len(residents) * len(PATHS))

    return milliseconds


def _ask(residents: list[Resident]) -> None:
    for each in residents:
        for path in PATHS:
            answer = each.browser.get(path)
            assert answer.status_code == 200, path


def _walls(portal: Portal, word: str) -> None:
    with portal.server.connect(DATABASE) as connection:
        for (table,) in connection.execute(_WALLED).fetchall():
            connection.execute(f"{table} {word} ROW LEVEL SECURITY")
