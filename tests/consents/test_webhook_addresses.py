"""No message ever goes inward: refused when a webhook is made, and again when a message is sent."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from consents.enums import DeliveryFault
from consents.errors import AddressRefused
from consents.models import Webhook
from consents.webhooks import owing
from consents.webhooks.keeping import change_webhook
from consents.webhooks.posting import Post
from portal.walls import Role, scope
from tests.consents.asked import NOW
from tests.consents.hooked import deliveries, hook, made, sent, system_of
from tests.datasources.test_addresses import Listening, listening, nowhere_inward

__all__ = ["listening", "nowhere_inward"]
LOOPBACK = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"),
    *("127.8.8.8", "0.0.0.0", "localhost.", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),  # noqa: S104 - refused
]
INWARD = ["169.254.169.254", "100.64.0.1", "10.0.0.1", "192.168.1.1", "[fd00::1]", "[fe80::1]"]


@pytest.fixture
def post() -> Iterator[Post]:
    opened = Post()
    yield opened
    opened.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize("host", [*LOOPBACK, *INWARD])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_such_an_address_cannot_be_saved(host: str, scheme: str, listening: Listening) -> None:
    sports = system_of()
    for url in (f"{scheme}://{host}/", f"{scheme}://{host}:8443/", f"{scheme}://{host}:{listening.port}/"):
        with pytest.raises(AddressRefused):
            made(url, sports)
    assert listening.met == 0


@pytest.mark.security("V1.3.6")
@pytest.mark.usefixtures("nowhere_inward")
@pytest.mark.parametrize("host", [*LOOPBACK, *INWARD])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_nothing_is_sent_there_either(host: str, scheme: str, listening: Listening, post: Post) -> None:
    outcome = post.send(f"{scheme}://{host}:{listening.port}/", {}, b"{}")
    # Some spellings are no address at all to the HTTP library.
    assert outcome.fault in {DeliveryFault.INWARD, DeliveryFault.UNREACHABLE}
    assert (outcome.status, listening.met) == (None, 0)


@pytest.mark.django_db
def test_an_address_cannot_be_changed_to_an_inward_one(nowhere_inward: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sports, real = system_of(), socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real(_public(host), *rest, **more))
    webhook = made("https://hooks.example/", sports).webhook
    with pytest.raises(AddressRefused), scope(Role.API, departments=["sports"]):
        change_webhook(webhook.pk, {"url": "https://10.0.0.1/"}, by=sports, at=NOW)


def _public(host: Any) -> Any:
    return "192.88.99.1" if host == "hooks.example" else host


@pytest.mark.django_db
def test_a_name_that_turns_inward_after_it_was_saved_is_not_followed(
    nowhere_inward: None, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    sports, real, looks = system_of(), socket.getaddrinfo, []

    def two_faced(host: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebinding.example":
            return real(host, *rest, **more)
        looks.append(host)
        return real("192.88.99.1" if len(looks) == 1 else "127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", two_faced)
    webhook = made("https://rebinding.example/", sports).webhook
    with scope(Role.API, departments=["sports"]):
        Webhook.objects.update(url=f"https://rebinding.example:{listening.port}/")
        owing.ping(webhook.pk, by=sports, at=NOW)
    sent(webhook)
    assert (deliveries(webhook)[0].fault, listening.met, len(looks)) == (DeliveryFault.INWARD, 0, 2)


@pytest.mark.django_db
def test_a_redirect_inward_is_not_followed(listening: Listening, post: Post) -> None:
    with hook() as ear:
        ear.status, ear.more = 307, {"Location": f"http://127.0.0.1:{listening.port}/"}
        outcome = post.send(ear.url, {}, b"{}")
    assert (outcome.status, outcome.fault, listening.met) == (307, DeliveryFault.REDIRECT, 0)
