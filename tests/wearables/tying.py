"""A resident at a maker's page, and back: for tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.utils import timezone

from consents.actions.answering import withdraw
from consents.actions.traces import Shown
from consents.queries.reading import consents_of
from datasources.wearables.actions.fetching import fetch_tie
from datasources.wearables.enums import KEEPING
from datasources.wearables.models import Tie
from datasources.wearables.queries.figures import held_by
from demo.makers.accounts import CLIENT, SECRET, Books
from demo.makers.server import Makers, makers
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.residents import Resident
from tests.wearables.bringing import WORKER, allow

Enter = Callable[[str], Resident]


@contextmanager
def agreed(settings: Any) -> Iterator[Makers]:
    """The city has an agreement with both makers, who are made up."""
    with makers(portal=settings.PUBLIC_URL) as server:
        for name in ("OURA", "POLAR"):
            place = f"{server.url}/{name.lower()}"
            for part in ("SITE", "API", "TOKENS"):
                setattr(settings, f"{name}_{part}", place)
            setattr(settings, f"{name}_CLIENT_ID", CLIENT)
            setattr(settings, f"{name}_CLIENT_SECRET", SECRET)
        yield server


def books_of(server: Makers, maker: str) -> Books:
    return server.polar if maker == "polar" else server.oura


def leave(one: Resident, maker: str, *, language: str = "fi") -> str:
    """To the maker's page; its address."""
    answer = one.browser.post(f"/{language}/devices/ties/{maker}/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def say(asking: str, said: str = "yes") -> str:
    """On the maker's page; the way back, without its host."""
    answer = httpx2.post(asking, data={"said": said}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def tie(one: Resident, maker: str) -> str:
    """There and back; where they are led then."""
    return str(one.browser.get(say(leave(one, maker))).headers["Location"])


def fetch(one: Resident) -> None:
    """What a worker does."""
    for each in ties_of(one):
        fetch_tie(each.pk, by=WORKER, at=timezone.now(), now=timezone.now)


def ties_of(one: Resident) -> list[Tie]:
    with scope(Role.WORKER):
        return list(Tie.objects.filter(person_id=one.person).order_by("maker"))


@pytest.fixture
def made(settings: Any) -> Iterator[Makers]:
    with agreed(settings) as server:
        yield server


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    one = resident_in("raili")
    allow(one)
    return one


def figures(one: Resident) -> dict[tuple[str, str, str], float]:
    with scope(Role.RESIDENT, persons=[one.person]):
        return {(each.measure.value, str(each.day), each.source): each.value for each in held_by(one.person).figures}


def entries(one: Resident) -> list[str]:
    with scope(Role.RESIDENT, persons=[one.person]):
        told = Entry.objects.filter(subject=one.person, kind__startswith="wearables.").order_by("at", "id")
        return [kind.removeprefix("wearables.") for kind in told.values_list("kind", flat=True)]


def page(one: Resident, told: str = "") -> str:
    return one.browser.get(f"/en/devices/{told}").content.decode()


def take_back(one: Resident) -> None:
    with scope(Role.RESIDENT, persons=[one.person]):
        consent = consents_of(one.person).get(purpose__slug=KEEPING)
        withdraw(consent.pk, shown=Shown(consent.text_id, "fi"), by=resident(one.person), at=timezone.now())
