"""A permission that is on is changed in part, and renewed when it soon ends, on its own pages."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.models import Consent
from consents.queries.reading import consents_of, events_of
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.residents import Resident

Enter = Callable[[str], Resident]
PLACE = "sports-courses.place"


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    return resident_in("raili")


def on(raili: Resident, *, days_ago: int = 0) -> UUID:
    """The swimmer said yes to everything so many days ago."""
    with scope(Role.RESIDENT, persons=[raili.person]):
        consent = consents_of(raili.person).get(purpose__slug="swimming-reminders")
        shown = Shown(text=consent.text_id, language="en")
        given = give(consent.pk, shown=shown, optional=[PLACE], by=resident(raili.person), at=timezone.now())
        assert given.valid_from
        assert given.valid_until
        since = timedelta(days=days_ago)
        days = {"valid_from": given.valid_from - since, "valid_until": given.valid_until - since}
        Consent.objects.filter(pk=consent.pk).update(**days)
    return consent.pk


def row(raili: Resident, pk: UUID) -> tuple[Consent, int]:
    with scope(Role.RESIDENT, persons=[raili.person]):
        consent = Consent.objects.get(pk=pk)
        return consent, events_of(consent).count()


def test_a_part_is_left_out_and_taken_in_again(raili: Resident) -> None:
    pk = on(raili)
    page = raili.browser.get(f"/en/permissions/{pk}/change/").content.decode()
    assert f'value="{PLACE}" checked' in page
    before, _ = row(raili, pk)
    text = str(before.text_id)
    saved = raili.browser.post(f"/en/permissions/{pk}/change/", {"text": text})
    assert (saved.status_code, saved["Location"]) == (302, f"/en/permissions/{pk}/saved/")
    after, events = row(raili, pk)
    assert (PLACE in after.fields, after.valid_until, events) == (False, before.valid_until, 3)
    assert "checked" not in raili.browser.get(f"/en/permissions/{pk}/change/").content.decode()
    # The same again is nothing, and it may be taken in again.
    raili.browser.post(f"/en/permissions/{pk}/change/", {"text": text})
    assert row(raili, pk)[1] == 3
    raili.browser.post(f"/en/permissions/{pk}/change/", {"text": text, "optional": PLACE})
    assert PLACE in row(raili, pk)[0].fields


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 422), ({"text": "x"}, 422), ({"text": str(UUID(int=1))}, 409), ({"optional": "sports-courses.fee"}, 422)],
)
def test_what_cannot_be_saved_changes_nothing(raili: Resident, sent: dict[str, str], status: int) -> None:
    pk = on(raili)
    before, events = row(raili, pk)
    answer = raili.browser.post(f"/en/permissions/{pk}/change/", sent)
    assert answer.status_code == status
    assert "Your answer was not saved. Nothing changed." in answer.content.decode()
    after, now = row(raili, pk)
    assert (after.fields, now) == (before.fields, events)


def test_what_is_not_on_leads_to_its_page(raili: Resident) -> None:
    with scope(Role.RESIDENT, persons=[raili.person]):
        pk = consents_of(raili.person).get(purpose__slug="swimming-reminders").pk
    for path in ("change", "renew"):
        for send in (raili.browser.get, raili.browser.post):
            answer = send(f"/en/permissions/{pk}/{path}/")
            assert (answer.status_code, answer["Location"]) == (302, f"/en/permissions/{pk}/")


@pytest.mark.parametrize(("days", "renewable"), [(0, False), (304, False), (306, True), (364, True)])
def test_a_permission_is_renewed_in_its_last_sixty_days(raili: Resident, days: int, renewable: bool) -> None:
    pk = on(raili, days_ago=days)
    before, events = row(raili, pk)
    assert ("Renew permission" in raili.browser.get(f"/en/permissions/{pk}/").content.decode()) is renewable
    raili.browser.get(f"/en/permissions/{pk}/renew/")
    assert row(raili, pk)[1] == events
    raili.browser.post(f"/en/permissions/{pk}/renew/")
    after, now = row(raili, pk)
    assert before.valid_until is not None
    assert after.valid_until is not None
    assert (after.valid_until - before.valid_until > timedelta(days=300), now - events) == (renewable, int(renewable))
    assert after.fields == before.fields
