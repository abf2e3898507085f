"""Webhooks in the back office: a keeper sees how each is, without its address, and can switch it off."""

from typing import Any

import pytest
from django.db import ProgrammingError

from consents.models import Delivery, Webhook
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked
from tests.consents.hooked import deliveries, fresh, hook, made, numbered, sent, system_of
from tests.consents.test_editor_pages import enter
from tests.residents import arrived

__all__ = ["enter"]


@pytest.fixture
def told(city: None) -> Webhook:
    """One message arrived; the address says more than its host."""
    asked, sports = Asked(person=arrived()), system_of()
    with hook() as ear:
        webhook = made(f"{ear.url}?word=sesame", sports).webhook
        asked.give(at=NOW)
        numbered()
        sent(webhook)
    return webhook


def page_of(webhook: Webhook, *rest: str) -> str:
    return "/".join(["/admin/consents/webhook", str(webhook.pk), *rest, ""])


def test_a_keeper_sees_how_it_is_and_never_the_whole_address(enter: Any, told: Webhook) -> None:
    keeper = enter("keeper", "sports")
    for path in ("/admin/consents/webhook/", page_of(told, "change")):
        page = keeper.get(path).content.decode()
        assert "127.0.0.1" in page
        assert "sesame" not in page
        assert bytes(told.sealed_secret).hex() not in page
    messages = keeper.get(f"/admin/consents/delivery/?webhook__id__exact={told.pk}&outcome=delivered").content.decode()
    assert "permission given" in messages
    assert str(deliveries(told)[0].pk) in messages
    with scope(Role.WORKER):
        person = Delivery.objects.select_related("announcement").get().announcement
    assert person is not None
    assert str(person.person_id) not in messages


def test_a_keeper_switches_it_off_by_one_press(enter: Any, told: Webhook) -> None:
    keeper = enter("keeper", "sports")
    assert "Switch off" in keeper.get(page_of(told, "change")).content.decode()
    assert keeper.get(page_of(told, "off")).status_code == 405
    assert keeper.post(page_of(told, "off")).status_code == 302
    assert (fresh(told).switched_on, fresh(told).switched_off_because) == (False, "staff")
    assert "by staff" in keeper.get(page_of(told, "change")).content.decode()


@pytest.mark.parametrize(
    ("group", "department", "status"), [("keeper", "library", 404), ("auditor", "sports", 404), ("dpo", "*", 404)]
)
def test_nobody_else_does(enter: Any, told: Webhook, group: str, department: str, status: int) -> None:
    assert enter(group, department).post(page_of(told, "off")).status_code == status
    assert fresh(told).switched_on


@pytest.mark.parametrize("model", [Webhook, Delivery])
def test_the_walls_keep_other_departments_and_residents_out(told: Webhook, model: Any) -> None:
    for role in (Role.STAFF, Role.API):
        with scope(role, departments=["library"]):
            assert model.objects.count() == 0
        with scope(role, departments=["sports"]):
            assert model.objects.count() == 1
    for role in (Role.RESIDENT, Role.LOGIN):
        with pytest.raises(ProgrammingError, match="permission denied"), scope(role):
            model.objects.count()
