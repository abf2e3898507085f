"""When a message is tried again, when an address rests, and where nothing is sent to."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from consents.rules.delivering import GIVE_UP_AFTER, flaw_of_address, next_try, rest_until, wants
from consents.webhooks.signing import headers, key_of, new_secret, signature

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, 5 * SECOND),
        (2, MINUTE),
        (3, 5 * MINUTE),
        (4, 30 * MINUTE),
        (5, 2 * HOUR),
        (6, 5 * HOUR),
        (7, 10 * HOUR),
        (8, 14 * HOUR),
        (9, 14 * HOUR),
        (40, 14 * HOUR),
    ],
)
def test_waits_grow(attempts: int, wait: timedelta) -> None:
    assert next_try(attempts, wanted_at=NOW, at=NOW, luck=0.0) == NOW + wait
    assert next_try(attempts, wanted_at=NOW, at=NOW, luck=0.5) == NOW + 1.1 * wait


def test_the_last_try_is_made_when_three_days_are_over() -> None:
    at, tries = NOW, []
    for attempts in range(1, 40):
        again = next_try(attempts, wanted_at=NOW, at=at, luck=0.9)
        if again is None:
            break
        tries.append(again)
        at = again
    assert tries[-1] == NOW + GIVE_UP_AFTER
    assert len(tries) == 11
    assert all(earlier < later for earlier, later in pairwise(tries))


@pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 15), (3, 45), (4, 135), (5, 300), (500, 300)])
def test_an_address_rests_longer_each_time_but_never_long(failures: int, seconds: int) -> None:
    assert rest_until(failures, at=NOW, luck=0.0) == NOW + timedelta(seconds=seconds)
    assert rest_until(failures, at=NOW, luck=0.99) < NOW + 1.2 * timedelta(seconds=seconds)


def test_a_webhook_wants_its_kinds_or_all() -> None:
    told = [wants([], "consent.given"), wants(["consent.given"], "consent.given"), wants(["x"], "consent.given")]
    assert told == [True, True, False]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/mydata/?room=1",
        "https://hooks.example.org:8443/",
        "http://127.0.0.1:9000/",
        "http://localhost/a",
        "https://[2606:4700::1111]/",
    ],
)
def test_an_address_that_may_be_written_to(url: str) -> None:
    assert flaw_of_address(url) == ""


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("http://hooks.example.org/", "https"),
        ("file:///etc/passwd", "https"),
        ("gopher://127.0.0.1/", "https"),
        ("//hooks.example.org/", "https"),
        ("https:///nowhere", "not an address"),
        ("https://[::1", "not an address"),
        ("https://hooks.example.org:99999/", "not an address"),
        ("https://user:word@hooks.example.org/", "user name"),
        ("https://hooks.example.org/#part", "#"),
        ("https://hooks.example.org:22/", "443 and 8443"),
        ("https://hooks.example.org:6379/", "443 and 8443"),
        ("https://hooks.example.org:0/", "443 and 8443"),
        ("https://hooks.example.org/a b", "visible ASCII"),
        ("https://hooks.example.org/\r\nX: y", "visible ASCII"),
        ("https://hööks.example.org/", "visible ASCII"),
        (f"https://hooks.example.org/{'a' * 500}", "500 characters"),
        ("http://127.1/", "https"),
        ("http://2130706433/", "https"),
    ],
)
def test_an_address_that_may_not(url: str, flaw: str) -> None:
    assert flaw in flaw_of_address(url)


@pytest.mark.security("V4.1.5")
def test_a_signature_is_the_one_that_the_specification_tells() -> None:
    """The published test vector of Standard Webhooks."""
    secret, message, body = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
    )
    assert signature(secret, message, 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_keys_change_both_sign() -> None:
    new, old = new_secret(), new_secret()
    told = headers([new, old], "m", 1, b"{}")
    assert told["webhook-signature"].split(" ") == [signature(new, "m", 1, b"{}"), signature(old, "m", 1, b"{}")]
    assert (len(key_of(new)), new != old) == (32, True)
