"""A keeper makes a register, a dataset and its fields in the back office; the catalogue's files leave them alone."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from datasources.catalogue.loader import Changes, reach_sources
from datasources.models import Dataset, Field, Register, Source
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.staffing import Hire, hire

__all__ = ["hire"]

ADMIN = "/admin/datasources"
TEXTS = {"name": "Pools", "why": "To know them", "record_name": "pool"}
LENT = {"why_en": "To lend."}
FIELD = {"slug": "hall", "type": "text", "position": "0", "disclosure": "at_once", "codes": "{}"}


@pytest.fixture
def keeper(hire: Hire) -> Client:
    return hire("keeper", "library")


def in_three(texts: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text for name, text in texts.items() for language in ("fi", "sv", "en")}


def dataset(register: str = "library-customers", fields: tuple[dict[str, str], ...] = (FIELD,), **other: str) -> Any:
    """What the page of a new dataset sends."""
    told = in_three(TEXTS) | {"slug": "pools", "sensitivity": "ordinary", "keep_days": "30", "position": "9"}
    told |= {"register": str(Register.objects.get(slug=register).pk), "fields-INITIAL_FORMS": "0"} | other
    told["fields-TOTAL_FORMS"] = str(len(fields))
    for number, field in enumerate(fields):
        told |= {f"fields-{number}-{name}": value for name, value in (in_three({"label": "Hall"}) | field).items()}
    return told


def load() -> str:
    said = StringIO()
    call_command("load_catalogue", stdout=said)
    return said.getvalue()


def entries(reference: str) -> int:
    with scope(Role.STAFF, departments=["*"]):
        return sum(f'"{reference}"'.encode() in bytes(entry.body) for entry in Entry.objects.all())


def test_a_dataset_is_made_with_its_fields_and_stays(keeper: Client) -> None:
    answer = keeper.post(f"{ADMIN}/dataset/add/", dataset())
    assert answer.status_code == 302, answer.context["errors"]
    (made,) = Field.objects.filter(dataset__slug="pools")
    assert (made.slug, vars(made)["label_sv"]) == ("hall", "Hall")
    assert made.kept_here
    assert made.dataset.kept_here
    assert entries("dataset pools") == 2
    assert load() == "Nothing changed.\n"
    assert Dataset.objects.get(slug="pools").retired_at is None
    assert Field.objects.get(dataset__slug="pools").retired_at is None


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"type": "code"}, "has a list of codes"),
        ({"codes": '{"h": {"fi": "Halli", "sv": "Hall", "en": "Hall"}}'}, "has a list of codes"),
        ({"type": "code", "codes": '{"h": {"fi": "Halli"}}'}, "in Finnish, Swedish and English"),
        ({"type": "code", "codes": '{"h": 1'}, "not JSON"),
        ({"slug": "Hall 1"}, "slug"),
        ({"slug": "hall-1"}, "underlines"),
        ({"about_others": "on"}, "not shown at once"),
        ({"label_sv": ""}, "required"),
    ],
)
def test_what_the_files_would_not_take_is_not_taken_here(keeper: Client, field: dict[str, str], said: str) -> None:
    answer = keeper.post(f"{ADMIN}/dataset/add/", dataset(fields=(FIELD | field,)))
    assert said in answer.content.decode()
    assert not Dataset.objects.filter(slug="pools").exists()


def test_under_another_department_nothing_is_made(keeper: Client) -> None:
    answer = keeper.post(f"{ADMIN}/dataset/add/", dataset(register="sports-customers"))
    assert answer.status_code == 200
    assert not Dataset.objects.filter(slug="pools").exists()


def test_anothers_dataset_is_looked_at_only(keeper: Client) -> None:
    theirs = Dataset.objects.get(slug="sports-courses")
    page = keeper.get(f"{ADMIN}/dataset/{theirs.pk}/change/")
    written = [name for name in ("fields-0-slug", "fields-0-label_fi") if f'name="{name}"'.encode() in page.content]
    assert (page.status_code, b"Course" in page.content, written) == (200, True, [])
    assert keeper.post(f"{ADMIN}/dataset/{theirs.pk}/change/", dataset()).status_code == 403


def test_what_is_changed_here_stays_until_it_is_given_back(keeper: Client) -> None:
    row = Dataset.objects.get(slug="library-loans")
    path = f"{ADMIN}/dataset/{row.pk}/change/"
    form = keeper.get(path).context["adminform"].form
    told = {name: value for name, value in form.initial.items() if value is not None} | {
        **LENT,
        "fields-TOTAL_FORMS": "0",
        "fields-INITIAL_FORMS": "0",
    }
    assert keeper.post(path, told | {"kept_here": ""}).status_code == 302
    assert "Left as their keepers have them: library-loans." in load()
    assert Dataset.objects.filter(**LENT, kept_here=True).get() == row
    assert keeper.post(path, told | {"kept_here": ""}).status_code == 302
    assert "changed 1" in load()
    assert not Dataset.objects.filter(**LENT).exists()
    assert not Dataset.objects.get(pk=row.pk).kept_here


def test_short_names_are_told_once(keeper: Client) -> None:
    row = Register.objects.get(slug="library-customers")
    form = keeper.get(f"{ADMIN}/register/{row.pk}/change/").context["adminform"].form
    assert {"slug", "department"} & form.fields.keys() == set()


def test_a_system_kept_here_keeps_its_mapping_and_moves_where_it_is_told(loaded_city: None, db: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(kept_here=True, mapping={})
    assert "library" in load()
    with scope(Role.STAFF, departments=["*"]):
        reach_sources({"library": {"settings": {"base_url": "https://library.example"}}}, Changes())
        row = Source.objects.get(slug="library")
    assert (row.mapping, row.settings, row.switched_on) == ({}, {"base_url": "https://library.example"}, False)
