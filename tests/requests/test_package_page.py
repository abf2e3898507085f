"""The page of a package reads as much for three parts as for one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.ledger.actor import resident
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind, RequestState
from portal.requests.parts import Planned, plan
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


@pytest.mark.parametrize("count", [1, 3])
def test_its_page_takes_as_many_statements_for_three_parts_as_for_one(count: int, resident_in: Enter) -> None:
    raili, now = resident_in("raili"), timezone.now()
    with scope(Role.RESIDENT, persons=[raili.person]):
        by = resident(raili.person)
        asked, _ = make_request(
            Asked(RequestKind.ALL), person=raili.person, language="en", by=by, at=now, state=RequestState.WORKING
        )
        planned = [Planned(f"source-{number}", "library", by_hand=number == 0) for number in range(count)]
        plan(asked, planned, deadline_at=now + timedelta(days=1), at=now)
    raili.browser.get(f"/en/rights/{asked.pk}/")
    with CaptureQueriesContext(connection) as said:
        page = raili.browser.get(f"/en/rights/{asked.pk}/")
    read = [query["sql"] for query in said if " FROM " in query["sql"] and "current_setting" not in query["sql"]]
    assert (page.status_code, len(read)) == (200, 11)
