"""The register in the back office as a browser without script gets it: who is let in, and what is refused."""

from typing import Any

import pytest
from django.test import Client

from consents.algorithms.forms import EntryForm
from consents.algorithms.models import Algorithm, AlgorithmVersion
from consents.models import Purpose
from datasources.models import Department
from tests.algorithms.entries import begun, facts, published, sent, texts, written
from tests.consents.conftest import staff
from tests.staffing import Hire, hire

__all__ = ["hire"]
pytestmark = pytest.mark.django_db
ROOT = "/admin/algorithms/algorithm"


@pytest.fixture
def version(described: None) -> AlgorithmVersion:
    return begun()


def _at(version: AlgorithmVersion, *rest: str) -> str:
    return "/".join([ROOT, str(version.algorithm_id), "entries", str(version.pk), *rest, ""])


def _typed(revision: int, **more: Any) -> dict[str, Any]:
    return EntryForm.initial_of(texts(), facts(), ["sports-courses"], revision) | more


def _now(version: AlgorithmVersion) -> AlgorithmVersion:
    with staff(("*",)):
        return AlgorithmVersion.objects.get(pk=version.pk)


def test_a_keeper_begins_an_algorithm_and_is_led_to_its_entry(hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    with staff():
        sports = Department.objects.get(slug="sports").pk
    answer = keeper.post(f"{ROOT}/add/", {"slug": "boat-places", "department": str(sports)})
    with staff():
        made = Algorithm.objects.get(slug="boat-places")
        entry = made.versions.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, _at(entry))
    assert (made.state, entry.state) == ("idea", "draft")


def test_a_keeper_writes_checks_and_sends_and_an_officer_approves(version: AlgorithmVersion, hire: Hire) -> None:
    keeper, officer = hire("keeper", "sports"), hire("dpo", "*")
    assert "things to mend" in keeper.get(_at(version)).content.decode()
    checked = keeper.post(_at(version), _typed(1, do="check")).content.decode()
    assert ("Nothing stops this text." in checked, _now(version).revision) == (True, 1)
    assert keeper.post(_at(version), _typed(1, do="save")).status_code == 302
    assert keeper.post(_at(version, "step"), {"step": "send", "revision": 2}).status_code == 302
    assert keeper.post(_at(version, "step"), {"step": "approve", "revision": 2}).status_code == 302
    assert _now(version).state == "linted"
    officer.post(_at(version, "step"), {"step": "approve", "revision": 2})
    assert _now(version).state == "approved"
    keeper.post(_at(version, "step"), {"step": "publish", "revision": 2})
    assert (_now(version).state, _now(version).facts) == ("published", facts())


def test_facts_that_are_wrong_are_named_as_the_page_names_them(version: AlgorithmVersion, hire: Hire) -> None:
    page = hire("keeper", "sports").post(_at(version), _typed(1, code_hash="v1", contact_email="x", do="check"))
    assert "missing or of another form: Version of the code (hash), E-mail." in page.content.decode().replace(
        "E-mail, Version of the code (hash).", "Version of the code (hash), E-mail."
    )


@pytest.mark.parametrize("path", ["", "check/", "step/"])
def test_others_write_nothing(path: str, version: AlgorithmVersion, hire: Hire) -> None:
    stranger = hire("keeper", "library")
    assert stranger.post(_at(version) + path, _typed(1, do="save", step="send")).status_code == 404
    assert stranger.get(_at(version)).status_code == 200
    assert _now(version).revision == 1


@pytest.mark.parametrize("page", ["state", "purposes", "new-version"])
def test_the_pages_of_a_department_are_its_own(page: str, version: AlgorithmVersion, hire: Hire) -> None:
    found = [
        who.get(f"{ROOT}/{version.algorithm_id}/{page}/").status_code
        for who in (hire("keeper", "sports"), hire("keeper", "library"), hire("dpo", "*"), hire("auditor", "*"))
    ]
    assert found == [200, 404, 404, 404]


def test_the_desk_sees_nothing_of_it(version: AlgorithmVersion, hire: Hire) -> None:
    desk = hire("desk", "sports")
    assert (desk.get(f"{ROOT}/").status_code, desk.get(_at(version)).status_code) == (403, 404)


def _moved(keeper: Client, version: AlgorithmVersion, **sent: str) -> Any:
    return keeper.post(f"{ROOT}/{version.algorithm_id}/state/", sent)


def test_a_state_is_changed_with_reasons_in_three_languages(version: AlgorithmVersion, hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    page = _moved(keeper, version, to="pilot", reason_fi="Syy.", reason_en="Reason.")
    assert (page.status_code, page.content.decode().count("Write the reason in three languages.")) == (422, 2)
    assert _moved(keeper, version, to="historical", reason_fi="a", reason_sv="b", reason_en="c").status_code == 422
    assert (
        _moved(keeper, version, to="pilot", reason_fi="Syy.", reason_sv="Orsak.", reason_en="Why.").status_code == 302
    )
    shown = keeper.get(f"{ROOT}/{version.algorithm_id}/change/").content.decode()
    assert ("Being piloted" in shown, "Orsak." in shown) == (True, True)


def test_a_purpose_is_tied_by_a_tick_and_what_is_refused_is_told(version: AlgorithmVersion, hire: Hire) -> None:
    published(written(version))
    keeper = hire("keeper", "sports")
    page = f"{ROOT}/{version.algorithm_id}/purposes/"
    assert "swimming-reminders" in keeper.get(page).content.decode()
    assert keeper.post(page, {"purposes": ["swimming-reminders"]}).status_code == 302
    with staff():
        assert [*Purpose.objects.get(slug="swimming-reminders").algorithms.values_list("slug", flat=True)] == [
            "boat-places"
        ]
    with staff():
        suggestion = Algorithm.objects.get(slug="exercise-group-suggestion")
    told = keeper.post(f"{ROOT}/{suggestion.pk}/purposes/", {"purposes": []}, follow=True).content.decode()
    assert "xercise-group-suggestion: A program makes suggestions for this purpose" in told


def test_a_draft_is_seen_as_everyone_will_see_it(version: AlgorithmVersion, hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    assert keeper.get(_at(version, "preview", "en")).status_code == 200
    written(version)
    for language, name in (("fi", "Liikuntaryhmän ehdotus"), ("sv", "Förslag till motionsgrupp")):
        page = keeper.get(_at(version, "preview", language)).content.decode()
        assert (f"<h1>{name}</h1>" in page, "/admin/algorithms/algorithm/" in page) == (True, True)
    assert keeper.get(_at(version, "preview", "de")).status_code == 404


def test_its_history_tells_each_step_and_what_it_changed(version: AlgorithmVersion, hire: Hire) -> None:
    row = written(version)
    parts = texts()
    parts["en"]["goal"] = "Many people want to exercise together."
    sent(written(row, parts))
    page = hire("auditor", "*").get(_at(version, "history")).content.decode()
    assert (page.count("<h2>"), "<ins>" in page, "keeper-1" in page) == (4, True, True)


def test_the_list_and_an_algorithm_open_for_everyone_in_the_back_office(version: AlgorithmVersion, hire: Hire) -> None:
    for group in ("keeper", "dpo", "auditor"):
        browser = hire(group, "*")
        assert "boat-places" in browser.get(f"{ROOT}/").content.decode()
        assert browser.get(f"{ROOT}/{version.algorithm_id}/change/").status_code == 200
        assert browser.get("/admin/algorithms/algorithmversion/").status_code == 200


@pytest.mark.parametrize(("slug", "named"), [("exercise-group-suggestion", True), ("swimming-reminders", False)])
def test_the_preview_of_a_question_names_its_program(slug: str, named: bool, described: None, hire: Hire) -> None:
    with staff():
        text = Purpose.objects.get(slug=slug).texts.get()
    keeper = hire("keeper", "sports")
    page = keeper.get(f"/admin/consents/purpose/{text.purpose_id}/texts/{text.pk}/preview/en/").content.decode()
    assert ('href="/en/algorithms/exercise-group-suggestion/"' in page, "Is a program used?" in page) == (named, named)
