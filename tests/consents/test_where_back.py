"""Where people may be led back to: two people look at an address, and a system has twenty at most."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consents.errands.keeping import confirm_address, propose_address
from consents.errors import NotAReturnAddress, OwnReturnAddress, TooManyReturnAddresses
from consents.models import ReturnAddress
from consents.rules.returning import is_at_or_below
from portal.walls import Role, scope
from tests.consents.leading import ONE, OTHER, Service
from tests.staffing import Hire, hire

__all__ = ["hire"]


@pytest.fixture
def service(loaded_city: None, db: None) -> Service:
    return Service()


def test_nobody_confirms_what_they_proposed(service: Service) -> None:
    with scope(Role.STAFF, departments=["sports"]):
        row = propose_address(service.client.pk, "sports", "https://sports.example/", by=ONE, at=timezone.now())
        with pytest.raises(OwnReturnAddress):
            confirm_address(row.pk, by=ONE, at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnAddress.objects.filter(pk=row.pk).update(confirmed_by=ONE.id, confirmed_at=timezone.now())
        assert confirm_address(row.pk, by=OTHER, at=timezone.now()).confirmed_by == OTHER.id


def test_a_system_has_twenty_addresses_at_most(service: Service) -> None:
    with scope(Role.STAFF, departments=["sports"]):
        for number in range(19):
            propose_address(service.client.pk, "sports", f"https://sports.example/{number}/", by=ONE, at=timezone.now())
        with pytest.raises(TooManyReturnAddresses):
            propose_address(service.client.pk, "sports", "https://sports.example/x/", by=ONE, at=timezone.now())
        with pytest.raises(NotAReturnAddress):
            propose_address(service.client.pk, "sports", "https://sports.example", by=ONE, at=timezone.now())


def test_an_address_that_waits_for_two_weeks_is_an_alarm_to_its_own_department(service: Service, hire: Hire) -> None:
    fronts = []
    for days in (1, 15):
        with scope(Role.STAFF, departments=["sports"]):
            address, at = f"https://sports.example/{days}/", timezone.now() - timedelta(days=days)
            propose_address(service.client.pk, "sports", address, by=ONE, at=at)
        fronts += [hire("keeper", each).get("/admin/").content.decode() for each in ("sports", "library")]
    told = "1 return address has waited for its second person for more than two weeks."
    assert [told in page for page in fronts] == [False, False, True, False]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://a.example/x/", True),
        ("https://a.example/x/y", True),
        ("https://a.example/x", False),
        ("https://a.example/xy", False),
        ("https://a.example/one", True),
        ("https://a.example/one/two", False),
    ],
)
def test_only_an_address_that_ends_with_a_slash_covers_what_lies_below_it(address: str, good: bool) -> None:
    assert is_at_or_below(address, ["https://a.example/x/", "https://a.example/one"]) == good
