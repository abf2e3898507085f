"""The data protection officer writes down that another city's key is in other hands."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from datasources.transfers.kinds import TransferEntry
from datasources.transfers.models import WithdrawnKey
from datasources.transfers.trust.keysets import key_of, withdrawn_since
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.staffing import Hire, hire
from tests.transfers.cities import KeyServer, trusted_neighbour
from tests.transfers.made import CITY, KEY

__all__ = ["hire"]
pytestmark = pytest.mark.django_db

ADD = "/admin/transfers/withdrawnkey/add/"
NOW = timezone.now()


@pytest.fixture
def there(settings: LazySettings, tmp_path: Path) -> Iterator[type[KeyServer]]:
    with trusted_neighbour(settings, tmp_path) as handler:
        yield handler


def posted(browser: Client, **bend: str) -> int:
    told = {"city": CITY, "kid": str(KEY.kid), "reason": "Told by telephone"}
    moment = timezone.localtime(NOW - timedelta(days=1))
    told |= {"withdrawn_at_0": f"{moment:%Y-%m-%d}", "withdrawn_at_1": f"{moment:%H:%M}"}
    return browser.post(ADD, told | bend).status_code


def held() -> int:
    with scope(Role.WORKER):
        return WithdrawnKey.objects.count()


def test_it_holds_at_once_and_the_log_tells(hire: Hire, there: type[KeyServer]) -> None:
    officer = hire("dpo", "*")
    assert officer.get(ADD).status_code == 200
    assert (posted(officer), held()) == (302, 1)
    assert withdrawn_since(CITY, str(KEY.kid)) is not None
    with scope(Role.WORKER):
        assert Entry.objects.filter(kind=TransferEntry.KEY_WITHDRAWN).count() == 1


@pytest.mark.parametrize(
    "bend",
    [{"city": "oulu"}, {"kid": ""}, {"reason": ""}, {"withdrawn_at_0": "2099-01-01"}, {"withdrawn_at_0": "soon"}],
)
def test_half_a_withdrawal_is_none(bend: dict[str, str], hire: Hire, there: type[KeyServer]) -> None:
    assert (posted(hire("dpo", "*"), **bend), held()) == (200, 0)


def test_a_key_is_withdrawn_once(hire: Hire, there: type[KeyServer]) -> None:
    officer = hire("dpo", "*")
    assert [posted(officer), posted(officer), held()] == [302, 200, 1]


@pytest.mark.parametrize(("group", "sees"), [("auditor", 200), ("keeper", 403), ("desk", 403)])
def test_nobody_else_withdraws_and_auditors_see(group: str, sees: int, hire: Hire, there: type[KeyServer]) -> None:
    key_of(CITY, str(KEY.kid), at=NOW)
    browser = hire(group, "*")
    seen = [browser.get(f"/admin/transfers/{name}/").status_code for name in ("citykeys", "withdrawnkey")]
    assert (posted(browser), seen, held()) == (403, [sees, sees], 0)
