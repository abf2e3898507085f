"""A web interface that is away, or asks to wait: asked again for a while, and for no longer."""

import email.utils
import time

import pytest

from datasources.errors import Garbled, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources.rest_service import CODES
from tests.datasources.test_rest import TITLES, everyone, interface, titles


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_interface_that_is_away_for_a_moment_is_asked_again(status: int) -> None:
    with interface() as running:
        running.instead = [(status, {}), (status, {})]
        assert titles(everyone(running)) == dict.fromkeys(CODES, TITLES)


def test_one_that_stays_away_is_told() -> None:
    with interface() as running:
        running.instead = [(503, {})] * 20
        with pytest.raises(Unreachable, match="HTTP 503"):
            everyone(running)
        assert len([request for request in running.seen if request.path == "/api/books"]) == 3


def test_a_fault_of_its_own_is_not_asked_for_again() -> None:
    with interface() as running:
        running.instead = [(500, {})] * 20
        with pytest.raises(Unreachable, match="HTTP 500"):
            everyone(running)
        assert len([request for request in running.seen if request.path == "/api/books"]) == 1


def test_it_waits_as_long_as_it_is_told_by_a_moment() -> None:
    with interface() as running:
        running.instead = [(429, {"Retry-After": email.utils.formatdate(time.time() + 2, usegmt=True)})]
        began = time.monotonic()
        assert titles(everyone(running)) == dict.fromkeys(CODES, TITLES)
    assert time.monotonic() - began >= 0.9


@pytest.mark.parametrize("waits", ["61", str(365 * 86400), "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_it_does_not_begin_to_wait_for_longer_than_a_minute(waits: str) -> None:
    with interface() as running:
        running.instead = [(429, {"Retry-After": waits})]
        began = time.monotonic()
        with pytest.raises(TooSlow, match="longer than there was time"):
            everyone(running, limits=Limits())
    assert time.monotonic() - began < 2


def test_the_minute_is_one_for_all_that_a_page_is_told_to_wait() -> None:
    with interface() as running:
        running.instead = [(429, {"Retry-After": "1"}), (429, {"Retry-After": "60"})]
        with pytest.raises(TooSlow, match="longer than there was time"):
            everyone(running, limits=Limits())


def test_it_does_not_wait_past_its_own_time() -> None:
    with interface() as running:
        running.instead = [(429, {"Retry-After": "5"})]
        with pytest.raises(TooSlow, match="longer than there was time"):
            everyone(running, limits=Limits.within(2.0))


def test_a_redirect_is_told_and_not_followed() -> None:
    with interface() as running:
        running.instead = [(302, {"Location": f"{running.url}/elsewhere"})]
        with pytest.raises(Garbled, match="points to another address"):
            everyone(running)
        assert not [request for request in running.seen if "elsewhere" in request.path]
