"""Acting for somebody else in tests: the population register, and what a resident does."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from consents.models import Consent
from consents.queries.reading import consents_of
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.people.models import Person
from portal.walls import Role, scope
from tests.residents import CODES, Resident
from tests.web import thread_of


@pytest.fixture
def register(settings: Any) -> Iterator[Population]:
    """The population register, where the portal asks."""
    with Population(0, token="secret") as server, thread_of(server):
        settings.POPULATION_URL, settings.POPULATION_TOKEN = server.url, "secret"
        yield server


def person_of(slug: str) -> UUID:
    with scope(Role.WORKER):
        return Person.objects.get(blind_index=blind_index(CODES[slug])).pk


def act(one: Resident, slug: str) -> Any:
    """Look whom there is, and begin to act for one of them."""
    assert one.browser.get("/en/people/").status_code == 200
    return one.browser.post("/en/people/act/", {"person": str(person_of(slug))})


def page_of(one: Resident, path: str) -> str:
    return one.browser.get(f"/en/{path}").content.decode()


def question_of(person: UUID) -> Consent:
    with scope(Role.RESIDENT, persons=[person]):
        return consents_of(person).get(purpose__slug="swimming-reminders")


def answer(one: Resident, consent: Consent, said: str) -> Any:
    return one.browser.post(f"/en/requests/{consent.pk}/", {"text": str(consent.text_id), "answer": said})


REASONS: dict[str, dict[str, Any]] = {
    "protected": {"protected": True},
    "in care": {"in_care": True},
    "died": {"died": True},
    "no longer a guardian": {"rights": []},
}


def changed(register: Population, slug: str, change: dict[str, Any]) -> None:
    with register.lock:
        register.told[slug] |= change
