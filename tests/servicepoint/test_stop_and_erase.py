"""Taking back at a service point, with the receiver asked to erase what it got: as on the resident's own page."""

import html

from django.test import Client

from consents.enums import AnnouncementKind
from consents.models import Announcement
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.residents import CODES, Resident, enter
from tests.servicepoint.test_recording import clerk, consent_of, kinds_about, open_one, purpose, record, text
from tests.staffing import hire

__all__ = ["clerk", "hire"]


def allowed(clerk: Client) -> Resident:
    raili = enter("raili")
    open_one(clerk, CODES["raili"])
    assert record(clerk).status_code == 302
    return raili


def asked(one: Resident) -> list[Request]:
    with scope(Role.WORKER):
        return list(Request.objects.filter(person_id=one.person))


def test_the_receivers_keeper_has_a_request_which_the_person_sees(clerk: Client) -> None:
    raili = allowed(clerk)
    assert record(clerk, page="stop", erase="yes").status_code == 302
    [request] = asked(raili)
    told = (consent_of(raili.person).state, request.kind, request.department, request.aim, request.language)
    assert told == ("withdrawn", "erase", "sports", "swimming-reminders", "sv")
    with scope(Role.WORKER):
        heard = Announcement.objects.filter(person_id=raili.person, kind=AnnouncementKind.DATA_ERASED)
        assert [bool(row.datasets) for row in heard] == [True]
    assert kinds_about(raili.person)[-2:] == ["consents.withdrawn", "requests.made"]
    assert request.number in raili.browser.get("/en/rights/").content.decode()
    log = html.unescape(raili.browser.get("/en/usage/").content.decode())
    assert "A request of yours was recorded at a service point." in log


def test_what_is_not_chosen_is_not_asked(clerk: Client) -> None:
    raili = allowed(clerk)
    assert record(clerk, page="stop").status_code == 302
    assert (consent_of(raili.person).state, asked(raili)) == ("withdrawn", [])


def test_it_is_looked_at_once_more_before_it_is_written_down(clerk: Client) -> None:
    allowed(clerk)
    said = {"channel": "desk", "write_home": "no", "language": "en", "text": str(text().pk), "erase": "yes"}
    address = f"/admin/desk/purposes/{purpose().pk}/stop/"
    page = html.unescape(clerk.post(address, said).content.decode())
    assert "That the receiver is asked to erase the data it got with this permission" in page
    assert '<input type="hidden" name="erase" value="yes">' in page
    unknown = clerk.post(address, said | {"erase": "everything", "confirmed": "yes"})
    assert unknown.status_code == 422
