"""A source that moves, or is switched off, or reads what another reads: nothing goes where it must not."""

import json
import threading
from datetime import time, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from datasources.actions.pulls import ask_for_pull, pull_source, take_turn
from datasources.actions.reach import leave, place_at
from datasources.actions.sources import change_source
from datasources.enums import ConnectorKind
from datasources.errors import ReadElsewhere, SecretsWanted, SwitchedOff
from datasources.forms.settings import secret_names, settings_model
from datasources.models import Pull, PullKind, PullState, Sheet, Source, TrialState
from datasources.queries.sources import secrets_of, secrets_place
from datasources.rules.whereabouts import PLACES
from portal.jobs.models import Job
from portal.keys.seals import seal_by_ring
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, AnotherWorker, arrive, source
from tests.datasources.test_keepers import change, dry_run, filled, source_row, wishes

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.mark.parametrize("kind", list(ConnectorKind))
def test_of_every_setting_it_is_decided_whether_it_is_a_place(kind: ConnectorKind) -> None:
    elsewhere = {"auth", "client_id", "scope", "key_id", "algorithm", "api_key_header", "audience", "id_claim"}
    elsewhere |= {"query_scope", "delete_scope", "via", "folder", "user", "check_by", "manifest", "after_reading"}
    elsewhere |= {"archive", "client", "service", "erasing", "erase_path", "erase_method", "erase_key", "rehearse_path"}
    texts = {
        name for name, info in settings_model(kind).model_fields.items() if info.annotation not in (int, float, bool)
    }
    assert texts - secret_names(kind) - PLACES - elsewhere == set()


@pytest.mark.parametrize("name", ["url", "token_url"])
def test_a_secret_given_for_one_place_never_goes_to_another(name: str) -> None:
    elsewhere = source("library").settings | {name: "https://elsewhere.example/"}
    with pytest.raises(SecretsWanted) as refused:
        change("library", settings=elsewhere)
    assert refused.value.names == ["client_secret"]
    assert source("library").settings != elsewhere
    assert "secret client_secret" in change(
        "library", settings=elsewhere, secrets={"client_secret": "of the new place"}
    )
    assert secrets_of(source("library")) == {"client_secret": "of the new place"}


def twin(slug: str) -> str:
    """Another source that reads the same from the same system; switched off."""
    row = source(slug)
    with scope(Role.STAFF, departments=["*"]):
        name = f"{slug}-anew"
        sealed = seal_by_ring("sources", json.dumps(secrets_of(row)).encode(), aad=secrets_place(name))
        facts = {"kind": row.kind, "settings": row.settings, "mapping": row.mapping, "sealed_secrets": sealed}
        Source.objects.create(slug=name, department=row.department, **facts)
    return name


def test_two_sources_that_read_the_same_are_not_both_switched_on() -> None:
    anew = twin("library")
    assert dry_run(anew) == TrialState.DONE
    with pytest.raises(ReadElsewhere) as refused:
        change(anew, switched_on=True)
    assert (refused.value.source, refused.value.datasets) == ("library", sorted(source("library").mapping))
    with override("en"):
        assert "library reads this already" in " ".join(filled(anew, switched_on="on").errors["switched_on"])
    change("library", switched_on=False)
    assert change(anew, switched_on=True) == ["switched_on"]


def test_what_a_worker_tells_meanwhile_of_how_it_is_stays() -> None:
    told = wishes("library", live=False)
    with scope(Role.STAFF, departments=["*"]):
        opened = source_row("library")
    with scope(Role.WORKER):
        Source.objects.filter(slug="library").update(failures=4, last_error="It fell over.")
    with scope(Role.STAFF, departments=["*"]):
        change_source(opened, told, by=BY, at=NIGHT)
    assert (source("library").failures, source("library").live) == (4, False)


def test_a_source_that_is_switched_off_is_read_by_no_way() -> None:
    arrive("raili")
    change("library", switched_on=False)
    with scope(Role.STAFF, departments=["*"]), pytest.raises(SwitchedOff):
        ask_for_pull(source_row("library"), by=BY, at=NIGHT)
    pull = pull_source(source("library").pk, kind=PullKind.BY_HAND, by=BY, at=NIGHT)
    assert (pull.state, pull.rows_read, source("library").failures) == (PullState.FAILED, 0, 0)
    take_turn(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert Pull.objects.filter(source__slug="library").count() == 1
        assert Sheet.objects.filter(source__slug="library").count() == 0


def test_quiet_hours_that_began_while_a_turn_waited_are_kept() -> None:
    local = timezone.localtime(NIGHT)
    ends = (local + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    change("library", quiet_from=time(local.hour), quiet_until=ends.time())
    take_turn(source("library").pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert not Pull.objects.filter(source__slug="library").exists()
        (job,) = Job.objects.filter(name="datasources.pull_source")
    assert job.due_at == ends
    # Whoever presses a button knows what the hour is.
    take_turn(source("library").pk, kind=PullKind.BY_HAND, by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert Pull.objects.get(source__slug="library").state == PullState.DONE


def test_a_whole_reading_takes_one_of_the_places(another_worker: AnotherWorker) -> None:
    change("library", most_in_flight=1)
    place = place_at(source("library"))
    assert place is not None
    leave(place)
    another_worker.holds(place)
    threading.Timer(0.5, another_worker.dies).start()
    pull = pull_source(source("library").pk, kind=PullKind.BY_HAND, by=BY, at=NIGHT)
    assert pull.state == PullState.DONE
    again = place_at(source("library"))
    assert again == place
    leave(again)
