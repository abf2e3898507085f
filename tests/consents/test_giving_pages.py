"""The back office's pages of donations and return addresses: who may press what, and that two people do."""

from typing import Any
from uuid import UUID

import pytest

from consents.models import DonationModule, Outcome, Purpose, PurposeText, ReturnAddress
from portal.walls import Role, scope
from tests.consents.conftest import staff
from tests.consents.leading import Service
from tests.consents.test_editor_pages import enter

__all__ = ["enter"]
WORDS = {f"{language}_{part}": f"{part} {language}" for language in ("fi", "sv", "en") for part in ("title", "text")}
PART = {f"{language}_{part}": f"{part} {language}" for language in ("fi", "sv", "en") for part in ("name", "why")}


def facts(**other: str) -> dict[str, Any]:
    with staff():
        department = Purpose.objects.get(slug="swimming-reminders").department_id
    told = {"slug": "given-anew", "department": department, "basis": "a", "nature": "consent", "valid_days": "365"}
    told |= {"core_process": "arranging_services", "child_decides_from": "13", "remind_days": "30"}
    return told | {"free_because": "The same.", "adults_only": "on"} | other


def drafted(enter: Any) -> tuple[Any, Purpose]:
    keeper = enter("keeper", "sports")
    assert keeper.post("/admin/consents/purpose/add/", facts(donation="planning")).status_code == 302
    with staff():
        purpose = Purpose.objects.get(slug="given-anew")
        scope_asked = {"sports-visits": {"needed": [], "optional": ["place", "visited_at"]}}
        PurposeText.objects.filter(purpose=purpose).update(scope=scope_asked)
    return keeper, purpose


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"donation": "research"}, "Research names its plan"),
        ({"donation": "planning", "basis": "c", "nature": "law"}, "Data is given by permission only."),
    ],
)
def test_facts_of_a_donation_are_told_in_words(city: None, enter: Any, other: dict[str, str], sentence: str) -> None:
    page = enter("keeper", "sports").post("/admin/consents/purpose/add/", facts(**other)).content.decode()
    assert sentence in page
    assert "Constraint" not in page


def test_a_part_is_written_and_left_out_again(city: None, enter: Any) -> None:
    keeper, purpose = drafted(enter)
    page = f"/admin/consents/purpose/{purpose.pk}/parts/"
    told = PART | {"do": "keep", "slug": "visits", "fields_given": ["sports-visits.place", "sports-visits.visited_at"]}
    assert "There are no parts yet." in keeper.get(page).content.decode()
    assert "Please mend" in keeper.post(page, told | {"fields_given": ["sports-visits.group"]}).content.decode()
    assert keeper.post(page, told).status_code == 302
    with staff():
        row = DonationModule.objects.get(purpose=purpose)
    assert (row.fields, row.parts["sv"]) == (told["fields_given"], {"name": "name sv", "why": "why sv"})
    assert keeper.post(page, {"do": "drop", "slug": "visits"}).status_code == 302
    with staff():
        assert DonationModule.objects.filter(purpose=purpose).count() == 0


@pytest.mark.parametrize(("group", "department"), [("keeper", "library"), ("dpo", "*"), ("auditor", "*")])
def test_parts_are_written_by_their_own_keepers(city: None, enter: Any, group: str, department: str) -> None:
    _, purpose = drafted(enter)
    page = f"/admin/consents/purpose/{purpose.pk}/parts/"
    assert enter(group, department).post(page, PART | {"do": "keep", "slug": "visits"}).status_code == 404


@pytest.mark.parametrize(("department", "is_published"), [("library", False), ("sports", True)])
def test_facts_are_changed_by_their_own_keepers_until_a_text_is_published(
    city: None, enter: Any, department: str, is_published: bool
) -> None:
    _, purpose = drafted(enter)
    with staff():
        purpose = Purpose.objects.get(slug="swimming-hall-planning") if is_published else purpose
        before = Purpose.objects.filter(pk=purpose.pk).values().get()
    page = f"/admin/consents/purpose/{purpose.pk}/change/"
    assert enter("keeper", department).post(page, facts(valid_days="77")).status_code == 403
    with staff():
        assert Purpose.objects.filter(pk=purpose.pk).values().get() == before


def test_what_is_no_donation_has_no_page_of_parts(city: None, enter: Any) -> None:
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
    assert enter("keeper", "sports").get(f"/admin/consents/purpose/{purpose.pk}/parts/").status_code == 404


def test_parts_that_were_published_stay_as_they_are(city: None, enter: Any) -> None:
    with staff():
        purpose = Purpose.objects.get(slug="swimming-hall-planning")
    keeper, page = enter("keeper", "sports"), f"/admin/consents/purpose/{purpose.pk}/parts/"
    assert "Keep the part" not in keeper.get(page).content.decode()
    answer = keeper.post(page, {"do": "drop", "slug": "visits"}, follow=True)
    assert "parts stay as they are" in answer.content.decode()
    with staff():
        assert DonationModule.objects.filter(purpose=purpose).count() == 3


def test_a_report_is_drafted_by_one_and_published_by_another(city: None, enter: Any) -> None:
    keeper = enter("keeper", "sports")
    with staff():
        purpose = Purpose.objects.get(slug="swimming-hall-planning")
    add = "/admin/consents/outcome/add/"
    assert keeper.post(add, WORDS | {"purpose": purpose.pk, "sv_text": ""}).status_code == 422
    assert keeper.post(add, WORDS | {"purpose": purpose.pk}).status_code == 302
    with staff():
        row = Outcome.objects.get()
    page = f"/admin/consents/outcome/{row.pk}/change/"
    assert "Another person publishes it." in keeper.get(page).content.decode()
    assert "Another person publishes it." in keeper.post(page, follow=True).content.decode()
    assert enter("keeper", "library").get(page).status_code == 404
    assert enter("auditor", "*").post(page).status_code == 200
    with staff():
        assert Outcome.objects.get(pk=row.pk).published_at is None
    assert enter("dpo", "*").post(page).status_code == 302
    with staff():
        assert Outcome.objects.get(pk=row.pk).published_at is not None


def address_page(pk: UUID) -> str:
    return f"/admin/consents/returnaddress/{pk}/change/"


def test_an_address_is_confirmed_by_another_and_ended_by_either(city: None, enter: Any) -> None:
    service, keeper = Service(), enter("keeper", "sports")
    add = "/admin/consents/returnaddress/add/"
    told = {"client": str(service.client.pk), "address": "https://sports.example/spring/"}
    assert "begins with https://" in keeper.post(add, told | {"address": "http://x/?y"}).content.decode()
    assert keeper.post(add, told).status_code == 302
    with scope(Role.STAFF, departments=["sports"]):
        row = ReturnAddress.objects.get(address=told["address"])
    page = address_page(row.pk)
    assert "Another person confirms it." in keeper.post(page, {"do": "confirm"}, follow=True).content.decode()
    assert enter("keeper", "library").get(page).status_code == 404
    assert enter("dpo", "*").post(page, {"do": "confirm"}).status_code == 302
    with scope(Role.STAFF, departments=["sports"]):
        assert ReturnAddress.objects.get(pk=row.pk).confirmed_at is not None
    assert keeper.post(page, {"do": "end"}).status_code == 302
    with scope(Role.STAFF, departments=["sports"]):
        assert ReturnAddress.objects.get(pk=row.pk).ended_at is not None
