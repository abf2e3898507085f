"""A keeper maps a dataset step by step, as a browser without script does; what comes of it is a mapping as ever."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from datasources.actions.mapping import FieldWish, map_dataset
from datasources.actions.sources import change_source
from datasources.actions.trials import run_trial
from datasources.models import Dataset, Field, MappingVersion, Source, Trial, TrialKind, TrialState
from datasources.queries.offers import matching
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, source
from tests.datasources.test_keepers import dry_run, last_entry, wishes

Keeper = Callable[..., Client]


def place(slug: str, *rest: str) -> str:
    return "/".join(["/admin/datasources/source", str(source(slug).pk), "mapping", *rest, ""])


def run_waiting() -> Trial:
    """What the worker does meanwhile."""
    with scope(Role.WORKER):
        trial = Trial.objects.get(state=TrialState.RUNNING)
    return run_trial(trial.pk, by=BY, at=timezone.now())


def looked(keeper: Client, slug: str, dataset: str, where: dict[str, Any], *, query: str = "") -> str:
    """Both looks, as a keeper asks for them; the page of the fields."""
    if source(slug).kind in ("sql", "files"):
        assert keeper.post(place(slug)).status_code == 302
        run_waiting()
    answer = keeper.post(place(slug, dataset, "where") + query, where)
    assert answer.status_code == 302, re.findall("errorlist.*?</ul>", answer.content.decode())
    trial = run_waiting()
    assert (trial.state, trial.error) == (TrialState.DONE, "")
    return keeper.get(place(slug, dataset)).content.decode()


def filled(page: str) -> dict[str, str]:
    """The form of a page as it would be sent back: what is filled in, chosen and ticked."""
    told: dict[str, str] = {}
    body = page.rpartition('<form method="post">')[2] if "column_" in page else page
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="submit"' not in tag and ('type="checkbox"' not in tag or " checked" in tag):
            told[name[1]] = unescape(value[1]) if value else ""
    for name_, inner in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        told[name_] = unescape(chosen[1]) if chosen else ""
    told.pop("csrfmiddlewaretoken", None)
    return told


def unmapped(slug: str, dataset: str) -> dict[str, Any]:
    """Take the dataset out of the mapping; what was read for it."""
    row = source(slug)
    mapping = dict(row.mapping)
    part: dict[str, Any] = mapping.pop(dataset)
    told = wishes(slug, mapping=mapping)
    with scope(Role.STAFF, departments=["*"]):
        change_source(Source.objects.get(slug=slug), told, by=BY, at=NIGHT)
    return part


INCOMES = "early-education-incomes"
OF_GUARDIAN = "income.guardian_id=guardian.id:guardian.social_security_number"


def test_a_table_is_mapped_to_what_an_expert_wrote(keeper_of: Keeper) -> None:
    keeper, before = keeper_of("early-education"), unmapped("early-education", INCOMES)
    page = looked(keeper, "early-education", INCOMES, {"whose": OF_GUARDIAN}, query="?table=income")
    told = filled(page)
    # What is suggested of a new mapping, but the order, the time of change and a field that looks technical.
    assert {name: told[f"column_{name}"] for name in ("valid_from", "monthly_cents", "effect")} == {
        name: before["columns"][name] for name in ("valid_from", "monthly_cents", "effect")
    }
    told |= {"column_updated_at": "income.updated_at", "order": "income.id", "watermark": "income.updated_at"}
    saved = keeper.post(place("early-education", INCOMES), told)
    assert saved.status_code == 302, re.findall("errorlist.*?</ul>", saved.content.decode())
    after = source("early-education").mapping[INCOMES]
    same = ("table", "joins", "key", "columns", "watermark")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after.keys() <= before.keys()
    assert dry_run("early-education") == TrialState.DONE


def test_a_child_through_guardian_way_can_be_chosen(keeper_of: Keeper) -> None:
    keeper, dataset = keeper_of("early-education"), "early-education-placements"
    keeper.post(place("early-education"))
    run_waiting()
    page = unescape(keeper.get(place("early-education", dataset, "where") + "?table=placement").content.decode())
    assert "guardian.social_security_number (placement → child → guardianship → guardian, by" in page
    steps = ("placement.child_id=child.id", "child.id=guardianship.child_id", "guardianship.guardian_id=guardian.id")
    way = ">".join(steps)
    where = {"whose": f"{way}:guardian.social_security_number", "beside": ["placement.unit_id=unit.id"]}
    page = looked(keeper, "early-education", dataset, where, query="?table=placement")
    saved = keeper.post(place("early-education", dataset), filled(page))
    assert saved.status_code == 302, re.findall("errorlist.*?</ul>", saved.content.decode())
    part = source("early-education").mapping[dataset]
    assert (part["key"], [join["table"] for join in part["joins"]]) == (
        "guardian.social_security_number",
        ["child", "guardianship", "guardian", "unit"],
    )
    assert dry_run("early-education") == TrialState.DONE


def test_a_web_interface_is_mapped_to_what_an_expert_wrote(keeper_of: Keeper) -> None:
    keeper, before = keeper_of("library"), unmapped("library", "library-loans")
    where = {"listing": before["listing"], "search": before["search"], "search_key": before["search_key"]}
    told = filled(looked(keeper, "library", "library-loans", where))
    told |= {f"column_{field}": name for field, name in before["columns"].items()}
    saved = keeper.post(place("library", "library-loans"), told)
    assert saved.status_code == 302, re.findall("errorlist.*?</ul>", saved.content.decode())
    after = source("library").mapping["library-loans"]
    same = ("listing", "search", "items", "next", "key", "columns")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert dry_run("library") == TrialState.DONE


def test_a_file_is_mapped_with_how_it_writes_days_and_sums(keeper_of: Keeper) -> None:
    keeper, before = keeper_of("sports"), unmapped("sports", "boat-places")
    page = looked(keeper, "sports", "boat-places", {"file": before["file"]})
    told = filled(page) | {f"column_{field}": name for field, name in before["columns"].items()}
    told |= {"born": before["born"], "key": before["key"]}
    told |= {f"format_{field}": form for field, form in before["formats"].items()}
    saved = keeper.post(place("sports", "boat-places"), told)
    assert saved.status_code == 302, re.findall("errorlist.*?</ul>", saved.content.decode())
    after = source("sports").mapping["boat-places"]
    same = ("file", "key", "born", "columns", "formats")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["left_out"]["muistiinpano"] == "staff_text"
    assert dry_run("sports") == TrialState.DONE


def test_no_code_nor_value_of_anybody_stands_on_the_pages(keeper_of: Keeper, city: City) -> None:
    keeper = keeper_of("early-education")
    where = {"whose": ":guardian.social_security_number"}
    page = looked(keeper, "early-education", "early-education-contacts", where, query="?table=guardian")
    rows = city.early_education.execute("SELECT social_security_number, last_name, email FROM guardian").fetchall()
    assert rows
    assert [word for row in rows for word in row if word and f">{word}<" in page] == []
    assert [code for code in CODES.values() if code in page] == []
    assert "restricted_details" in page
    assert "would tell of a protected address" in page


def test_a_secret_cannot_be_chosen(keeper_of: Keeper) -> None:
    keeper = keeper_of("library")
    mapping = source("library").mapping["library-card"]
    page = looked(keeper, "library", "library-card", {"listing": mapping["listing"], "search": mapping["search"]})
    told = filled(page)
    assert "pin_hash" in page
    field = next(name for name in told if name.startswith("column_"))
    refused = keeper.post(place("library", "library-card"), told | {field: "pin_hash"})
    assert refused.status_code == 200
    assert "Select a valid choice" in refused.content.decode()


def test_a_code_list_is_written_beside_what_was_seen(keeper_of: Keeper) -> None:
    keeper, dataset = keeper_of("early-education"), "early-education-placements"
    with scope(Role.STAFF, departments=["*"]):
        Field.objects.filter(dataset__slug=dataset, slug="type").update(type="text", codes={})
    where = {"whose": "placement.child_id=child.id:child.social_security_number"}
    page = looked(keeper, "early-education", dataset, where, query="?table=placement")
    told = filled(page) | {"column_type": "placement.type", "type_type": "code", "column_unit": ""}
    asked = keeper.post(place("early-education", dataset), told)
    page = asked.content.decode()
    assert "Write its codes and what they mean, below." in page
    sent = filled(page)
    seen = {name: code for name, code in sent.items() if re.fullmatch(r"codes_type_\d+_code", name) and code}
    assert "DAYCARE" in seen.values()
    half = sent | {name.replace("_code", "_fi"): "Hoito" for name in seen}
    assert "in all three languages" in keeper.post(place("early-education", dataset), half).content.decode()
    whole = half | {name.replace("_code", language): "x" for name in seen for language in ("_sv", "_en")}
    assert keeper.post(place("early-education", dataset), whole).status_code == 302
    with scope(Role.WORKER):
        described = Field.objects.get(dataset__slug=dataset, slug="type")
    assert described.type == "code"
    assert described.codes["DAYCARE"] == {"fi": "Hoito", "sv": "x", "en": "x"}


def test_what_cannot_be_used_is_told_beside_its_field(keeper_of: Keeper) -> None:
    keeper = keeper_of("sports")
    mapping = source("sports").mapping["boat-places"]
    page = looked(keeper, "sports", "boat-places", {"file": mapping["file"]})
    none = {name: "" if name.startswith("column_") else told for name, told in filled(page).items()}
    assert "Choose where one field at least" in keeper.post(place("sports", "boat-places"), none).content.decode()
    wrong = filled(page) | {"format_harbour": "date"}
    answer = keeper.post(place("sports", "boat-places"), wrong).content.decode()
    assert "The values that were seen are not written so." in answer
    assert source("sports").mapping["boat-places"] == mapping


def test_a_part_that_the_connector_cannot_read_is_told(keeper_of: Keeper) -> None:
    keeper = keeper_of("library")
    row = source("library")
    told = filled(keeper.get(place("library", "library-card")).content.decode())
    field = next(name for name in told if name.startswith("column_"))
    page = keeper.post(place("library", "library-card"), told | {field: "$["}).content.decode()
    assert "This cannot be used." in page, re.findall("errorlist.*?</ul>", page)
    assert row.mapping == source("library").mapping


@pytest.mark.security("V8.4.1")
def test_nobody_maps_another_departments_system(keeper_of: Keeper) -> None:
    keeper = keeper_of("library")
    for path in (place("sports"), place("sports", "sports-courses"), place("sports", "sports-courses", "where")):
        assert (keeper.get(path).status_code, keeper.post(path).status_code) == (404, 404)
    assert keeper.get(place("library", "sports-courses")).status_code == 404
    assert keeper.get(f"/admin/datasources/source/{uuid4()}/mapping/").status_code == 404
    assert Client().get(place("library"), headers={"host": "localhost"}).status_code in (302, 404)


def test_tables_are_found_by_their_names_and_their_columns() -> None:
    places = [{"name": "loan", "parts": [["loan.id", "int"]]}, {"name": "visit", "parts": [["visit.loan_id", "int"]]}]
    assert [each["name"] for each in matching(places, "LOAN")] == ["loan", "visit"]
    assert [each["name"] for each in matching(places, "isi")] == ["visit"]
    assert len(matching(places, "")) == 2
    assert matching(places, "shoe") == []


def test_a_look_that_failed_says_why(keeper_of: Keeper) -> None:
    keeper = keeper_of("library")
    keeper.post(place("library", "library-loans", "where"), {"listing": "/nowhere"})
    run_waiting()
    page = keeper.get(place("library", "library-loans")).content.decode()
    assert "The web interface answered HTTP 404." in page


@pytest.mark.usefixtures("catalogue")
class TestVersions:
    def test_every_mapping_that_was_is_kept(self) -> None:
        before = source("library").mapping
        unmapped("library", "library-loans")
        with scope(Role.STAFF, departments=["*"]):
            kept = list(
                MappingVersion.objects.filter(source__slug="library").values_list("version", "mapping", "kept_by")
            )
        assert kept == [(2, source("library").mapping, BY.id), (1, before, "")]
        assert source("library").mapping_version == 2

    def test_a_version_is_read_by_its_own_keeper(self, keeper_of: Keeper) -> None:
        unmapped("library", "library-loans")
        page = keeper_of("library").get(place("library", "versions", "1")).content.decode()
        assert "library-loans" in unescape(page)
        assert keeper_of("sports").get(place("library", "versions", "1")).status_code == 404
        assert keeper_of("library").get(place("library", "versions", "7")).status_code == 404

    def test_mapping_and_fields_change_together_and_leave_entries(self) -> None:
        with scope(Role.STAFF, departments=["*"]):
            row = Source.objects.select_related("department").get(slug="library")
            dataset = Dataset.objects.get(slug="library-loans")
            part = row.mapping["library-loans"] | {"optional": ["title"]}
            wish = {"title": FieldWish("code", {"A": {"fi": "a", "sv": "a", "en": "a"}})}
            changed = map_dataset(row, dataset, part, wish, by=BY, at=NIGHT)
            row.refresh_from_db()
            again = map_dataset(row, dataset, part, wish, by=BY, at=NIGHT)
        assert changed == ["mapping library-loans", "switched_on", "field title"]
        assert again == []
        assert last_entry()["counts"] == {"fields": ["mapping library-loans", "switched_on"]}
        with scope(Role.WORKER):
            rows = Entry.objects.filter(kind="datasources.catalogue_changed")
            told = [json.loads(bytes(entry.body)) for entry in rows]
        assert {"fields": ["title"]} in [
            each["counts"] for each in told if each["reference"] == "dataset library-loans"
        ]


def test_whoever_waits_sees_how_far_it_is(keeper_of: Keeper) -> None:
    keeper = keeper_of("early-education")
    keeper.post(place("early-education"))
    with scope(Role.WORKER):
        trial = Trial.objects.get(state=TrialState.RUNNING)
        trial.report = [{"name": f"t{n}", "parts": [], "links": []} for n in range(50)]
        trial.save(update_fields=["report"])
    assert "50 tables or files so far" in keeper.get(place("early-education")).content.decode()
    # One thing at a time: whatever else is asked for now is not begun.
    other = keeper.post(place("early-education", "early-education-incomes", "where") + "?table=x", {})
    assert other.status_code == 200


def test_looks_are_no_trials_of_a_mapping(keeper_of: Keeper) -> None:
    keeper = keeper_of("library")
    refused = keeper.post(place("library").replace("/mapping/", "/trials/"), {"kind": TrialKind.PLACES})
    assert refused.status_code == 200
    with scope(Role.WORKER):
        assert Trial.objects.count() == 0
