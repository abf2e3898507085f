"""The city's case register hears of each request by its number, once for each change, and never of a person."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.utils import timezone

from consents.webhooks.signing import new_secret, signature
from portal.ledger.actor import system
from portal.outward.addresses import inward, let_inward
from portal.requests.actions import withdraw_request
from portal.requests.case_register import tell_case_register
from portal.requests.checks import case_register_can_be_told
from portal.requests.models import Request
from portal.requests.tasks import tell_case_register as job
from portal.walls import Role, scope
from tests.consents.hooked import Hook, hook
from tests.pages.conftest import city, resident_in
from tests.requests.queue import asks
from tests.residents import CODES, Resident

__all__ = ["city", "resident_in"]


@pytest.fixture
def ear(settings: LazySettings) -> Iterator[Hook]:
    with hook() as server:
        settings.CASE_REGISTER_URL, settings.CASE_REGISTER_SECRET = server.url, new_secret()
        yield server


@pytest.fixture
def raili(city: None, resident_in: Callable[[str], Resident]) -> Resident:
    one = resident_in("raili")
    for words in ("Kuka näkee varaukseni?", "Miksi?"):
        asks(one, words)
    return one


def told(*, batch: int = 200) -> int:
    return tell_case_register(at=timezone.now(), batch=batch)[0]


def data(server: Hook) -> list[dict[str, object]]:
    return [json.loads(each.body)["data"] for each in server.seen]


def test_each_is_told_once_and_again_when_it_changes(raili: Resident, ear: Hook, settings: LazySettings) -> None:
    assert [told(), told()] == [2, 0]
    first, second = data(ear)
    with scope(Role.WORKER):
        rows = list(Request.objects.order_by("received_at", "number"))
    assert [first["number"], second["number"]] == [row.number for row in rows]
    assert (first["state"], first["due"], first["closed"]) == ("received", rows[0].due_on.isoformat(), None)
    sent = ear.seen[0]
    text = sent.body.decode()
    assert not any(secret in text for secret in (CODES["raili"], str(raili.person), "Kuka"))
    heads = sent.headers
    signed = signature(
        settings.CASE_REGISTER_SECRET, heads["webhook-id"], int(heads["webhook-timestamp"]), bytes(sent.body)
    )
    assert heads["webhook-signature"] == signed
    with scope(Role.WORKER, persons=[raili.person]):
        withdraw_request(rows[0].pk, person=raili.person, by=system("tests"), at=timezone.now())
    assert (told(), data(ear)[-1]["state"], told()) == (1, "withdrawn", 0)


def test_a_silent_register_hears_of_all_later(raili: Resident, ear: Hook) -> None:
    ear.status = 503
    assert (told(), len(ear.seen)) == (0, 1)
    ear.status = 204
    job()
    assert (told(), len(ear.seen)) == (0, 3)


def test_what_is_refused_keeps_no_other_waiting(raili: Resident, ear: Hook) -> None:
    ear.status = 422
    count, place = tell_case_register(at=timezone.now(), batch=1)
    assert (count, place is None) == (0, False)
    ear.status = 204
    assert tell_case_register(at=timezone.now(), after=place)[0] == 1
    assert told() == 1


@pytest.mark.security("B18")
@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("http://register.example/hook/", "An address of a webhook begins with https://."),
        ("http://10.0.0.5/hook/", "An address of a webhook begins with https://."),
        ("file:///etc/passwd", "An address of a webhook begins with https://."),
        ("https://somebody:word@register.example/", "An address carries no user name and no password."),
        ("https://register.example:9200/", "Messages are sent to the ports 443 and 8443."),
    ],
)
def test_an_address_in_the_clear_is_refused_at_the_start_and_never_sent_to(
    url: str, flaw: str, raili: Resident, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CASE_REGISTER_URL, settings.CASE_REGISTER_SECRET = url, new_secret()
    [fault] = case_register_can_be_told(None)
    assert (fault.id, fault.msg) == ("requests.E001", f"CASE_REGISTER_URL: {flaw}")
    asked: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *told, **_: asked.append(told))
    assert (told(), asked) == (0, [])


@pytest.mark.security("B18")
def test_inward_it_leads_only_where_the_operator_lets_it(raili: Resident, ear: Hook) -> None:
    before = inward()
    let_inward([])
    try:
        assert (told(), ear.seen) == (0, [])
    finally:
        let_inward(before)
    assert told() == 2


@pytest.mark.parametrize(("secret", "faults"), [("", 1), ("whsec_c2hvcnQ=", 1), ("new", 0)])
def test_a_register_is_told_with_a_signature(secret: str, faults: int, settings: LazySettings) -> None:
    settings.CASE_REGISTER_URL = "https://register.example/hook/"
    settings.CASE_REGISTER_SECRET = new_secret() if secret == "new" else secret
    assert [each.id for each in case_register_can_be_told(None)] == ["requests.E002"] * faults


def test_without_an_address_nothing_is_told(raili: Resident, settings: LazySettings) -> None:
    settings.CASE_REGISTER_URL = ""
    assert told() == 0
