"""Everything in one file: asked for with one press, made of what sources answer, told to whom the pages tell it."""

import csv
import subprocess
import sys
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.utils import timezone
from jsonschema import Draft202012Validator
from msgspec import json
from pypdf import PdfReader

from datasources.enums import FieldType
from datasources.models import Dataset
from datasources.queries.sheets import Table
from datasources.rules.showing import FieldSpec
from demo.departments.moods import Mood
from portal.cities import city
from portal.jobs.models import Job
from portal.keys.signing import public_keys
from portal.ledger.actions import sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.pages.log_files import COLUMNS
from portal.pages.package.tables import files_of
from portal.people.models import User
from portal.privacy.checks import policy
from portal.requests.by_hand import answer_part
from portal.requests.enums import PartState
from portal.requests.models import Piece, Request
from portal.requests.package.links import remove_old_packages, remove_packages
from portal.requests.package.own_rows import ELSEWHERE, OUTSIDE, WHOSE, exported, told_name
from portal.requests.package.schema import published
from portal.walls import Role, scope
from tests.datasources.conftest import City, connect, running_departments
from tests.datasources.conftest import city as departments
from tests.requests.taking import asks, is_made, kept, parts_by_hand, read, row_of, signed_in_again, states, taken
from tests.residents import Resident, enter, grow_old

__all__ = ["departments", "running_departments"]
VERIFY = Path(__file__).parents[2] / "docs" / "verify" / "verify.py"


@pytest.fixture
def raili(loaded_city: None, db: None, departments: City) -> Resident:
    """Signed in, and the city's departments are connected."""
    connect(departments)
    return enter("raili")


def sealed_log() -> None:
    with scope(Role.WORKER):
        while sequence(at=timezone.now()):
            pass


def test_it_holds_what_the_sources_answer_now(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    package = taken(raili, request)
    loans = read(package, "copies/library-loans.json")
    page = raili.browser.get("/en/data/library/library-loans/").content.decode()
    assert len(loans["records"]) == page.count('class="record"') > 0
    assert all(record["title"] in page for record in loans["records"])
    table = list(csv.reader(StringIO(package.read("copies/library-loans.csv").decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in table] == ["Title", *(record["title"] for record in loans["records"])]
    assert package.read("copies/library-loans.html").decode().count("<tr><td>") == len(loans["records"])


def test_its_files_are_as_the_schema_says(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    package = taken(raili, request)
    schema = raili.browser.get("/schemas/package-1.json").json()
    assert schema == published("http://127.0.0.1:8000")
    checked = [name for name in package.namelist() if name.endswith(".json") and not name.startswith(("log/", "rec"))]
    assert len(checked) > 3
    for name in checked:
        assert list(Draft202012Validator(schema).iter_errors(read(package, name))) == [], name


def test_pressed_twice_it_is_one_request_and_one_package(raili: Resident) -> None:
    request = asks(raili)
    assert asks(raili) == request
    is_made(request)
    is_made(request)
    with scope(Role.WORKER):
        assert Request.objects.count() == 1
    assert kept()[0] == 1


@pytest.mark.security("V7.5.3")
def test_it_is_asked_for_with_a_fresh_sign_in_only(raili: Resident) -> None:
    grow_old(raili)
    answer = raili.browser.post("/en/rights/everything/")
    assert (answer.status_code, kept()) == (403, (0, 0))
    with scope(Role.WORKER):
        assert Request.objects.count() == 0


@pytest.mark.usefixtures("raili")
def test_every_column_that_the_policy_exports_is_in_it_and_no_other() -> None:
    exporting = {label for label, columns in policy().items() if any(row["export"] for row in columns.values())}
    assert exporting == {*WHOSE, *OUTSIDE, *ELSEWHERE}
    assert set(exported("ledger.Entry")) - {"body"} == set(COLUMNS)
    for label in WHOSE:
        names = {field.name for field in apps.get_model(label)._meta.local_fields}
        assert set(exported(label)) <= names, label


def test_the_portals_own_rows_are_opened_and_tell_nothing_that_stays(raili: Resident) -> None:
    user = User.objects.get(person=raili.person)
    UserSession.objects.create(user=user, ip="192.0.2.7", session_key="never-told", user_agent="A browser")
    request = asks(raili)
    is_made(request)
    package = taken(raili, request)
    told = {each["table"]: each["rows"] for each in read(package, "portal/rows.json")["tables"]}
    assert [(row["ip"], row["user_agent"]) for row in told["usersessions.UserSession"]] == [("192.0.2.7", "A browser")]
    assert b"never-told" not in package.read("portal/rows.json") + package.read("portal/rows.html")
    [person] = told["people.Person"]
    assert (person["names"], person["identity_code"]) == ({"given": "Testi", "family": "raili"}, "170951-914V")
    for label, rows in told.items():
        wanted = {told_name(name) for name in exported(label)}
        assert all(set(row) == wanted for row in rows), label


@pytest.mark.security("B22", "V1.2.10")
def test_a_cell_is_no_formula_and_the_json_is_exact(loaded_city: None, db: None) -> None:
    said = ["=1+1", "+358", "-5", "@SUM(A1)", "\t=1", "\r=1", "<script>alert(1)</script>", 'a;"b"\nc']
    dataset = Dataset.objects.select_related("register__department").get(slug="library-loans")
    fields = (FieldSpec("title", "Title", FieldType.TEXT),)
    table = Table(dataset, fields, (said,), len(said), 0, timezone.now(), None)
    files = {name: b"".join(parts) for name, parts in files_of(table, {"city": city()}, language="en")}
    rows = list(csv.reader(StringIO(files["copies/library-loans.csv"].decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [f"'{text}" for text in said[:6]] + said[6:]
    assert [record["title"] for record in json.decode(files["copies/library-loans.json"])["records"]] == said
    assert "<script" not in files["copies/library-loans.html"].decode()


def test_what_rests_on_a_contract_stands_apart(loaded_city: None, db: None) -> None:
    dataset = Dataset.objects.select_related("register__department").filter(register__basis="b").first()
    assert dataset is not None
    table = Table(dataset, (), (), 0, 0, timezone.now(), None)
    files = dict(files_of(table, {"city": city()}, language="en"))
    assert {name.split("/")[0] for name in files} == {"article-20"}
    assert json.decode(b"".join(files[f"article-20/{dataset.slug}.json"]))["article_20"] is True


def test_who_is_silent_is_named_asked_again_alone_and_added(raili: Resident, departments: City) -> None:
    departments.departments.moods.set("library", Mood.DOWN)
    request = asks(raili)
    is_made(request)
    first = taken(raili, request)
    assert ("library" in [each["source"] for each in read(first, "manifest.json")["missing"]]) is True
    assert (states(request)["library"], states(request)["early-education"]) == ("waiting", "done")
    assert "copies/library-loans.json" not in first.namelist()
    page = raili.browser.get(f"/en/rights/{request}/").content.decode()
    assert "did not answer. We ask again" in page
    departments.departments.moods.set("library", Mood.OK)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        is_made(request)
        second = taken(signed_in_again(raili), request)
    assert "copies/library-loans.json" in second.namelist()
    assert read(second, "manifest.json")["edition"] == 2


def test_who_never_answers_is_given_up_after_a_day_and_told(raili: Resident, departments: City) -> None:
    departments.departments.moods.set("library", Mood.DOWN)
    request = asks(raili)
    is_made(request)
    with time_machine.travel(timezone.now() + timedelta(hours=24), tick=True):
        is_made(request)
        page = signed_in_again(raili).browser.get(f"/en/rights/{request}/").content.decode()
    assert states(request)["library"] == "failed"
    assert "did not answer within 24 hours" in page
    departments.departments.moods.set("library", Mood.OK)


def test_what_a_person_has_to_look_for_keeps_it_open(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    assert (row_of(request).state, states(request)["pupils"]) == ("working", "by_hand")
    page = raili.browser.get(f"/en/rights/{request}/").content.decode()
    assert "A person looks for these" in page
    with scope(Role.WORKER):
        assert Notice.objects.filter(person_id=raili.person, kind="request_answered").count() == 1


def test_taken_back_nothing_is_kept_and_nothing_more_is_made(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    assert kept() == (1, 1)
    raili.browser.post(f"/en/rights/{request}/take-back/")
    with scope(Role.WORKER):
        [arguments] = Job.objects.filter(name="requests.remove_packages").values_list("arguments", flat=True)
    assert raili.browser.post(f"/en/rights/{request}/package/").status_code == 404
    remove_packages(arguments["request_id"])
    is_made(request)
    assert kept() == (0, 0)


def test_it_is_removed_after_three_days(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    now = timezone.now()
    assert [remove_old_packages(at=now + timedelta(hours=hours)) for hours in (71, 73)] == [0, 1]
    assert kept() == (0, 0)
    with time_machine.travel(now + timedelta(hours=73), tick=True):
        page = signed_in_again(raili).browser.get(f"/en/rights/{request}/").content.decode()
    assert ("The package is no longer here" in page, "Download the package" in page) == (True, False)


def test_it_stands_sealed(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    title = read(taken(raili, request), "copies/library-loans.json")["records"][0]["title"]
    with scope(Role.WORKER):
        sealed = b"".join(bytes(piece) for piece in Piece.objects.values_list("sealed", flat=True))
    assert (title.encode() in sealed, b"PK\x03\x04" in sealed, b"index.html" in sealed) == (False, False, False)


def test_it_is_checked_without_us(raili: Resident, tmp_path: Path) -> None:
    request = asks(raili)
    sealed_log()
    is_made(request)
    package = taken(raili, request)
    file, folder, keys = tmp_path / "all.zip", tmp_path / "all", tmp_path / "keys.json"
    assert isinstance(package.fp, BytesIO)
    file.write_bytes(package.fp.getvalue())
    package.extractall(folder)
    keys.write_bytes(json.encode({"keys": public_keys("receipts", "checkpoints")}))
    assert verified(file, folder, keys=keys) == (0, 2)
    (folder / "copies" / "library-loans.csv").write_text("changed")
    assert verified(file, folder, keys=keys) == (1, 1)
    (folder / "more.txt").write_text("more")
    assert verified(folder, keys=keys) == (1, 0)


def verified(*files: Path, keys: Path) -> tuple[int, int]:
    """(exit code, how many are genuine)."""
    argv = [sys.executable, str(VERIFY), *map(str, files), "--keys", str(keys)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.count("The package is genuine")


@pytest.mark.parametrize(("language", "title"), [("fi", "Kopio tiedoistasi"), ("sv", "En kopia av dina uppgifter")])
def test_it_speaks_the_language_it_was_asked_in(language: str, title: str, raili: Resident) -> None:
    request = asks(raili, language)
    is_made(request)
    package = taken(raili, request)
    page = package.read("index.html").decode()
    assert (f'lang="{language}"' in page, f"<h1>{title}</h1>" in page) == (True, True)
    paper = PdfReader(BytesIO(package.read("summary.pdf")))
    assert (str(paper.root_object["/Lang"]), title in paper.pages[0].extract_text()) == (language, True)


def test_no_page_of_it_needs_a_network_or_runs_anything(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    package = taken(raili, request)
    pages = [package.read(name).decode() for name in package.namelist() if name.endswith(".html")]
    assert len(pages) > 3
    wrong = ("<script", "http://", "https://", "style=", "onclick")
    assert [bad for page in pages for bad in wrong if bad in page] == []


def test_the_log_tells_that_it_was_made_and_taken(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    taken(raili, request)
    sealed_log()
    with scope(Role.WORKER):
        kinds: list[Any] = list(Entry.objects.filter(subject=raili.person).values_list("kind", flat=True))
    assert [kinds.count(f"requests.{kind}") for kind in ("made", "packed", "downloaded")] == [1, 1, 1]


def test_when_a_person_has_looked_the_rest_is_ended(raili: Resident) -> None:
    request = asks(raili)
    is_made(request)
    by = Actor(ActorKind.STAFF, "staff-1", Right.OFFICE, unit="youth", role="desk")
    for part in parts_by_hand(request):
        state = PartState.DONE if part.source == "pupils" else PartState.NOTHING
        answer_part(part.pk, state, files=[], staff=["*"], by=by, at=timezone.now())
    assert states(request)["youth-card"] == "nothing"
    is_made(request)
    assert (row_of(request).state, row_of(request).outcome) == ("answered", "done")
    assert "Download the package" in raili.browser.get(f"/en/rights/{request}/").content.decode()
