"""Reading whole sources."""

from datetime import timedelta

import pytest

from datasources.actions.pulls import pull_source
from datasources.models import Pull, PullKind, PullState, Sheet
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, arrive, source

pytestmark = pytest.mark.usefixtures("catalogue")


def pull(slug: str, *, nights: int = 0) -> Pull:
    return pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT + timedelta(days=nights))


def sheets() -> dict[str, int]:
    with scope(Role.WORKER):
        return dict(Sheet.objects.values_list("dataset__slug", "row_count"))


@pytest.mark.parametrize(
    ("slug", "who", "held"),
    [
        ("early-education", "mikael", {"early-education-contacts": 1, "early-education-fee-decisions": 2}),
        ("library", "aino", {"library-card": 1}),
        ("sports", "raili", {"sports-courses": 2, "sports-visits": 36}),
    ],
)
def test_every_kind_of_source_fills_sheets(slug: str, who: str, held: dict[str, int]) -> None:
    arrive(who)
    done = pull(slug)
    assert (done.state, done.error) == (PullState.DONE, "")
    assert held.items() <= sheets().items()
