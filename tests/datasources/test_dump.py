"""Backups: whoever has the data without the keys reads about nobody, and what was erased stays erased."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import dumps
from django.http import HttpRequest
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from datasources.actions.pulls import pull_source
from datasources.models import Dataset, PullKind, Sheet
from datasources.places import sheet_place
from datasources.queries.bodies import body_of
from demo.people import everyone
from portal.jobs.outbox import after_commit
from portal.keys.errors import KeyDestroyed, KeyMissing, SealBroken
from portal.keys.models import KeyScope
from portal.keys.person_keys import destroy_key, person_key
from portal.keys.ring import read_anew
from portal.keys.ring_file import make_ring
from portal.keys.seals import unseal
from portal.ledger.actions import record
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.people.actions import Arrival, Names, find_or_make, identity_code_of, sign_in
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User, UserKind
from portal.people.session_secrets import keep_id_token, keep_name, keep_subject_name
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, connect, source
from tests.dumps import dump, dump_of_data, dump_of_keys, found_in, restored, words_of
from tests.servers import template

WHO = [each for each in everyone() if each.slug in ("raili", "aino", "mikael", "eino")]
CODES = {each.slug: each.identity_code for each in WHO}
NAMES = {each.slug: f"{each.given_names} {each.family_name}" for each in WHO}


def _come(slug: str) -> UUID:
    told = next(each for each in WHO if each.slug == slug)
    arrival = Arrival(told.identity_code, Names(told.given_names, told.family_name), told.email)
    person = find_or_make(arrival, at=NIGHT)
    sign_in(person, arrival, by=resident(person.pk), at=NIGHT, method="loa2")
    return person.pk


def _session(slug: str) -> None:
    """As it stands in the database while somebody acts for a child, and while staff are signed in."""
    request = HttpRequest()
    request.session = SessionStore()
    keep_name(request, NAMES[slug])
    keep_subject_name(request, NAMES["eino"])
    keep_id_token(request, dumps({"name": NAMES[slug]}))
    request.session.save()


def _office(person: UUID) -> None:
    """What staff and machines leave behind: the admin's log, a named entry, a job, and a schedule."""
    staff = User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, is_staff=True)
    kind = ContentType.objects.get_for_model(Dataset)
    with scope(Role.STAFF, departments=["*"], persons=[person]):
        LogEntry.objects.create(user=staff, content_type=kind, object_id="1", object_repr="1", action_flag=CHANGE)
        by = Actor(ActorKind.STAFF, str(staff.pk), Right.OFFICE, unit="sports", name=NAMES["mikael"])
        details = {"reason": f"Soitti {NAMES['raili']}"}
        record(PeopleEntry.ACTED_FOR, by=by, about=person, at=NIGHT, department="sports", details=details)
    with scope(Role.WORKER):
        after_commit("datasources.fetch_person", due_at=NIGHT, person_id=person)
    PeriodicTask.objects.create(name="nightly", task="datasources.nightly", crontab=CrontabSchedule.objects.create())


@pytest.fixture
def people(loaded_city: None, city: City, committed_db: str) -> dict[str, UUID]:
    """Four people of the demo with what all departments hold on them, sessions, letters, staff at work."""
    connect(city)
    found = {each.slug: _come(each.slug) for each in WHO}
    for slug in ("library", "sports", "early-education"):
        pull_source(source(slug).pk, kind=PullKind.NIGHTLY, by=BY, at=NIGHT)
    _session("aino")
    _office(found["raili"])
    return found


def _texts(person: UUID) -> set[str]:
    """Every text of their records, opened."""
    with scope(Role.RESIDENT, persons=[person]):
        key = person_key(person, KeyScope.RECORDS)
        sheets = list(Sheet.objects.filter(person_id=person))
    bodies = [body_of(unseal(key, bytes(each.body), aad=sheet_place(person, each.dataset_id))) for each in sheets]
    return set().union(*(words_of(json.loads(body)) for body in bodies))


def _identity(person: UUID) -> str:
    with scope(Role.RESIDENT, persons=[person]):
        return identity_code_of(Person.objects.get(pk=person))


def _days() -> set[str]:
    now = timezone.now()
    return {str(day.date()) for day in (NIGHT, now, now + timedelta(days=1))}


@pytest.mark.security("F17")
def test_a_dump_without_the_key_ring_tells_about_nobody(people: dict[str, UUID], committed_db: str) -> None:
    told = set()
    for each in WHO:
        told |= {each.identity_code, each.given_names, each.family_name, each.street, each.email, each.phone}
    records = set().union(*map(_texts, people.values()))
    assert len(records) > 30
    # What stands in the catalogue is no secret.
    public = found_in(dump(template(described=True)), records)
    # Shorter ones, the day of the readings, and the days that sessions and jobs of now name, occur by chance.
    secret = {word for word in told | (records - public) if len(word) > 3} - _days()
    assert found_in(dump(committed_db), secret) == set()


@pytest.mark.parametrize("way", ["text", "bytes", "base64", "session", "escaped"])
def test_the_search_finds_what_is_there(way: str) -> None:
    name = "Pirjo Mäkinen"
    written = {
        "text": name,
        "bytes": "\\\\x" + name.encode().hex(),
        "base64": base64.b64encode(name.encode()).decode(),
        "session": dumps({"name": name * 20}, compress=True),
        "escaped": json.dumps({"name": name}),
    }
    assert found_in(f"COPY\t{written[way]}\t\\N", {name, "Aino"}) == {name}


def test_a_postcode_is_no_part_of_an_id() -> None:
    assert found_in("COPY\t6136b081-ce01-41b7-9f56-6102100bcc6e\t\\N", {"02100"}) == set()
    assert found_in(f"COPY\t{json.dumps(['Katu 1', '02100', 'Espoo'])}\t\\N", {"02100"}) == {"02100"}


def test_data_and_keys_restored_together_read_as_before(people: dict[str, UUID], committed_db: str) -> None:
    before = _texts(people["raili"])
    data, keys = dump_of_data(committed_db), dump_of_keys(committed_db)
    assert "person_key" not in data
    with restored(data, keys):
        assert (_texts(people["raili"]), _identity(people["aino"])) == (before, CODES["aino"])


@pytest.mark.security("F17")
def test_yesterdays_data_with_todays_keys_leaves_the_erased_unreadable(
    people: dict[str, UUID], committed_db: str
) -> None:
    before = _texts(people["aino"])
    yesterday = dump_of_data(committed_db)
    with scope(Role.WORKER):
        for each in (KeyScope.RECORDS, KeyScope.IDENTITY):
            destroy_key(people["raili"], each, at=NIGHT)
    with restored(yesterday, dump_of_keys(committed_db)):
        for opened in (_texts, _identity):
            with pytest.raises(KeyDestroyed):
                opened(people["raili"])
        assert _texts(people["aino"]) == before


def test_data_restored_with_another_ring_is_refused(
    people: dict[str, UUID], settings: LazySettings, tmp_path: Path
) -> None:
    ring = settings.KEY_RING_FILE = tmp_path / "keys.json"
    with pytest.raises(KeyMissing):
        _texts(people["raili"])
    make_ring(ring)
    read_anew(ring)
    with pytest.raises(SealBroken):
        _texts(people["raili"])
