"""Routes that a resident brings and looks at: for tests."""

from datasources.wearables.points import RouteCounts
from datasources.wearables.queries.imports import report_of
from demo.watches import EXPORTS, days
from portal.walls import Role, scope
from tests.residents import Resident
from tests.wearables.bringing import bring, days_ago, read_all


def runs(count: int, *, ago: int = 30, maker: str = "apple") -> bytes:
    """An export with so many routes, three days apart."""
    return EXPORTS[maker](days(days_ago(ago), count * 3))


def keeps(one: Resident, content: bytes) -> RouteCounts:
    """What became of the routes of a file that was brought with the box ticked."""
    bring(one, content, routes=True)
    row = read_all(one)
    assert row.state == "done"
    with scope(Role.RESIDENT, persons=[one.person]):
        report = report_of(row)
        assert report
        return report.report.routes


def page(one: Resident, path: str, language: str = "en") -> str:
    answer = one.browser.get(f"/{language}/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()
