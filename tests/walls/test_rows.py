"""Row security holds with the filter taken out, in pages, streams and the admin's rendering."""

from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models
from django.http import HttpRequest, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.models import Announcement, Consent, ConsentEvent, Errand, Receipt, Restriction, Telling
from consents.usecases.models import Follow, Report, Support, Word
from datasources.models import Asking, NotCopied, Sheet
from datasources.transfers.models import Arrival as Arrived
from datasources.transfers.models import Item
from datasources.wearables.models import Choice, DayBooks, Figures, Import, KeptRoute, Tie
from portal.keys.models import KeyScope, PersonKey
from portal.keys.person_keys import person_key
from portal.ledger.actions import record
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.notices.models import Letter, LetterChoice, Notice
from portal.people.actions import Arrival, Names, find_or_make, sign_in
from portal.people.kinds import PeopleEntry
from portal.people.models import ActingRight, PairwiseSubject, Person
from portal.requests.erasing.models import Erased, LegalHold, Plan
from portal.requests.life.models import LifeChange
from portal.requests.models import (
    BreachTold,
    Correction,
    Evidence,
    HandOver,
    Leaving,
    Package,
    Part,
    PartFile,
    Piece,
    Proposal,
    Request,
)
from portal.walls import Role, current_role, scope

pytestmark = pytest.mark.django_db

PERSONAL: list[tuple[type[models.Model], str]] = [
    (Person, "id"),
    (PersonKey, "person_id"),
    (Entry, "subject"),
    (Sheet, "person_id"),
    (Asking, "person_id"),
    (NotCopied, "person_id"),
    (Consent, "person_id"),
    (ConsentEvent, "person_id"),
    (Restriction, "person_id"),
    (Receipt, "person_id"),
    (Announcement, "person_id"),
    (Telling, "person_id"),
    (Errand, "person_id"),
    (PairwiseSubject, "person_id"),
    (Notice, "person_id"),
    (Letter, "person_id"),
    (LetterChoice, "person_id"),
    (ActingRight, "person_id"),
    (Request, "person_id"),
    (Part, "person_id"),
    (BreachTold, "person_id"),
    (Correction, "person_id"),
    (Evidence, "person_id"),
    (Plan, "person_id"),
    (LegalHold, "person_id"),
    (Erased, "person_id"),
    (LifeChange, "person_id"),
    (PartFile, "person_id"),
    (Proposal, "person_id"),
    (Package, "person_id"),
    (Piece, "person_id"),
    (Leaving, "person_id"),
    (HandOver, "person_id"),
    (Import, "person_id"),
    (Figures, "person_id"),
    (DayBooks, "person_id"),
    (KeptRoute, "person_id"),
    (Choice, "person_id"),
    (Tie, "person_id"),
    (Word, "person_id"),
    (Support, "person_id"),
    (Follow, "person_id"),
    (Report, "person_id"),
    (Arrived, "person_id"),
    (Item, "person_id"),
]


@pytest.fixture
def two() -> tuple[UUID, UUID]:
    """Two people, both with keys, entries and a log-in behind them."""
    people = []
    for number, code in enumerate(("140588-902V", "021186Y903F")):
        arrival = Arrival(code, Names(f"Nimi{number}", "Testi"))
        person = find_or_make(arrival, at=timezone.now())
        sign_in(person, arrival, by=resident(person.pk), at=timezone.now(), method="loa2")
        with scope(Role.RESIDENT, persons=[person.pk]):
            person_key(person.pk, KeyScope.RECORDS)
        people.append(person.pk)
    return people[0], people[1]


@pytest.mark.security("V8.2.2")
@pytest.mark.parametrize(("model", "column"), PERSONAL)
def test_without_a_filter_a_resident_sees_only_their_own_rows(
    model: type[models.Model], column: str, two: tuple[UUID, UUID]
) -> None:
    mine, _ = two
    with scope(Role.RESIDENT, persons=[mine]):
        owners = set(model._default_manager.values_list(column, flat=True))
    assert owners <= {mine}


@pytest.mark.parametrize("model", [Person, PersonKey, Entry])
def test_the_rows_that_must_be_hidden_are_really_there(model: type[models.Model], two: tuple[UUID, UUID]) -> None:
    with scope(Role.WORKER):
        assert model._default_manager.count() >= 2


@pytest.mark.parametrize(("model", "column"), PERSONAL)
def test_outside_every_scope_a_personal_table_refuses(model: type[models.Model], column: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        model._default_manager.count()


def test_staff_see_no_person_whom_they_have_not_opened(two: tuple[UUID, UUID]) -> None:
    with scope(Role.STAFF, departments=["*"]):
        assert Person.objects.count() == 0


def test_a_looked_up_index_shows_that_person_and_no_other(two: tuple[UUID, UUID]) -> None:
    with scope(Role.WORKER):
        index = bytes(Person.objects.get(pk=two[0]).blind_index)
    with scope(Role.LOGIN, lookups=[index]):
        assert list(Person.objects.values_list("pk", flat=True)) == [two[0]]


def test_a_template_rendered_after_the_scope_sees_nothing_and_says_so(two: tuple[UUID, UUID]) -> None:
    template = engines["django"].from_string("{% for row in rows %}{{ row.pk }}{% endfor %}")
    with scope(Role.RESIDENT, persons=[two[0]]):
        response = TemplateResponse(HttpRequest(), template, {"rows": Person.objects.all()})
    with pytest.raises(ProgrammingError, match="permission denied"):
        response.render()


def test_a_stream_sees_rows_only_in_a_scope_of_its_own(two: tuple[UUID, UUID]) -> None:
    def rows() -> list[str]:
        with scope(Role.RESIDENT, persons=[two[1]]):
            return [str(pk) for pk in Person.objects.values_list("pk", flat=True)]

    response = StreamingHttpResponse(line for line in rows())
    assert b"".join(response) == str(two[1]).encode()


def test_a_scope_inside_another_gives_it_back(two: tuple[UUID, UUID]) -> None:
    with scope(Role.RESIDENT, persons=[two[0]]):
        with scope(Role.RESIDENT, persons=[two[1]]):
            assert list(Person.objects.values_list("pk", flat=True)) == [two[1]]
        assert list(Person.objects.values_list("pk", flat=True)) == [two[0]]
    assert current_role() == "none"


def test_an_error_inside_takes_the_role_away_too() -> None:
    with pytest.raises(ZeroDivisionError), scope(Role.WORKER):
        raise ZeroDivisionError
    assert current_role() == "none"


def test_every_table_with_a_person_is_walled_in(superuser: psycopg.Connection) -> None:
    tables = superuser.execute(
        """
        SELECT DISTINCT c.relname, c.relrowsecurity, c.relforcerowsecurity,
               EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'keys') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND (a.attname IN ('person_id', 'subject') OR c.relname = 'people_person')
        """
    ).fetchall()
    assert len(tables) >= 8
    assert [name for name, *walled in tables if not all(walled)] == []


def test_no_role_of_ours_goes_round_the_walls(superuser: psycopg.Connection) -> None:
    strong = superuser.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'mydata%' AND (rolsuper OR rolbypassrls OR rolcreaterole)"
    ).fetchall()
    assert strong == []


def test_the_tests_themselves_come_in_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert cursor.fetchone() == ("mydata_app",)


def test_a_resident_cannot_write_into_anothers_log_unseen(two: tuple[UUID, UUID]) -> None:
    mine, other = two
    with pytest.raises(ProgrammingError), scope(Role.RESIDENT, persons=[mine]):
        record(PeopleEntry.SIGNED_IN, by=resident(mine), about=other, at=timezone.now())


def _models_with_person() -> set[str]:
    named = {"person_id", "person", "subject"}
    return {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"portal", "consents", "datasources"}
        and any(getattr(field, "attname", "") in named | {"person_id"} for field in model._meta.local_fields)
    }


def test_this_file_knows_every_model_with_a_person() -> None:
    tested = {model._meta.label for model, _ in PERSONAL}
    assert _models_with_person() - {"people.User"} <= tested
