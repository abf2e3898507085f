"""Four eyes: what is not given in full is proposed by one person and confirmed by another, never by the same."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.ledger.actor import Actor, ActorKind, Right
from portal.notices.models import Notice
from portal.requests.actions import answer_request
from portal.requests.deciding import Wanted, confirm_answer, propose_answer, send_back
from portal.requests.enums import Law, Outcome, RequestState
from portal.requests.errors import NeedsTwo, NothingProposed, OwnProposal, ProposalWaits, WrongGround
from portal.requests.grounds import PLACES, Ground, grounds_of
from portal.requests.models import Proposal, Request
from portal.walls import Role, scope
from tests.acting import page_of
from tests.pages.conftest import city, resident_in
from tests.requests.queue import OWN, Enter, asks, kinds, now, page, press
from tests.residents import Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
REFUSED = {"outcome": "refused", "ground": "not_held", "answer": "Meillä ei ole varauksia."}
STAFF = ["sports"]


def keeper(name: str) -> Actor:
    return Actor(ActorKind.STAFF, name, Right.OFFICE, unit="sports", role="keeper")


@pytest.fixture
def asked(resident_in: Enter) -> tuple[Resident, Request]:
    raili = resident_in("raili")
    return raili, asks(raili)


@pytest.fixture
def first(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-library"])


@pytest.fixture
def second(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-early"])


def test_a_refusal_waits_for_a_second_person_and_names_its_ground_and_the_ombudsman(
    asked: tuple[Resident, Request], first: Client, second: Client
) -> None:
    raili, request = asked
    for browser in (first, second):
        press(browser, request, "open")
    assert press(first, request, "answer", **REFUSED) == 302
    assert (now(request).state, "Meillä ei ole varauksia." in page_of(raili, f"rights/{request.pk}/")) == (
        *(RequestState.RECEIVED, False),
    )
    assert "Meillä ei ole varauksia." in page(second, request)
    assert press(second, request, "confirm") == 302
    told = page_of(raili, f"rights/{request.pk}/")
    for words in ("Meillä ei ole varauksia.", "The city does not hold such data.", "Data Protection Ombudsman"):
        assert words in told
    assert "administrative court" not in told
    assert kinds(raili.person) == ["made", "opened", "opened", "proposed", "answered"]
    with scope(Role.WORKER):
        assert Notice.objects.filter(person_id=raili.person, kind="request_answered").count() == 1


def test_the_one_who_proposed_it_does_not_confirm_it(asked: tuple[Resident, Request], first: Client) -> None:
    _, request = asked
    press(first, request, "open")
    press(first, request, "answer", **REFUSED)
    press(first, request, "open")
    seen = page(first, request)
    assert ("Another person confirms it." in seen, 'value="confirm"' in seen) == (True, False)
    press(first, request, "confirm")
    assert now(request).state == RequestState.RECEIVED


def test_the_database_holds_it_too(asked: tuple[Resident, Request]) -> None:
    raili, request = asked
    told = {"outcome": "refused", "ground": "secret", "sealed_answer": b"x", "department": "sports"}
    who = {"proposed_by": "a", "proposed_at": timezone.now(), "decided_by": "a", "decided_at": timezone.now()}
    with (
        scope(Role.STAFF, persons=[raili.person], departments=STAFF),
        pytest.raises(IntegrityError, match="nobody_confirms_their_own_proposal"),
        transaction.atomic(),
    ):
        Proposal.objects.create(request=request, person_id=raili.person, confirmed=True, **told, **who)


def test_what_is_sent_back_is_proposed_anew(asked: tuple[Resident, Request]) -> None:
    raili, request = asked
    at = timezone.now()
    wanted = Wanted(Outcome.PARTLY, Ground.OTHERS, "Osaksi.")
    propose_answer(request.pk, wanted, staff=STAFF, by=keeper("a"), at=at)
    with pytest.raises(ProposalWaits):
        propose_answer(request.pk, wanted, staff=STAFF, by=keeper("b"), at=at)
    with pytest.raises(ProposalWaits):
        answer_request(request.pk, outcome=Outcome.DONE, answer="Tehty.", staff=STAFF, by=keeper("b"), at=at)
    with pytest.raises(OwnProposal):
        confirm_answer(request.pk, staff=STAFF, by=keeper("a"), at=at)
    send_back(request.pk, staff=STAFF, by=keeper("b"), at=at)
    with pytest.raises(NothingProposed):
        confirm_answer(request.pk, staff=STAFF, by=keeper("b"), at=at)
    propose_answer(request.pk, wanted, staff=STAFF, by=keeper("b"), at=at)
    confirm_answer(request.pk, staff=STAFF, by=keeper("a"), at=at)
    row = now(request)
    assert (row.outcome, row.ground, row.answered_by) == ("partly", "others", "a")
    assert kinds(raili.person) == ["made", "proposed", "sent_back", "proposed", "answered"]


@pytest.mark.parametrize("outcome", [Outcome.PARTLY, Outcome.REFUSED])
def test_no_one_alone_gives_less_than_was_asked(outcome: Outcome, asked: tuple[Resident, Request]) -> None:
    _, request = asked
    with pytest.raises(NeedsTwo):
        answer_request(request.pk, outcome=outcome, answer="Ei.", staff=STAFF, by=keeper("a"), at=timezone.now())


def test_a_refusal_needs_its_ground(asked: tuple[Resident, Request], first: Client) -> None:
    _, request = asked
    press(first, request, "open")
    assert press(first, request, "answer", **{**REFUSED, "ground": ""}) == 422
    # Of another law.
    assert press(first, request, "answer", **{**REFUSED, "ground": "secret"}) == 422
    wanted = Wanted(Outcome.REFUSED, Ground.SECRET, "Ei.")
    with pytest.raises(WrongGround):
        propose_answer(request.pk, wanted, staff=STAFF, by=keeper("a"), at=timezone.now())


def test_every_ground_has_its_place_in_one_law() -> None:
    assert set(PLACES) == set(Ground)
    told = {law: set(grounds_of(law)) for law in Law}
    assert (told[Law.GDPR] | told[Law.OPENNESS], told[Law.GDPR] & told[Law.OPENNESS]) == (set(Ground), set())
    assert {place.split()[0] for ground in told[Law.OPENNESS] for place in PLACES[ground]} == {"621/1999"}


def test_a_proposal_is_seen_by_its_department_only(asked: tuple[Resident, Request]) -> None:
    raili, request = asked
    wanted = Wanted(Outcome.REFUSED, Ground.NOT_HELD, "Ei.")
    propose_answer(request.pk, wanted, staff=STAFF, by=keeper("a"), at=timezone.now())
    seen = {}
    for department in ("sports", "library", "*"):
        with scope(Role.STAFF, persons=[raili.person], departments=[department]):
            seen[department] = Proposal.objects.count()
    assert seen == {"sports": 1, "library": 0, "*": 1}
