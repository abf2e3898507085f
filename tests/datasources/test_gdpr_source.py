"""A GDPR API as one of the city's sources: asked while a person is here, left out of the night."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest

from datasources.actions.asking import ask_for, fetch_person
from datasources.actions.rounds import ask_for_every_pull
from datasources.enums import ConnectorKind
from datasources.errors import MisSet
from datasources.models import Asking, Sheet, Source, Trial, TrialState
from datasources.queries.sources import secrets_place
from portal.jobs.models import Job
from portal.keys.seals import seal_by_ring
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source
from tests.datasources.gdpr_service import AINO, AUDIENCE, CLIENT, RAILI, SECRET, GdprService, tree
from tests.datasources.misbehaving import served
from tests.datasources.test_keepers import change, dry_run

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def service(catalogue: None) -> Iterator[GdprService]:
    """The library, reached by its GDPR API, with a service account that knows Aino's id."""
    with served(GdprService()) as running:
        secrets = {"client_secret": SECRET, "ids": json.dumps({CODES["aino"]: str(AINO)})}
        card = {"key": "UUID", "columns": {"email": "EMAIL"}}
        told = {
            "kind": ConnectorKind.GDPR_API,
            "settings": {
                "url": f"{running.url}/gdpr/$user_uuid", "token_url": f"{running.url}/token",
                "audience": AUDIENCE, "client_id": CLIENT,
            },
            "sealed_secrets": seal_by_ring("sources", json.dumps(secrets).encode(), aad=secrets_place("library")),
            "mapping": {"library-card": card},
        }  # fmt: skip
        with scope(Role.STAFF, departments=["*"]):
            Source.objects.filter(slug="library").update(**told)
            Source.objects.exclude(slug="library").update(switched_on=False)
        yield running


def fetch(slug: str) -> UUID:
    person = arrive(slug)
    ask_for(person, by=resident(person), at=NIGHT)
    fetch_person(person, by=BY, at=NIGHT)
    return person


def kept(person: UUID) -> list[str]:
    with scope(Role.WORKER):
        return list(Sheet.objects.filter(person_id=person).values_list("dataset__slug", flat=True))


def error(person: UUID) -> str:
    with scope(Role.WORKER):
        return Asking.objects.get(person_id=person).error


def test_a_person_s_tree_becomes_their_sheet(service: GdprService) -> None:
    assert kept(fetch("aino")) == ["library-card"]


def test_another_persons_tree_is_refused_whole_and_raises_an_alarm(service: GdprService) -> None:
    service.trees[str(AINO)] = tree(RAILI)
    assert kept(fetch("aino")) == []
    with scope(Role.WORKER):
        assert Entry.objects.filter(kind="datasources.wrong_person").count() == 1


def test_someone_who_has_not_let_the_portal_ask_is_no_failure_of_the_source(service: GdprService) -> None:
    person = fetch("mikael")
    assert error(person) == "The GDPR API is asked only with a token of the person, and there is none."
    assert source("library").failures == 0


def test_a_refusal_about_one_person_is_no_failure_of_the_source(service: GdprService) -> None:
    service.says = (403, {"errors": [{"code": "UNDER_INVESTIGATION", "message": {"en": "Not now"}}]})
    assert error(fetch("aino")) == "The system declines (UNDER_INVESTIGATION)."
    assert source("library").failures == 0


def test_the_night_leaves_out_what_has_no_list(service: GdprService) -> None:
    ask_for_every_pull(by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert not Job.objects.filter(name="datasources.pull_source").exists()


def test_a_keeper_may_try_it_with_those_whose_ids_are_set(service: GdprService) -> None:
    arrive("aino")
    assert dry_run("library") == TrialState.DONE
    with scope(Role.WORKER):
        counts = Trial.objects.get().report[0]["counts"]
        assert not Sheet.objects.exists()
    assert (counts["changed"], counts["removed"]) == (1, 0)
    change("library", live=True, switched_on=False)
    assert change("library", live=True, switched_on=True) == ["switched_on"]
    with pytest.raises(MisSet):
        change("library", live=False)
