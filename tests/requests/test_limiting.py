"""Restriction and objection from the page to the next check, and what may be chosen."""

import html
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from consents.enums import Ground
from consents.models import Announcement, Purpose, Restriction
from consents.queries.limiting import limitable
from consents.queries.reading import consents_of
from demo.people import staff as workers
from portal.ledger.actions import sequence
from portal.ledger.actor import Right, acting_for, system
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.requests.enums import RequestKind
from portal.requests.following import follow_up
from portal.requests.limiting import Limit, ask_limit
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.consents.test_limits import asked, raili
from tests.pages.conftest import city, resident_in
from tests.residents import CODES, Resident, enter
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "raili", "resident_in"]
Enter = Callable[[str], Resident]
REGISTER, PURPOSE = "register:sports-customers", "purpose:swimming-reminders"


def page(one: Resident, path: str) -> str:
    return html.unescape(one.browser.get(f"/en/rights/{path}").content.decode())


def sent(one: Resident, kind: str, **told: str) -> tuple[Request, Restriction]:
    answer = one.browser.post(f"/en/rights/{kind}/", told)
    assert answer.status_code == 302, answer.content.decode()
    with scope(Role.WORKER):
        request = Request.objects.order_by("-received_at")[0]
        return request, Restriction.objects.get(request=request.pk)


def ended(request: Request, **how: str) -> None:
    with scope(Role.WORKER, persons=[request.person_id]):
        Request.objects.filter(pk=request.pk).update(closed_at=timezone.now(), **how)
        follow_up(request.pk, by=system("tests"), at=timezone.now())


@pytest.mark.parametrize("what", [REGISTER, PURPOSE])
def test_from_the_press_on_the_next_check_says_no_until_it_is_taken_back(what: str, raili: Resident) -> None:
    assert asked("raili") == ["allowed_by_consent"]
    request, row = sent(raili, "limit", what=what, ground="unlawful")
    assert (request.kind, request.department, row.begins_at is not None) == ("restrict", "sports", True)
    assert asked("raili") == ["restricted"]
    assert "The data has not been used since" in page(raili, f"{request.pk}/")
    raili.browser.post(f"/en/rights/{request.pk}/take-back/")
    with scope(Role.WORKER):
        follow_up(request.pk, by=system("tests"), at=timezone.now())
    assert asked("raili") == ["allowed_by_consent"]
    assert "The restriction ended" in page(raili, f"{request.pk}/")


def test_pressed_twice_it_is_one_restriction(raili: Resident) -> None:
    sent(raili, "limit", what=REGISTER, ground="needed")
    sent(raili, "limit", what=REGISTER, ground="needed")
    with scope(Role.WORKER):
        assert (Request.objects.count(), Restriction.objects.count()) == (1, 1)


def test_what_follows_is_done_once(raili: Resident) -> None:
    request, row = sent(raili, "limit", what=REGISTER, ground="needed")
    ended(request, state="answered", outcome="refused", answered_by="portal")
    with scope(Role.WORKER, persons=[raili.person]):
        told = Restriction.objects.get(pk=row.pk).told_at
        follow_up(request.pk, by=system("tests"), at=timezone.now())
        assert Restriction.objects.get(pk=row.pk).told_at == told


def objectionable(one: Resident) -> str:
    """A register that rests on a task in the public interest."""
    with scope(Role.RESIDENT, persons=[one.person]):
        return next(
            f"register:{each.slug}" for each in limitable("en") if each.kind == "register" and each.basis == "e"
        )


def test_an_objection_is_weighed_and_stands_when_it_is_granted(raili: Resident) -> None:
    request, row = sent(raili, "object", what=objectionable(raili), ground="situation", said="My address is secret.")
    assert (row.begins_at is not None, row.objected_at) == (True, None)
    ended(request, state="answered", outcome="done", answered_by="portal")
    with scope(Role.WORKER):
        assert Restriction.objects.get(pk=row.pk).objected_at is not None
    assert "The objection stands." in page(raili, f"{request.pk}/")


def test_what_somebody_takes_for_direct_marketing_is_held_back_while_its_keeper_looks(raili: Resident) -> None:
    """It needs no words; but only a mark says that it is direct marketing."""
    request, row = sent(raili, "object", what=objectionable(raili), ground="marketing")
    assert (row.begins_at is not None, row.objected_at, request.state) == (True, None, "received")
    assert "The data has not been used since" in page(raili, f"{request.pk}/")
    ended(request, state="answered", outcome="refused", ground="not_marketing", answered_by="portal")
    shown = page(raili, f"{request.pk}/")
    assert ("The use is not direct marketing." in shown, "The restriction ends on" in shown) == (True, True)
    again, row = sent(raili, "object", what=objectionable(raili), ground="marketing")
    ended(again, state="answered", outcome="done", answered_by="portal")
    with scope(Role.WORKER):
        assert Restriction.objects.get(pk=row.pk).objected_at is not None


def test_its_keeper_reads_what_to_look_at(raili: Resident, hire: Hire) -> None:
    request, _ = sent(raili, "object", what=objectionable(raili), ground="marketing")
    keeper = hire("keeper", request.department, code=OWN["keeper-library"])
    place = f"/admin/requests/request/{request.pk}/change/"
    keeper.post(place, {"do": "open"})
    shown = html.unescape(keeper.get(place).content.decode())
    assert ("If it is, the objection cannot be refused" in shown, 'value="not_marketing"' in shown) == (True, True)


@pytest.fixture
def marketing(raili: Resident) -> Resident:
    """The swimming reminders, to which she has said yes, are direct marketing."""
    with scope(Role.STAFF, departments=["sports"]):
        assert Purpose.objects.filter(slug="swimming-reminders").update(direct_marketing=True) == 1
    return raili


def fed(person: UUID) -> list[tuple[str, str]]:
    with scope(Role.WORKER, persons=[person]):
        return list(
            Announcement.objects.filter(person_id=person).order_by("happened_at").values_list("kind", "purpose")
        )


def test_one_press_ends_direct_marketing_and_nobody_is_left_to_weigh_it(marketing: Resident) -> None:
    request, row = sent(marketing, "object", what=PURPOSE)
    assert (asked("raili"), row.objected_at is not None) == (["objected"], True)
    assert (request.state, request.outcome, request.answered_by) == ("answered", "done", "portal")
    assert fed(marketing.person)[-1] == ("data.restricted", "swimming-reminders")
    shown = page(marketing, f"{request.pk}/")
    words = ("A reminder before a course starts", "The objection stands.", "Take the objection back")
    assert [word in shown for word in words] == [True] * 3
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        answered = Entry.objects.get(subject=marketing.person, kind="requests.answered")
    assert (answered.actor_kind, answered.reference) == ("system", request.number)
    # Pressed again it is the same; the page says so instead of asking.
    again, _ = sent(marketing, "object", what=PURPOSE, ground="situation")
    assert again.pk == request.pk
    shown = page(marketing, "object/")
    assert ("You have objected to this." in shown, f'name="what" value="{PURPOSE}"' in shown) == (True, False)


def test_what_another_asks_waits_for_the_keeper_and_the_persons_own_press_does_not(marketing: Resident) -> None:
    wanted = Limit(RequestKind.OBJECT, "sports", Ground.MARKETING, purpose="swimming-reminders", marketing=True)
    at, by = timezone.now(), acting_for(uuid4(), Right.GUARDIAN)
    with scope(Role.RESIDENT, persons=[marketing.person]):
        request, _ = ask_limit(wanted, person=marketing.person, language="en", by=by, at=at, at_once=False)
    assert (request.state, asked("raili")) == ("received", ["allowed_by_consent"])
    own, row = sent(marketing, "object", what=PURPOSE)
    assert (own.pk, own.state, row.objected_at is not None) == (request.pk, "answered", True)
    assert asked("raili") == ["objected"]


def test_only_the_person_ends_an_objection_to_direct_marketing(marketing: Resident, hire: Hire) -> None:
    request, row = sent(marketing, "object", what=PURPOSE)
    keeper = hire("keeper", "sports", code=OWN["keeper-library"])
    shown = html.unescape(keeper.get(f"{LIST}{row.pk}/change/").content.decode())
    assert ("only the person ends it" in shown, 'id="foretold"' in shown) == (True, False)
    keeper.post(f"{LIST}{row.pk}/change/")
    assert asked("raili") == ["objected"]
    assert "Then the data may be used for this again" in page(marketing, f"{request.pk}/take-back/")
    marketing.browser.post(f"/en/rights/{request.pk}/take-back/")
    with scope(Role.WORKER):
        follow_up(request.pk, by=system("tests"), at=timezone.now())
    assert (asked("raili"), fed(marketing.person)[-1]) == (
        ["allowed_by_consent"],
        ("data.freed", "swimming-reminders"),
    )


def test_direct_marketing_is_told_wherever_the_use_is(marketing: Resident) -> None:
    with scope(Role.RESIDENT, persons=[marketing.person]):
        consent = consents_of(marketing.person).get(purpose__slug="swimming-reminders")
    for path in (f"permissions/{consent.pk}/", "registers/sports-customers/"):
        shown = marketing.browser.get(f"/en/{path}").content.decode()
        assert shown.count("This is direct marketing. You may object to it at any time") == 1, path
    assert "direct marketing" not in marketing.browser.get("/en/registers/library-customers/").content.decode()


def test_only_what_the_table_of_rights_names_can_be_objected_to_and_the_rest_says_why(raili: Resident) -> None:
    shown = page(raili, "object/")
    with scope(Role.RESIDENT, persons=[raili.person]):
        things = limitable("en")
    may = {f"{each.kind}:{each.slug}" for each in things if each.basis in "ef"}
    assert {f"{each.kind}:{each.slug}" for each in things if f'value="{each.kind}:{each.slug}"' in shown} == may
    assert may
    for each in things:
        assert each.name in shown
    # A permission is taken back, not objected to.
    assert raili.browser.post("/en/rights/object/", {"what": PURPOSE, "ground": "marketing"}).status_code == 422


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("limit", {}, ("Choose what this is about.", "Choose a reason.")),
        ("limit", {"what": "register:no-such", "ground": "unlawful"}, ("Choose what this is about.",)),
        ("limit", {"what": REGISTER, "ground": "marketing"}, ("Choose a reason.",)),
        ("object", {"ground": "situation"}, ("Tell about your situation.",)),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_held_back(
    kind: str, told: dict[str, str], words: tuple[str, ...], raili: Resident
) -> None:
    answer = raili.browser.post(f"/en/rights/{kind}/", told)
    assert answer.status_code == 422
    assert [word in answer.content.decode() for word in words] == [True] * len(words)
    with scope(Role.WORKER):
        assert Restriction.objects.count() == 0


def test_the_page_that_leads_here_has_chosen_already(raili: Resident) -> None:
    shown = page(raili, "limit/?register=sports-customers")
    assert shown.count("checked") == 1
    assert f'value="{REGISTER}" aria-describedby="registers" checked' in shown


def test_one_persons_restriction_is_not_anothers(raili: Resident) -> None:
    otso: UUID = enter("otso").person
    sent(raili, "limit", what=REGISTER, ground="unlawful")
    with scope(Role.RESIDENT, persons=[otso]):
        assert Restriction.objects.count() == 0


LIST = "/admin/consents/restriction/"
OWN = {worker.slug: worker.identity_code for worker in workers()}


def test_a_keeper_ends_it_after_the_person_was_told(raili: Resident, hire: Hire) -> None:
    _, row = sent(raili, "limit", what=REGISTER, ground="unlawful")
    keeper = hire("keeper", "sports", code=OWN["keeper-library"])
    listed = keeper.get(LIST).content.decode()
    assert ("sports-customers" in listed, str(raili.person) in listed) == (True, False)
    shown = html.unescape(keeper.get(f"{LIST}{row.pk}/change/").content.decode())
    [foretold] = re.findall(r'id="foretold">([^<]+)<', shown)
    assert keeper.post(f"{LIST}{row.pk}/change/").status_code == 302
    keeper.post(f"{LIST}{row.pk}/change/")
    assert (asked("raili"), "The restriction ends on" in page(raili, f"{row.request}/")) == (["restricted"], True)
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Notice.objects.filter(person_id=raili.person, kind="limit_ends").count() == 1
    log = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(raili.browser.get("/fi/usage/").content.decode())))
    for part in re.split(r"(?<=\.) ", foretold):
        assert part.rstrip(".") in log, part


@pytest.mark.parametrize(
    ("group", "department", "code", "status"),
    [
        ("keeper", "library", OWN["keeper-library"], 404),
        ("auditor", "*", OWN["keeper-library"], 200),
        ("desk", "sports", OWN["keeper-library"], 404),
        # Their own: a colleague ends it.
        ("keeper", "sports", CODES["raili"], 302),
    ],
)
def test_nobody_else_ends_it(group: str, department: str, code: str, status: int, raili: Resident, hire: Hire) -> None:
    _, row = sent(raili, "limit", what=REGISTER, ground="unlawful")
    assert hire(group, department, code=code).post(f"{LIST}{row.pk}/change/").status_code == status
    with scope(Role.WORKER):
        assert Restriction.objects.get().told_at is None
