"""The city's file of algorithms becomes entries that everyone may read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from consents.algorithms.catalogue import AlgorithmFault, load, read_algorithms
from consents.algorithms.exports.forms import FORMS, as_json, as_rows, schema_of
from consents.algorithms.models import Algorithm, AlgorithmVersion, StateChange
from consents.algorithms.parts import PARTS, REQUIRED, SECTIONS
from consents.algorithms.reading import entries, entry
from consents.algorithms.words import FACT_NAMES, FACTS_OF, PART_NAMES, SECTION_NAMES
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.residents import ALGORITHMS

AT = datetime(2026, 11, 30, 18, tzinfo=UTC)
BASE = "https://data.city.example"
pytestmark = pytest.mark.django_db


def _load(path: Path = ALGORITHMS) -> int:
    with scope(Role.STAFF, departments=["*"]):
        return load(path, by=system("tests"), at=AT)


def test_the_file_is_loaded_once_and_what_changes_becomes_a_version(loaded_city: None, tmp_path: Path) -> None:
    assert _load() == 0
    changed = tmp_path / "algorithms.toml"
    changed.write_text(ALGORITHMS.read_text().replace("Fler fortsätter att röra på sig.", "Fler rör på sig."))
    assert _load(changed) == 1
    found = entry("exercise-group-suggestion")
    assert found is not None
    assert [(each.version, each.state) for each in found.versions] == [(2, "published"), (1, "superseded")]
    assert [change.after for change in found.changes] == ["pilot", "in_use"]


def test_history_is_in_the_register_as_such(loaded_city: None) -> None:
    found = entry("ai-experiment-2017")
    assert found is not None
    assert (found.algorithm.state, found.data, found.now.parts["en"]["decision"]) == (
        "historical",
        [],
        "Public reports do not tell that the experiment was a part of any decision.",
    )


def test_an_entry_tells_which_data_it_reads_and_which_purposes_cover_it(loaded_city: None) -> None:
    found = entry("preschool-place-proposal")
    assert found is not None
    assert [each.slug for each in found.data] == [
        "early-education-applications",
        "early-education-contacts",
        "early-education-placements",
    ]
    assert [(each.slug, each.basis) for each in found.purposes] == [("preschool-place", "e")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_form_is_as_its_schema_says(form: str, language: str, loaded_city: None) -> None:
    schema = schema_of(form)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    told = as_json(entries(), form, language=language, base=BASE)
    assert len(told) == 3
    assert [error.message for each in told for error in validator.iter_errors(json.loads(json.dumps(each)))] == []


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_table_too(form: str, loaded_city: None) -> None:
    names, *rows = as_rows(entries(), form, language="en", base=BASE)
    assert (len(rows), {len(row) for row in rows}) == (3, {len(names)})


def test_a_schema_refuses_what_lacks_a_required_attribute(loaded_city: None) -> None:
    (told, *_) = as_json(entries(), "eurocities", language="en", base=BASE)
    validator = Draft202012Validator(schema_of("eurocities"))
    assert not validator.is_valid({name: told[name] for name in told if name != "objection_procedure"})
    assert not validator.is_valid({**told, "status": "in use"})
    assert not validator.is_valid({**told, "description_short": "x" * 350})


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('department = "sports"', 'department = "no-such"', "there is no department no-such"),
        ('datasets = ["sports-courses", "sports-visits"]', 'datasets = ["no-such"]', "reads a dataset"),
        ('risk = "minimal risk"', 'risk = "none"', "minimal risk"),
        ('code_hash = "9b1d7a40', 'code_hash = "xyz', "code_hash"),
        ('goal = "Moni ei', 'gaol = "Moni ei', "no such part, or none: gaol"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(
    was: str, becomes: str, told: str, loaded_city: None, tmp_path: Path
) -> None:
    path = tmp_path / "algorithms.toml"
    path.write_text(ALGORITHMS.read_text().replace(was, becomes, 1))
    with pytest.raises(AlgorithmFault, match=told):
        _load(path)


def test_a_city_reads_its_file_without_a_database() -> None:
    assert [file.slug for file in read_algorithms(ALGORITHMS)] == [
        "exercise-group-suggestion",
        "preschool-place-proposal",
        "ai-experiment-2017",
    ]


def test_every_part_and_fact_has_a_name_and_a_place() -> None:
    assert (set(PART_NAMES), set(SECTION_NAMES)) == (set(PARTS), set(SECTIONS))
    assert set(REQUIRED) <= set(PARTS)
    placed = {name for names in FACTS_OF.values() for name in names} | {"contact_email", "contact_phone", "keywords"}
    assert placed == set(FACT_NAMES)


def test_nothing_is_seen_from_outside_before_it_is_published(loaded_city: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        row = AlgorithmVersion.objects.get(algorithm__slug="ai-experiment-2017")
        draft = AlgorithmVersion(
            algorithm=row.algorithm, version=2, parts={}, facts={}, sha256="", drafted_by="x", drafted_at=AT
        )
        draft.save(force_insert=True)
    with scope(Role.RESIDENT):
        assert not AlgorithmVersion.objects.filter(pk=draft.pk).exists()
        assert Algorithm.objects.count() == 3
        assert StateChange.objects.count() == 5
