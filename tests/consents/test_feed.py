"""The feed: in the order of commits, without gaps, for 90 days, and who has acted."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from consents.actions.acknowledging import acknowledge, hand_over
from consents.actions.announcing import announce, number_announcements
from consents.enums import AnnouncementKind
from consents.errors import CursorExpired, CursorNotOurs, NotToldOf
from consents.models import Announcement, Telling
from consents.queries.feed import cursor_after, number_of
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.queries import entries_about
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.consents.asked import NOW, OPTIONAL, Asked
from tests.residents import arrived

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(city: None) -> Asked:
    return Asked(person=arrived())


def system_of(department: str, scopes: Sequence[str], name: str = "Course register") -> Actor:
    with scope(Role.STAFF, departments=["*"]):
        client = Client.objects.create(name=name, department=department, scopes=list(scopes), jwks={"keys": []})
    return Actor(ActorKind.CLIENT, str(client.pk), Right.CLIENT, unit=department)


def numbered(*, at: datetime = NOW) -> int:
    with scope(Role.WORKER):
        return number_announcements(at=at)


def read(by: Actor, *, after: int | None = None, limit: int = 200, at: datetime = NOW) -> list[tuple[int, str]]:
    with scope(Role.API, departments=[by.unit]):
        page = hand_over(after=after, limit=limit, by=by, at=at)
    return [(row[1], row[2]) for row in page.rows]


def test_the_life_of_a_permission_is_told_in_its_order(asked: Asked) -> None:
    sports = system_of("sports", ["changes:read"])
    asked.refuse(at=NOW)
    asked.give(OPTIONAL, at=NOW)
    asked.change(OPTIONAL[:1], at=NOW + HOUR)
    asked.suspend(at=NOW + 2 * HOUR)
    asked.resume(at=NOW + 3 * HOUR)
    asked.withdraw(at=NOW + 4 * HOUR)
    asked.withdraw(at=NOW + 5 * HOUR)
    assert numbered() == 5
    kinds = ["given", "changed", "restricted", "resumed", "withdrawn"]
    assert read(sports) == [(number, f"consent.{kind}") for number, kind in enumerate(kinds, 1)]


def test_what_has_no_number_yet_is_not_read(asked: Asked) -> None:
    sports = system_of("sports", ["changes:read"])
    asked.give(at=NOW)
    assert read(sports) == []


def test_another_department_reads_nothing_of_it(asked: Asked) -> None:
    asked.give(at=NOW)
    numbered()
    assert read(system_of("library", ["changes:read"])) == []


def test_a_system_hears_of_the_purposes_that_it_may_name_and_acts_on_these_only(asked: Asked) -> None:
    narrow, wide = system_of("sports", ["changes:read"], "narrow"), system_of("sports", ["changes:read"], "wide")
    with scope(Role.STAFF, departments=["*"]):
        Client.objects.filter(pk=narrow.id).update(purposes=["another-purpose"])
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    with scope(Role.WORKER):
        announce(
            AnnouncementKind.DATA_ERASED,
            person=asked.person,
            department="sports",
            datasets=[],
            must_act=True,
            at=NOW + HOUR,
        )
    numbered()
    with scope(Role.API, departments=["sports"]):
        page = hand_over(after=None, limit=200, purposes=["another-purpose"], by=narrow, at=NOW)
    assert [row[2] for row in page.rows] == ["data.erased"]
    assert [kind for _, kind in read(wide)] == ["consent.given", "consent.withdrawn", "data.erased"]
    with scope(Role.WORKER):
        named = list(
            Telling.objects.order_by("system", "announcement__number").values_list("system", "announcement__kind")
        )
    assert named == [("narrow", "data.erased"), ("wide", "consent.withdrawn"), ("wide", "data.erased")]


def test_a_page_says_where_to_go_on(asked: Asked) -> None:
    sports = system_of("sports", ["changes:read"])
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    (first,) = read(sports, limit=1)
    assert (first, read(sports, after=first[0])) == ((1, "consent.given"), [(2, "consent.withdrawn")])


def test_only_systems_that_follow_are_to_act_and_only_on_what_ended(asked: Asked) -> None:
    following = {system_of("sports", ["webhooks"], "A").id, system_of("sports", ["changes:read"], "B").id}
    system_of("sports", ["consents:check"], "C")
    system_of("library", ["changes:read"], "D")
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    with scope(Role.WORKER):
        rows = list(Telling.objects.values_list("client", "announcement__kind", "system", "told_at"))
    assert {(str(client), kind) for client, kind, *_ in rows} == {(each, "consent.withdrawn") for each in following}
    assert {row[2:] for row in rows} == {("A", None), ("B", None)}


def test_a_system_acts_once_and_the_person_sees_it(asked: Asked) -> None:
    sports = system_of("sports", ["changes:read"])
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    with scope(Role.WORKER):
        change = Announcement.objects.get(kind=AnnouncementKind.WITHDRAWN).pk
    with pytest.raises(NotToldOf), scope(Role.API, departments=["sports"]):
        acknowledge(change, by=sports, at=NOW + HOUR)
    read(sports)
    for later in (2, 3):
        with scope(Role.API, departments=["sports"]):
            assert acknowledge(change, by=sports, at=NOW + later * HOUR) == NOW + 2 * HOUR
    with scope(Role.RESIDENT, persons=[asked.person]):
        told = entries_about(asked.person).filter(kind="consents.acknowledged")
        assert [(entry.department, entry.purpose) for entry in told] == [("sports", asked.purpose.slug)]


def test_another_system_cannot_speak_for_the_one_that_is_to_act(asked: Asked) -> None:
    sports, other = system_of("sports", ["changes:read"]), system_of("library", ["changes:read"])
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    read(sports)
    with scope(Role.WORKER):
        change = Announcement.objects.get(kind=AnnouncementKind.WITHDRAWN).pk
    with pytest.raises(NotToldOf), scope(Role.API, departments=["library"]):
        acknowledge(change, by=other, at=NOW)


def test_whoever_was_away_for_90_days_is_told_to_begin_anew(asked: Asked) -> None:
    sports = system_of("sports", ["changes:read"])
    asked.give(at=NOW)
    asked.withdraw(at=NOW + HOUR)
    numbered()
    late = NOW + timedelta(days=91)
    with pytest.raises(CursorExpired):
        read(sports, after=1, at=late)
    assert (read(sports, at=late), read(sports, after=2, at=late)) == ([], [])


def test_a_cursor_is_for_one_department_and_cannot_be_made_up(db: None) -> None:
    mine = cursor_after("sports", 17)
    assert number_of("sports", mine) == 17
    for department, cursor in [("library", mine), ("sports", f"B{mine[1:]}"), ("sports", "äö"), ("sports", "")]:
        with pytest.raises(CursorNotOurs):
            number_of(department, cursor)


@pytest.mark.parametrize("role", [Role.STAFF, Role.API])
def test_the_walls_keep_other_departments_out(asked: Asked, role: Role) -> None:
    asked.give(at=NOW)
    numbered()
    with scope(role, departments=["library"]):
        assert Announcement.objects.count() == 0
    with pytest.raises(DatabaseError), scope(Role.LOGIN):
        Announcement.objects.count()


class Writing:
    """Eight who write, one who holds a change uncommitted until told, and one who numbers."""

    def __init__(self, person: UUID) -> None:
        self.person = person
        self.held, self.let_go, self.done = threading.Event(), threading.Event(), threading.Event()
        self.slow, self.numberer = threading.Thread(target=self.write_slowly), threading.Thread(target=self.number)
        self.writers = [threading.Thread(target=self.write) for _ in range(8)]

    def begin(self) -> None:
        self.slow.start()
        assert self.held.wait(30)
        for thread in (self.numberer, *self.writers):
            thread.start()

    def end(self) -> None:
        self.let_go.set()
        self.slow.join()
        self.done.set()
        self.numberer.join()
        numbered()

    def one(self, kind: AnnouncementKind) -> None:
        datasets = ["sports-courses"]
        announce(kind, person=self.person, department="sports", datasets=datasets, must_act=False, at=NOW)

    def write(self) -> None:
        for _ in range(25):
            with scope(Role.WORKER):
                self.one(AnnouncementKind.DATA_CORRECTED)
        connection.close()

    def write_slowly(self) -> None:
        with scope(Role.WORKER):
            self.one(AnnouncementKind.DATA_ERASED)
            self.held.set()
            self.let_go.wait(30)
        connection.close()

    def number(self) -> None:
        while not self.done.is_set():
            numbered()
        connection.close()


def test_writers_side_by_side_and_a_slow_one_leave_no_gap(described: None, committed_db: str) -> None:
    sports, writing = system_of("sports", ["changes:read"]), Writing(arrived())
    met: list[tuple[int, str]] = []
    writing.begin()
    while any(writer.is_alive() for writer in writing.writers):
        met += read(sports, after=met[-1][0] if met else None, limit=7)
    assert "data.erased" not in {kind for _, kind in met}
    writing.end()
    while fresh := read(sports, after=met[-1][0] if met else None):
        met += fresh
    assert [number for number, _ in met] == list(range(1, 202))
    assert [kind for _, kind in met].count("data.erased") == 1
