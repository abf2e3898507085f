"""The back office's pages as a browser without script gets them, and the page that everyone reads."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consents.algorithms.fairness.admin.plan_forms import WholePlan
from consents.algorithms.fairness.pausing import pausing_reason
from consents.algorithms.fairness.plans import Limits, plan_of
from consents.algorithms.fairness.working import count_file
from consents.algorithms.models import Algorithm, Evaluation
from portal.walls import Role, scope
from tests.fairness.files import by_hand, plan
from tests.fairness.lives import SLUG, WORKER, again, counted, fixed, planned, published, staff
from tests.staffing import Hire, hire

__all__ = ["hire"]
HERE = "/admin/algorithms/evaluation/"
BETTER = {(a, b): (20, 20, 12, 48) for a in ("fi", "sv", "other") for b in ("f", "m")}


@pytest.fixture(autouse=True)
def described(loaded_city: None, db: None) -> None:
    """The register of algorithms is loaded."""


def typed(**more: Any) -> dict[str, Any]:
    """The form of a plan, filled in as a browser sends it."""
    written = WholePlan(plan=plan())
    told: dict[str, Any] = dict(written.form.initial)
    for number, form in enumerate(written.groups):
        told |= {f"g{number}-{name}": value for name, value in form.initial.items()}
    with staff():
        told["algorithm"] = str(Algorithm.objects.get(slug=SLUG).pk)
    return {name: value for name, value in (told | more).items() if value is not False}


def newest() -> Evaluation:
    with scope(Role.WORKER):
        return Evaluation.objects.latest("made_at")


def said(answer: Any) -> list[str]:
    return [str(each) for each in get_messages(answer.wsgi_request)]


def send(browser: Client, row: Evaluation, content: bytes) -> Any:
    file = SimpleUploadedFile("e.csv", content)
    return browser.post(f"{HERE}{row.pk}/file/", {"file": file}, follow=True)


def test_from_plan_to_public_page_without_script(hire: Hire) -> None:
    keeper, officer = hire("keeper", "sports"), hire("dpo", "*")
    assert keeper.get(f"{HERE}add/").status_code == 200
    assert keeper.post(f"{HERE}add/", typed()).status_code == 302
    row = newest()
    assert plan_of(row.plan) == plan()
    keeper.post(f"{HERE}{row.pk}/change/", {"do": "fix", "revision": "1"})
    assert "The file is being counted." in send(keeper, row, by_hand()).content.decode()
    count_file(row.pk, by=WORKER, at=timezone.now())
    preview = officer.get(f"{HERE}{row.pk}/preview/").content.decode()
    officer.post(f"{HERE}{row.pk}/change/", {"do": "publish"})
    page = Client().get(f"/en/algorithms/{SLUG}/fairness/{row.pk}/").content.decode()
    sentence = "Of 100 language other 15 were invited, of 100 language fi 33. The difference is hardly chance."
    assert [sentence in each for each in (preview, page)] == [True, True]
    assert f"/en/algorithms/{SLUG}/fairness/{row.pk}/" in Client().get(f"/en/algorithms/{SLUG}/").content.decode()


def test_a_plan_that_cannot_stand_says_why_and_keeps_what_was_typed(hire: Hire) -> None:
    keeper = hire("keeper", "sports")
    answer = keeper.post(f"{HERE}add/", typed(**{"g0-column": "health", "why_sv": "Därför."}))
    page = answer.content.decode()
    assert (answer.status_code, "Därför." in page) == (422, True)
    assert "The column health looks like special-category data." in page
    broken = keeper.post(f"{HERE}add/", typed(**{"g0-labels": "fi = suomi"}))
    assert "Write each line as: value = Finnish | Swedish | English." in broken.content.decode()
    with scope(Role.WORKER):
        assert not Evaluation.objects.exists()


def test_a_plan_is_changed_until_it_is_fixed(hire: Hire) -> None:
    keeper, row = hire("keeper", "sports"), planned()
    assert keeper.get(f"{HERE}{row.pk}/plan/").status_code == 200
    keeper.post(f"{HERE}{row.pk}/plan/", typed(least="50"))
    assert again(row.pk).plan["least"] == 50
    late = keeper.post(f"{HERE}{row.pk}/plan/", typed(least="60"), follow=True)
    assert "Someone saved this plan after you opened it." in late.content.decode()
    keeper.post(f"{HERE}{row.pk}/change/", {"do": "fix", "revision": "2"})
    fixed_by_now = keeper.post(f"{HERE}{row.pk}/plan/", typed(least="70", revision="2"), follow=True)
    assert "The plan is fixed" in fixed_by_now.content.decode()


def test_what_is_wrong_with_a_file_stands_on_its_page(hire: Hire) -> None:
    keeper, row = hire("keeper", "sports"), fixed(at=timezone.now())
    send(keeper, row, by_hand().replace(b"invited", b"asked", 1))
    count_file(row.pk, by=WORKER, at=timezone.now())
    assert "The file lacks the column invited, which the plan names." in (
        keeper.get(f"{HERE}{row.pk}/change/").content.decode()
    )
    assert "Bring the file" in keeper.get(f"{HERE}{row.pk}/change/").content.decode()


def test_two_gigabytes_are_refused_before_a_byte_is_read(hire: Hire) -> None:
    keeper, row = hire("keeper", "sports"), fixed()

    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError

    told: Any = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(2 << 30)}
    answer = keeper.generic("POST", f"{HERE}{row.pk}/file/", b"", "multipart/form-data; boundary=x", **told)
    assert answer.status_code == 302
    page = keeper.get(f"{HERE}{row.pk}/change/").content.decode()
    assert "The file is too large: at most 256 megabytes are taken." in page


def test_another_department_has_no_plan_of_it_and_nothing_to_see_before_it_was_counted(hire: Hire) -> None:
    row = fixed()
    assert hire("keeper", "library").get(f"{HERE}{row.pk}/plan/").status_code == 404
    assert hire("dpo", "*").get(f"{HERE}{row.pk}/plan/").status_code == 404
    assert hire("keeper", "sports").get(f"{HERE}{row.pk}/preview/").status_code == 404


def test_a_stranger_sends_no_file(hire: Hire) -> None:
    row = fixed()
    assert send(hire("keeper", "library"), row, by_hand()).status_code == 404
    assert Client(headers={"host": "localhost"}).post(f"{HERE}{row.pk}/file/").status_code in {302, 403}
    strict = hire("keeper", "sports")
    strict.handler.enforce_csrf_checks = True
    assert send(strict, row, by_hand()).status_code == 403
    assert again(row.pk).state == "frozen"


def test_only_an_officer_sees_the_button_to_publish(hire: Hire) -> None:
    row = counted()
    pages = [hire(*who).get(f"{HERE}{row.pk}/change/").content.decode() for who in (("keeper", "sports"), ("dpo", "*"))]
    assert ["Approve and publish" in each for each in pages] == [False, True]


def test_a_system_is_paused_with_one_press(hire: Hire) -> None:
    keeper, row = hire("keeper", "sports"), published()
    page = keeper.get(f"{HERE}{row.pk}/change/").content.decode()
    assert "Pause the algorithm" in page
    assert keeper.post(f"{HERE}{row.pk}/change/", {"do": "pause", "fi": ""}).status_code == 422
    keeper.post(f"{HERE}{row.pk}/change/", {"do": "pause", **pausing_reason(row)})
    told = Client().get(f"/sv/algorithms/{SLUG}/").content.decode()
    assert pausing_reason(row)["sv"] in told


def _alarms(browser: Client) -> list[str]:
    page = browser.get("/admin/").context
    return [each.sentence for each in page["alarms"] if SLUG in each.sentence]


def test_staff_are_warned_of_what_failed_is_due_or_is_worse(hire: Hire) -> None:
    officer = hire("dpo", "*")
    long_ago = timezone.now() - timedelta(days=400)
    better: dict[tuple[str, str], Any] = {key: tuple(10 * n for n in four) for key, four in BETTER.items()}
    worse = better | {("other", sex): (100, 300, 50, 550) for sex in ("f", "m")}
    published(by_hand(better), at=long_ago)
    assert [each.split("since")[0] for each in _alarms(officer)] == [
        f"{SLUG}: the next evaluation of fairness has been due "
    ]
    published(by_hand(worse), at=timezone.now())
    assert _alarms(officer) == [
        f"{SLUG} is in use, and its last evaluation of fairness was over a limit.",
        f"{SLUG}: groups lie further apart than in the evaluation before.",
    ]


def test_an_evaluation_that_waits_for_long_is_told(hire: Hire) -> None:
    counted(at=timezone.now() - timedelta(days=20))
    assert _alarms(hire("dpo", "*")) == [
        f"An evaluation of {SLUG} has waited for its second person for more than two weeks."
    ]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_everyone_reads_it_in_their_language(language: str) -> None:
    row = published()
    page = Client().get(f"/{language}/algorithms/{SLUG}/fairness/{row.pk}/").content.decode()
    of = {"fi": "15 sadasta", "sv": "Av 100", "en": "Of 100"}
    assert (of[language] in page, "%(" in page, "<svg" in page, "<table" in page) == (True, False, True, True)


def test_small_groups_stand_on_the_page_as_not_enough_data() -> None:
    few = {key: (1, 1, 1, 1) if key[0] == "other" else (20, 20, 12, 48) for key in BETTER}
    row = published(by_hand(few))
    page = Client().get(f"/en/algorithms/{SLUG}/fairness/{row.pk}/").content.decode()
    assert "Not enough data for a number of their own: language fi, language other." in page


def test_the_bundle_holds_what_it_takes_to_compute_it_again() -> None:
    row = published()
    answer = Client().get(f"/en/algorithms/{SLUG}/fairness/{row.pk}/bundle/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        assert sorted(bundle.namelist()) == ["counts.json", "figures.json", "plan.json", "recompute.py"]
        assert json.loads(bundle.read("counts.json")) == row.counts
    assert answer.content == Client().get(f"/en/algorithms/{SLUG}/fairness/{row.pk}/bundle/").content


def test_what_is_not_published_is_not_there() -> None:
    row = counted()
    for ending in ("", "bundle/"):
        assert Client().get(f"/en/algorithms/{SLUG}/fairness/{row.pk}/{ending}").status_code == 404
    assert Client().get(f"/en/algorithms/preschool-place-proposal/fairness/{row.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_evaluations(count: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(count):
        row = published()
    page = f"/en/algorithms/{SLUG}/fairness/{row.pk}/"
    Client().get(page)
    with django_assert_max_num_queries(8) as queries:
        assert Client().get(page).status_code == 200
    assert len(queries) <= 8


def test_the_plan_argues_in_the_language_of_the_reader() -> None:
    given = plan(limits=Limits(difference=0.3, ratio=0.4, odds=0.3), why={"fi": "Siksi.", "sv": "Därför.", "en": "So."})
    row = published(given=given)
    page = Client().get(f"/sv/algorithms/{SLUG}/fairness/{row.pk}/").content.decode()
    assert ("Därför." in page, "Siksi." in page) == (True, False)
