"""A register keeper connects a system in the back office: what is new is tried first, and secrets are never seen."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from datasources.actions.sources import NotTried, Wishes, change_source
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.enums import ConnectorKind
from datasources.forms.settings import secret_names, settings_model
from datasources.forms.sources import SETTING, source_form
from datasources.models import Source, TrialKind, TrialState
from datasources.queries.sources import secrets_of
from datasources.queries.trials import was_tried
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, City, source

pytestmark = pytest.mark.usefixtures("catalogue")


def wishes(slug: str, **other: Any) -> Wishes:
    """The source as it is, but for what is named."""
    row = source(slug)
    with scope(Role.WORKER):
        told: dict[str, Any] = {
            "settings": row.settings,
            "secrets": {},
            "mapping": row.mapping,
            "live": row.live,
            "keeps_for": row.keeps_for,
            "keeps_for_ground": row.keeps_for_ground,
            "switched_on": row.switched_on,
        }
    return Wishes(**(told | other))


def change(slug: str, **other: Any) -> list[str]:
    told = wishes(slug, **other)
    with scope(Role.STAFF, departments=["*"]):
        return change_source(source_row(slug), told, by=BY, at=NIGHT)


def source_row(slug: str) -> Source:
    return Source.objects.select_related("department").get(slug=slug)


def dry_run(slug: str) -> str:
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source_row(slug), TrialKind.DRY_RUN, by=BY, at=timezone.now())
    return run_trial(trial.pk, by=BY, at=timezone.now()).state


def last_entry() -> dict[str, Any]:
    with scope(Role.WORKER):
        found: dict[str, Any] = json.loads(bytes(Entry.objects.filter(kind="datasources.source_changed").last().body))  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize("kind", list(ConnectorKind))
def test_every_setting_says_what_it_is(kind: ConnectorKind) -> None:
    silent = [name for name, info in settings_model(kind).model_fields.items() if not (info.title and info.description)]
    assert silent == []
    likely = {"password", "client_secret", "private_key", "api_key", "certificate", "certificate_key", "ids"}
    assert likely & settings_model(kind).model_fields.keys() == secret_names(kind)


def test_a_new_way_to_a_system_is_tried_before_it_is_switched_on_again(city: City) -> None:
    assert source("library").switched_on
    assert change("library", settings=source("library").settings | {"page_size": 50}) == [
        "setting page_size",
        "switched_on",
    ]
    assert not source("library").switched_on
    with pytest.raises(NotTried):
        change("library", switched_on=True)
    assert dry_run("library") == TrialState.DONE
    assert change("library", switched_on=True) == ["switched_on"]
    assert source("library").switched_on


def test_a_dry_run_of_something_else_does_not_count() -> None:
    assert dry_run("library") == TrialState.DONE
    change("library", settings=source("library").settings | {"page_size": 50})
    with scope(Role.STAFF, departments=["*"]):
        assert not was_tried(source_row("library"))


def test_a_dry_run_that_failed_does_not_count() -> None:
    change("library", secrets={"client_secret": "wrong"})
    assert dry_run("library") == TrialState.FAILED
    with pytest.raises(NotTried):
        change("library", switched_on=True)


def test_a_secret_is_told_by_its_name_only() -> None:
    change("library", secrets={"client_secret": "hunter2 hunter2"})
    entry = last_entry()
    assert entry["counts"] == {"fields": ["secret client_secret", "switched_on"]}
    assert "hunter2" not in json.dumps(entry)
    row = source("library")
    assert b"hunter2" not in bytes(row.sealed_secrets or b"")
    with scope(Role.WORKER):
        assert secrets_of(row) == {"client_secret": "hunter2 hunter2"}


def test_what_is_no_part_of_reading_leaves_it_on() -> None:
    assert change("library", live=False) == ["live"]
    assert source("library").switched_on


def test_another_mapping_has_another_version() -> None:
    before = source("library").mapping_version
    mapping = dict(source("library").mapping)
    mapping.popitem()
    change("library", mapping=mapping)
    assert source("library").mapping_version == before + 1


def filled(slug: str, **other: Any) -> Any:
    """The form as a browser sends it, but for what is named; validated within the staff's scope."""
    row = source(slug)
    with scope(Role.STAFF, departments=["*"]), override("en"):
        form = source_form(row)(instance=row)
        told = {name: form[name].initial for name in form.fields}
        told |= {"mapping": json.dumps(row.mapping)} | other
        bound = source_form(row)({k: v for k, v in told.items() if v not in (None, False)}, instance=row)
        bound.is_valid()
        str(bound.errors)
    return bound


def test_the_form_as_it_is_changes_nothing() -> None:
    for slug in ("early-education", "library", "sports"):
        form = filled(slug)
        assert form.errors == {}
        row = source(slug)
        assert form.secrets == {}
        assert form.settings == row.settings
        assert form.cleaned_data["mapping"] == row.mapping


@pytest.mark.parametrize(
    ("slug", "other", "place", "sentence"),
    [
        ("library", {f"{SETTING}url": ""}, f"{SETTING}url", "Fill this in."),
        ("library", {f"{SETTING}page_size": "many"}, f"{SETTING}page_size", "Enter a whole number."),
        ("library", {"mapping": "{"}, "mapping", "This is not JSON"),
        ("library", {"mapping": '{"a": {}, "a": {}}'}, "mapping", "a name stands twice"),
        ("library", {"mapping": '{"a\\u0000": {}}'}, "mapping", "This is not JSON"),
        ("library", {"mapping": '{"a\x00": {}}'}, "mapping", "This is not JSON"),
        ("library", {"mapping": '{"a": "\\ud800"}'}, "mapping", "This is not JSON"),
        ("library", {"mapping": '{"a": NaN}'}, "mapping", "This is not JSON"),
        ("library", {"mapping": "[" * 100_000}, "mapping", "This is not JSON"),
        ("library", {"mapping": "[" * 900 + "]" * 900}, "mapping", "Write an object"),
        ("library", {f"{SETTING}url": "https://elsewhere.example/"}, f"{SETTING}client_secret", "The system has moved"),
        (
            "library",
            {f"{SETTING}token_url": "https://elsewhere.example/"},
            f"{SETTING}client_secret",
            "The system has moved",
        ),
        ("sports", {f"{SETTING}host": "elsewhere.example"}, f"{SETTING}password", "The system has moved"),
        (
            "early-education",
            {f"{SETTING}url": "postgresql+psycopg://portal:hunter2@db.example/one"},
            f"{SETTING}url",
            "Write the password in its own field",
        ),
        ("library", {"mapping": "[1]"}, "mapping", None),
        ("library", {"mapping": '{"sports-courses": {}}'}, "mapping", "sports-courses: the department has no dataset"),
        (
            "library",
            {"mapping": '{"library-card": {"kee": "a"}}'},
            "mapping",
            "library-card: this is missing",
        ),
        (
            "library",
            {"mapping": '{"library-card": {"listing": "/a", "key": "k", "columns": {"shoe_size": "a"}}}'},
            "mapping",
            "library-card has no such fields: shoe_size.",
        ),
        (
            "sports",
            {"mapping": '{"sports-courses": {"file": "../x.csv", "key": "k", "columns": {"course": "a"}}}'},
            "mapping",
            "The mapping of sports-courses cannot be used: file.",
        ),
        ("sports", {f"{SETTING}host": ""}, f"{SETTING}host", "Fill this in."),
        ("library", {"keeps_for": "all"}, "keeps_for_ground", "Write the ground"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(
    slug: str, other: dict[str, str], place: str, sentence: str | None
) -> None:
    form = filled(slug, **other)
    with override("en"):
        told = " ".join(form.errors.get(place, []))
    assert told
    assert sentence is None or sentence in told


def test_a_secret_is_not_shown_again_though_the_form_comes_back() -> None:
    form = filled("library", **{f"{SETTING}client_secret": "hunter2 hunter2", f"{SETTING}url": ""})
    assert form.errors
    assert "hunter2" not in form.as_p()


def test_an_empty_secret_stays_as_it_is() -> None:
    form = filled("library", **{f"{SETTING}client_secret": ""})
    assert form.secrets == {}
    other = filled("library", **{f"{SETTING}client_secret": "another"})
    assert other.secrets == {"client_secret": "another"}


def test_nobody_adds_a_system_without_signing_in(client: Client) -> None:
    answer = client.get("/admin/datasources/source/add/", headers={"host": "localhost"})
    assert answer.status_code in (302, 404)
