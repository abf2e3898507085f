"""The editor's pages as a browser without script gets them: who is let in, what is refused, what is rendered."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from consents.enums import TextState
from consents.forms import TextForm
from consents.models import Purpose, PurposeText
from consents.publishing.differences import ADDED, SAME, TAKEN, marked
from consents.publishing.drafting import send_for_approval
from datasources.models import Dataset
from portal.people.doors import STAFF, cookie_name
from portal.people.models import User, UserKind
from portal.staff import site
from portal.walls import Role, scope
from tests.consents.conftest import AT, KEEPER, SCOPE, staff, swimming, worded, written

HOST = {"host": "localhost", "accept-language": "en"}


@pytest.fixture
def enter(city: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signs a staff member in, with the second step taken as passed: that door has tests of its own."""
    call_command("make_groups")
    monkeypatch.setattr(site, "second_step_passed", lambda _: True)

    def entered(group: str, *departments: str) -> Client:
        user = User.objects.create(
            username=str(uuid4()), kind=UserKind.STAFF, is_staff=True, departments=[*departments]
        )
        with scope(Role.STAFF, departments=["*"]):
            user.groups.set(Group.objects.filter(name=group))
        browser = Client(headers=HOST)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return _renamed(browser)

    return entered


def _renamed(browser: Client) -> Client:
    session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    browser.cookies[cookie_name(STAFF, settings.SESSION_COOKIE_NAME)] = session.value
    return browser


def at(text: PurposeText, *rest: str) -> str:
    return "/".join(["/admin/consents/purpose", str(text.purpose_id), "texts", str(text.pk), *rest, ""])


def typed(parts: dict[str, dict[str, str]], revision: int) -> dict[str, Any]:
    return TextForm.initial_of(parts, SCOPE, revision)


def now(text: PurposeText) -> PurposeText:
    with staff():
        return PurposeText.objects.get(pk=text.pk)


def test_a_keeper_saves_checks_and_sends_without_script(draft: PurposeText, enter: Any) -> None:
    keeper = enter("keeper", "sports")
    page = keeper.get(at(draft)).content.decode()
    assert "things to mend" in page
    checked = keeper.post(at(draft), typed(swimming(), 1) | {"do": "check"})
    assert ("Nothing stops this text." in checked.content.decode(), now(draft).revision) == (True, 1)
    assert keeper.post(at(draft), typed(swimming(), 1) | {"do": "save"}).status_code == 302
    assert (now(draft).revision, now(draft).parts) == (2, swimming())
    keeper.post(at(draft, "step"), {"step": "send", "revision": 2})
    assert now(draft).state == TextState.LINTED


def test_the_fragment_tells_what_is_typed_and_saves_nothing(draft: PurposeText, enter: Any) -> None:
    keeper = enter("keeper", "sports")
    hard = worded("sv", "risk", "Den <script>kan</script> erhålla meddelandet.")
    part = keeper.post(at(draft, "check"), typed(hard, 1)).content.decode()
    assert 'href="#id_sv_risk"' in part
    assert "&lt;script&gt;" in part
    assert "<script" not in part
    assert ("<html" in part, now(draft).revision) == (False, 1)


def test_what_is_typed_too_late_is_refused_and_not_lost(draft: PurposeText, enter: Any) -> None:
    keeper = enter("keeper", "sports")
    written(draft)
    late = keeper.post(at(draft), typed(worded("fi", "why", "Toinen teksti."), 1) | {"do": "save"})
    page = late.content.decode()
    assert (late.status_code, "Toinen teksti." in page) == (409, True)
    assert "Someone saved this text after you opened it." in page
    assert now(draft).parts == swimming()


def test_an_officer_approves_and_a_keeper_does_not(draft: PurposeText, enter: Any) -> None:
    text = written(draft)
    with staff():
        send_for_approval(text.pk, revision=2, by=KEEPER, at=AT)
    keeper, officer = enter("keeper", "sports"), enter("dpo", "*")
    keeper.post(at(draft, "step"), {"step": "approve", "revision": 2})
    assert now(draft).state == TextState.LINTED
    officer.post(at(draft, "step"), {"step": "send_back", "revision": 2, "reason": ""})
    assert now(draft).state == TextState.LINTED
    officer.post(at(draft, "step"), {"step": "approve", "revision": 2})
    assert now(draft).state == TextState.APPROVED
    officer.post(at(draft, "step"), {"step": "publish", "revision": 2})
    assert now(draft).state == TextState.APPROVED
    keeper.post(at(draft, "step"), {"step": "publish", "revision": 2})
    assert now(draft).state == TextState.PUBLISHED


@pytest.mark.parametrize(("group", "departments"), [("keeper", ["library"]), ("auditor", ["*"]), ("dpo", ["*"])])
def test_others_read_and_write_nothing(draft: PurposeText, enter: Any, group: str, departments: list[str]) -> None:
    other = enter(group, *departments)
    assert '<textarea name="fi_why"' not in other.get(at(draft)).content.decode()
    assert other.post(at(draft), typed(swimming(), 1) | {"do": "save"}).status_code == 404
    assert other.post(at(draft, "check"), typed(swimming(), 1)).status_code == 404
    base = f"/admin/consents/purpose/{draft.purpose_id}"
    assert [other.post(f"{base}/{rest}/").status_code for rest in ("close", "new-version")] == [404, 404]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_preview_is_the_residents_own_page(draft: PurposeText, enter: Any, language: str) -> None:
    text = written(draft, worded(language, "risk", "Risk <b>x</b>"))
    page = enter("keeper", "sports").get(at(text, "preview", language)).content.decode()
    parts = swimming()[language]
    assert f'<html lang="{language}">' in page
    assert all(parts[part] in page for part in ("who", "why", "if_no", "how_long"))
    assert "Risk &lt;b&gt;x&lt;/b&gt;" in page
    assert f'href="/{language}/registers/"' in page
    assert re.findall(r"<script|style=|\{\{", page) == []
    assert enter("keeper", "sports").get(at(text, "preview", "de")).status_code == 404


def test_the_history_marks_what_was_put_in_and_taken_out(draft: PurposeText, enter: Any) -> None:
    text = written(written(draft), worded("en", "risk", "Someone who uses your computer may see the message."))
    page = enter("keeper", "sports").get(at(text, "history")).content.decode()
    assert "<del>phone</del><ins>computer</ins>" in page
    assert "By staff member keeper-1." in page


def test_a_keeper_begins_a_purpose_of_their_own_department_only(enter: Any) -> None:
    keeper = enter("keeper", "sports")
    page = keeper.get("/admin/consents/purpose/add/").content.decode()
    offered = re.findall(r"<option[^>]*>([^<]*)</option>", page.split('id="id_department"')[1].split("</select>")[0])
    assert len(offered) == 2
    with staff():
        department = Purpose.objects.get(slug="swimming-reminders").department_id
    told = {
        "slug": "new-one",
        "department": department,
        "basis": "a",
        "nature": "consent",
        "core_process": "customer_relations",
        "valid_days": "365",
        "child_decides_from": "13",
        "remind_days": "30",
        "free_because": "The same.",
    }
    made = keeper.post("/admin/consents/purpose/add/", told)
    with staff():
        text = PurposeText.objects.get(purpose__slug="new-one")
    assert (made.status_code, made.headers["Location"]) == (302, at(text))
    change = f"/admin/consents/purpose/{text.purpose_id}/change/"
    assert keeper.post(change, told | {"free_because": "Quite the same.", "direct_marketing": "on"}).status_code == 302
    with staff():
        assert Purpose.objects.values_list("free_because", "direct_marketing").get(slug="new-one") == (
            "Quite the same.",
            True,
        )


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"nature": "law"}, "This does not go with why it may be done."),
        ({"valid_days": ""}, "A permission always has an end"),
        ({"basis": "c", "nature": "law", "direct_marketing": "on"}, "No law asks for direct marketing."),
        ({"slug": "Two words"}, "Slug"),
        ({"child_decides_from": "16"}, "15 is the most"),
        ({"adults_only": "on", "guardian_too": "on"}, "no guardian answers"),
        ({"special_category": "on", "remind_days": "30"}, "30 and 7 days"),
        ({"remind_days": "30, 61"}, "from 1 to 60"),
    ],
)
def test_facts_that_do_not_go_together_are_told_in_words(enter: Any, other: dict[str, str], sentence: str) -> None:
    with staff():
        department = Purpose.objects.get(slug="swimming-reminders").department_id
    told = {"slug": "new-one", "department": department, "basis": "a", "nature": "consent", "child_decides_from": "13"}
    told |= {"core_process": "customer_relations", "valid_days": "365", "free_because": "The same."}
    page = enter("keeper", "sports").post("/admin/consents/purpose/add/", told | other).content.decode()
    assert sentence.lower() in page.lower()
    assert "Constraint" not in page


def test_a_new_version_is_begun_from_the_purpose(enter: Any) -> None:
    keeper = enter("keeper", "sports")
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
    page = f"/admin/consents/purpose/{purpose.pk}/new-version/"
    assert "Choose what the new version is." in keeper.post(page, {}).content.decode()
    assert keeper.post(page, {"kind": "ended"}).status_code == 302
    with staff():
        new = PurposeText.objects.get(purpose=purpose, version=2)
    assert (new.state, new.change, new.old_answers, new.scope) == ("draft", "change", "ended", SCOPE)


def test_closing_is_asked_once_more(enter: Any) -> None:
    keeper = enter("keeper", "sports")
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
    page = f"/admin/consents/purpose/{purpose.pk}/close/"
    assert "cannot be opened again" in keeper.get(page).content.decode()
    keeper.post(page)
    with staff():
        assert Purpose.objects.get(pk=purpose.pk).closed_at is not None


def test_a_text_whose_data_was_retired_is_still_read(draft: PurposeText, enter: Any) -> None:
    text = written(draft)
    with staff():
        Dataset.objects.filter(slug="sports-courses").update(retired_at=AT)
    keeper = enter("keeper", "sports")
    assert "The text cannot be checked" in keeper.get(at(text)).content.decode()
    assert keeper.get(at(text, "preview", "fi")).status_code == 200
    refused = keeper.post(at(text, "step"), {"step": "send", "revision": 2}, follow=True)
    assert "data that the catalogue does not have" in refused.content.decode()


def test_words_are_marked_word_by_word() -> None:
    assert marked("one two three", "one 2 three") == ((SAME, "one "), (TAKEN, "two"), (ADDED, "2"), (SAME, " three"))
