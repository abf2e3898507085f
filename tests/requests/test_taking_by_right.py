"""What Article 20 covers: a dataset goes by its register, unless the catalogue says in what it differs."""

import html
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from msgspec import json

from consents.rules.rights import rights_of
from datasources.catalogue.files import CatalogueFault
from datasources.catalogue.taking import Taking, covered, read_taking
from datasources.enums import Basis
from datasources.models import Dataset
from datasources.queries.sheets import Table
from datasources.transfers.package.shape import Label
from portal.cities import city
from portal.pages.leaving.labels import label_told
from portal.pages.package.tables import files_of
from portal.pages.rights_told import rights_told


@pytest.mark.parametrize(
    ("of_register", "told", "by_right"),
    [
        ("e", {"basis": "a"}, True),
        ("e", {"came_from": "used"}, False),
        ("b", {"basis": "c"}, False),
        ("b", {"came_from": "used"}, True),
        ("b", {"came_from": "worked_out"}, False),
        ("a", {"on_paper": True}, False),
    ],
)
def test_a_dataset_goes_by_what_it_rests_on_and_came_from_itself(
    of_register: str, told: dict[str, Any], by_right: bool
) -> None:
    words = {"fi": "Syy.", "sv": "Skäl.", "en": "Why."}
    assert covered(Basis(of_register), Taking(slug="passes", why=words, **told)) is by_right


def test_the_catalogue_may_say_that_a_dataset_differs_from_its_register(
    loaded_city: None, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = Dataset.objects.select_related("register__department").filter(register__basis="b").first()
    assert dataset is not None
    said = f'[[dataset]]\nslug = "{dataset.slug}"\ncame_from = "worked_out"\n'
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "taking.toml").write_text(said + 'why = { fi = "Syy.", sv = "Skäl.", en = "Worked out." }\n')
    monkeypatch.setattr("portal.pages.portable.city_folder", lambda _: tmp_path)
    table = Table(dataset, (), (), 0, 0, timezone.now(), None)
    assert {name.split("/")[0] for name, _ in files_of(table, {"city": city()}, language="en")} == {"copies"}
    with translation.override("en"):
        told_label = label_told(dataset.slug, "b")
    assert (told_label.label, told_label.why) == (Label.COPY, "Worked out.")


def test_each_file_tells_which_rights_there_are(loaded_city: None, db: None) -> None:
    """The same table as on the pages; to programs, and to whoever's data it is."""
    dataset = Dataset.objects.select_related("register__department").get(slug="library-loans")
    table, basis = Table(dataset, (), (), 0, 0, timezone.now(), None), Basis(dataset.register.basis)
    files = {name: b"".join(parts) for name, parts in files_of(table, {"city": city(), "own": True}, language="en")}
    told = json.decode(files["copies/library-loans.json"])["rights"]
    answers = rights_of(basis).items()
    assert [(each["right"], each["verdict"], each["law"]) for each in told] == [
        (right, answer.verdict, list(answer.law)) for right, answer in answers
    ]
    shown = html.unescape(files["copies/library-loans.html"].decode())
    assert [each.why in shown for each in rights_told(basis)] == [True] * len(told)


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "taking.toml").write_text('[[dataset]]\nslug = "passes"\ncame_from = "bought"\n')
    with pytest.raises(CatalogueFault, match=r"facts/taking\.toml"):
        read_taking(tmp_path)
