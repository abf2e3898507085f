"""The whole way: a resident takes a permission back, the department's system hears of it and says that it has acted."""

import os
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from consents.models import Delivery, Telling
from demo.client import Department
from demo.departments.hearing import Hearing
from demo.departments.moods import Mood, Moods
from demo.departments.receiver import Receiver
from demo.servers import redis
from portal.walls import Role, scope
from tests.consents.asked import Asked
from tests.consents.test_webhook_runs import until
from tests.datasources.misbehaving import served
from tests.portal_server import at_work
from tests.residents import arrived
from tests.web import free_port, web_server


def acknowledged() -> int:
    with scope(Role.WORKER):
        return Telling.objects.filter(acknowledged_at__isnull=False).count()


def test_a_department_hears_verifies_and_acknowledges(loaded_city: None, committed_db: str, tmp_path: Path) -> None:
    asked, port, key = Asked(person=arrived(), at=timezone.now()), free_port(), tmp_path / "sports.json"
    call_command("make_client", "sports", "--out", str(key), "--scopes", "changes:read", "webhooks")
    base = f"http://127.0.0.1:{port}"
    with (
        redis(tmp_path / "redis") as broker,
        (tmp_path / "log").open("wb") as log,
        served(Receiver(0, Moods())) as ear,  # type: ignore[type-var]
    ):
        environment = {**os.environ, "REDIS_URL": broker.url, "PUBLIC_URL": base, "STATIC_FROM_SOURCE": "true"}
        hearing = Hearing(ear, Department(base, key), tmp_path / "webhook.json")
        try:
            with web_server(port, environment, log, workers=1), at_work(environment, log, tmp_path):
                assert until(lambda: ear.keys, 60)
                asked.give(at=timezone.now())
                assert until(lambda: len(ear.heard.messages) == 1, 60)
                # The department is out of order for a while: nothing is lost.
                ear.moods.set("sports", Mood.WRONG)
                asked.withdraw(at=timezone.now())
                assert until(_has_failed, 60)
                ear.moods.set("sports", Mood.OK)
                assert until(lambda: acknowledged() == 1, 60)
        finally:
            hearing.end()
    assert [message["type"] for message in ear.heard.messages.values()] == ["consent.given", "consent.withdrawn"]
    assert ear.heard.refused == 0


def _has_failed() -> bool:
    with scope(Role.WORKER):
        return Delivery.objects.filter(status=500).exists()
