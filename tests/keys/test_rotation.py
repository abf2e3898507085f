"""A key of the ring is changed while the portal runs: nobody is missed, and nothing stays on the older version."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.utils import timezone

from consents.models import Webhook
from consents.webhooks.secrets import kept, opened
from datasources.models import Source
from datasources.queries.sources import secrets_of, secrets_place
from datasources.queries.trials import fingerprint
from portal.keys.indexes import blind_index, blind_indexes, indexes_and_pairwise, is_index_of
from portal.keys.models import KeyScope, PersonKey
from portal.keys.person_keys import destroy_key, person_key
from portal.keys.ring import ring
from portal.keys.ring_file import add_version
from portal.keys.seals import seal_by_ring, version_under
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.people.actions import Arrival, Names, find_or_make, identity_code_of, names_of
from portal.people.models import ActingRight, Person, User, UserKind
from portal.people.nearness import Nearness, nearness
from portal.people.queries import found_by_code, people_by_index
from portal.people.second_step import MfaAdapter
from portal.people.subjects import by_code, by_codes, lookups_of, persons_named
from portal.privacy import key_changes
from portal.walls import Role, scope
from tests.residents import CODES

pytestmark = pytest.mark.django_db

BY, NOW = system("tests"), timezone.now()
LATER = NOW + timedelta(hours=3)


def known(slug: str) -> UUID:
    return find_or_make(Arrival(CODES[slug], Names("Testi", slug)), at=NOW).pk


def row(person: UUID) -> Person:
    with scope(Role.WORKER):
        return Person.objects.get(pk=person)


def begin(name: str) -> None:
    key_changes.add(name, by=BY, at=NOW)


def move(name: str) -> int:
    moved: dict[str, int] = {}
    for rows, count in key_changes.move(name, batch=2, by=BY, at=NOW):
        moved[rows.what] = count
    return sum(moved.values())


def left(name: str) -> int:
    return sum(count for _, count in key_changes.left(name, at=NOW))


def rotated(*words: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *words, stdout=out)
    return out.getvalue()


@pytest.mark.security("V11.1.1")
def test_keys_of_people_are_wrapped_anew_and_open_the_same(own_ring: Path) -> None:
    people = [known(slug) for slug in ("raili", "aino", "mikael")]
    with scope(Role.WORKER):
        before = {person: person_key(person, KeyScope.LOG) for person in people}
        destroy_key(people[2], KeyScope.RECORDS, at=NOW)
    told = rotated("wrap", "--batch", "2")
    assert "wrap: keys of people: 0 rows on older versions\n" in told
    with scope(Role.WORKER):
        assert {person: person_key(person, KeyScope.LOG) for person in people} == before
        assert set(PersonKey.objects.filter(destroyed_at=None).values_list("ring_version", flat=True)) == {2}


def test_a_change_that_was_broken_off_goes_on_where_it_stood(own_ring: Path) -> None:
    for slug in ("raili", "aino", "mikael"):
        known(slug)
    begin("wrap")
    whole = left("wrap")
    _, first = next(key_changes.move("wrap", batch=2, by=BY, at=NOW))
    assert (first, left("wrap")) == (2, whole - 2)
    assert "going on with a change that was begun" in rotated("wrap")
    assert (left("wrap"), ring().newest("wrap")[0]) == (0, 2)


@pytest.mark.security("V11.1.1")
def test_older_versions_are_forgotten_two_hours_later_and_not_before(own_ring: Path) -> None:
    person = known("raili")
    rotated("wrap")
    with pytest.raises(CommandError, match="not two hours old"):
        rotated("wrap", "--forget")
    key_changes.forget("wrap", by=BY, at=LATER)
    assert list(json.loads(own_ring.read_text())["secrets"]["wrap"]) == ["2"]
    with scope(Role.RESIDENT, persons=[person]):
        assert names_of(row(person)).family == "raili"


def test_a_version_that_rows_lie_on_is_not_forgotten(own_ring: Path) -> None:
    known("raili")
    begin("wrap")
    with pytest.raises(key_changes.RowsLeft):
        key_changes.forget("wrap", by=BY, at=LATER)
    assert list(ring().secrets["wrap"]) == [1, 2]


@pytest.mark.security("V11.1.1")
@pytest.mark.parametrize("moved", [False, True])
def test_whoever_is_known_is_found_before_and_after_their_row_moved(own_ring: Path, moved: bool) -> None:
    person, code = known("raili"), CODES["raili"]
    before = blind_index(code)
    begin("index")
    if moved:
        assert move("index") >= 1
    assert (bytes(row(person).blind_index) == before) is not moved
    assert known("raili") == person
    for named in (by_code("sports", code), by_codes("sports", [code])[0]):
        with scope(Role.API, lookups=lookups_of([named])):
            assert persons_named("sports", [named])() == {named.lookup: person}
    with scope(Role.WORKER):
        assert found_by_code(people_by_index(active_at=None), code.lower()) == person
    assert is_index_of(code, bytes(row(person).blind_index))


def test_whom_a_reading_knew_before_the_change_it_finds_until_it_ends(own_ring: Path) -> None:
    person = known("raili")
    with scope(Role.WORKER):
        loaded = people_by_index(active_at=None)
    begin("index")
    move("index")
    assert found_by_code(loaded, CODES["raili"]) == person


def test_a_new_person_is_on_the_newest_version_and_a_stranger_is_found_by_none(own_ring: Path) -> None:
    begin("index")
    person = known("aino")
    assert (row(person).index_version, bytes(row(person).blind_index)) == (2, blind_index(CODES["aino"]))
    named = by_code("sports", CODES["raili"])
    with scope(Role.API, lookups=lookups_of([named])):
        assert persons_named("sports", [named])() == {}


def test_after_the_change_one_index_is_looked_for_and_it_is_laid_over_the_older_key(own_ring: Path) -> None:
    person = known("raili")
    rotated("index")
    key_changes.forget("index", by=BY, at=LATER)
    assert blind_indexes(CODES["raili"]) == [bytes(row(person).blind_index)]
    assert indexes_and_pairwise("sports", [CODES["raili"]])[0][0] == blind_index(CODES["raili"])
    assert (known("raili"), list(ring().secrets["index"])) == (person, [1, 2])


@pytest.mark.security("B5")
@pytest.mark.parametrize("moves", [(), ("rights",), ("rights", "people"), ("rights", "people", "log-ins")])
def test_family_is_known_at_every_moment_of_the_change(own_ring: Path, moves: tuple[str, ...]) -> None:
    child, parent = known("eino"), CODES["aino"]
    user = User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, own_index=blind_index(parent))
    facts = {"sealed_facts": b"", "told_at": NOW, "kind": "custody", "actor_index": blind_index(parent)}
    with scope(Role.LOGIN, persons=[child]):
        ActingRight.objects.create(person_id=child, **facts)
    begin("index")
    for rows, _ in key_changes.left("index", at=NOW)[: len(moves)]:
        assert rows.move is not None
        rows.move(None, 100)
    user.refresh_from_db()
    assert (nearness(user, blind_indexes(CODES["eino"])), nearness(user, blind_indexes(parent))) == (
        Nearness.FAMILY,
        Nearness.OWN,
    )
    assert nearness(user, blind_indexes(CODES["mikael"])) is None


def test_secrets_of_sources_and_webhooks_open_the_same_and_need_no_new_trial(loaded_city: None, own_ring: Path) -> None:
    with scope(Role.STAFF, departments=["*"]):
        source = Source.objects.order_by("slug")[0]
        source.sealed_secrets = seal_by_ring("sources", b'{"password": "p"}', aad=secrets_place(source.slug))
        source.save()
        tried = fingerprint(source)
    hook = Webhook(client=uuid4(), system="", department="sports", url="https://example.org/", kinds=[])
    hook.sealed_secret = kept(hook, "whsec_1")
    hook.created_at = NOW
    with scope(Role.API, departments=["sports"]):
        hook.save(force_insert=True)
    rotated("sources", "--batch", "1")
    with scope(Role.STAFF, departments=["*"]):
        source.refresh_from_db()
        hook.refresh_from_db()
        assert (secrets_of(source), fingerprint(source), opened(hook)) == ({"password": "p"}, tried, "whsec_1")
        assert [version_under(bytes(sealed)) for sealed in (source.sealed_secrets, hook.sealed_secret)] == [2, 2]
    assert left("sources") == 0


def test_second_steps_are_moved_and_open_sessions_end_by_themselves(own_ring: Path, client_with_secret: None) -> None:
    user = User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, is_staff=True)
    step = Authenticator.objects.create(user=user, type="totp", data={"secret": MfaAdapter().encrypt("ABC")})
    told = rotated("sessions")
    step.refresh_from_db()
    assert MfaAdapter().decrypt(step.data["secret"]) == "ABC"
    assert "open sessions: 1 rows on older versions; they end within 8 hours" in told
    assert "second steps of staff: 0 rows on older versions\n" in told


@pytest.mark.parametrize("name", ["names", "salts"])
def test_what_the_log_lies_on_is_added_to_and_never_forgotten(own_ring: Path, name: str) -> None:
    rotated(name)
    assert list(ring().secrets[name]) == [1, 2]
    with pytest.raises(CommandError, match="all of them stay"):
        rotated(name, "--forget")


def test_each_step_leaves_an_entry(own_ring: Path) -> None:
    known("raili")
    rotated("wrap")
    key_changes.forget("wrap", by=BY, at=LATER)
    with scope(Role.WORKER):
        told = Entry.objects.filter(kind__startswith="privacy.key").order_by("id").values_list("kind", "counts")
        assert [(kind.rpartition("_")[2], counts["key"], counts["version"]) for kind, counts in told] == [
            ("changed", "wrap", 2),
            ("moved", "wrap", 2),
            ("forgotten", "wrap", 2),
        ]


def test_a_change_that_another_is_at_is_told_and_changes_nothing(own_ring: Path) -> None:
    before = own_ring.read_bytes()
    own_ring.with_name("keys.json.new").touch()
    with pytest.raises(CommandError, match="another change runs"):
        rotated("wrap")
    assert own_ring.read_bytes() == before


def test_the_file_stays_readable_for_this_user_only(own_ring: Path) -> None:
    add_version(own_ring, "wrap", moves=True, at=NOW)
    assert own_ring.stat().st_mode & 0o777 == 0o600


def test_an_identity_code_is_opened_by_a_key_that_was_wrapped_anew_and_no_code_was_needed_to_move(
    own_ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = known("raili")
    refused: Callable[..., str] = lambda *_, **__: pytest.fail("A code was opened.")  # noqa: E731
    with monkeypatch.context() as patched:
        patched.setattr("portal.people.actions._unseal", refused)
        rotated("index")
    with scope(Role.RESIDENT, persons=[person]):
        assert identity_code_of(row(person)) == CODES["raili"]
