"""What of a person's matters a page may show: everything to themselves, to another what their right reaches."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from consents.enums import ConsentState
from consents.models import Consent, PurposeText, Receipt
from consents.queries.brought import uses_what_was_brought
from consents.queries.reading import consents_of, given_by
from consents.queries.texts import texts_asked_anew
from consents.queries.voices import voice_about
from consents.receipts.reading import receipts_of
from consents.rules.acting import GUARDIAN, OF_AGE, OWN, Says, Voice, birthday, is_nearly_grown
from consents.rules.lifecycle import may_withdraw
from datasources.queries.holdings import DepartmentCard, departments_of
from portal.ledger.models import Entry
from portal.ledger.queries import entries_about
from portal.pages.door import ResidentRequest
from portal.pages.permission_cards import Card, card_of
from portal.people.behalf.powers import birth_of
from portal.people.behalf.rules import sees_records
from portal.requests.enums import RequestKind
from portal.requests.models import Request
from portal.requests.queries import requests_of

# The session's own note, so that a page reads no identity code to know it.
_OF_AGE = "of_age"
_STANDING = (ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING)


def consents(request: ResidentRequest) -> QuerySet[Consent]:
    """Permissions and questions of the departments that the right reaches.

    A question for two is not put where only one guardian may know of it; what stands is shown, and can be taken back.
    Of a young person's own questions, from fifteen on, a guardian does not know.
    """
    rows, power = consents_of(request.person), request.power
    if power is None:
        return rows
    # What a person brought from a watch or phone is theirs alone, and so is every question about it.
    rows = rows.exclude(uses_what_was_brought("purpose"))
    if _is_guardian_of_nearly_grown(request):
        rows = rows.exclude(pk__in=[row.pk for row in _their_own(rows)])
    if power.topics is None and not power.alone_only:
        return rows
    recipients = set(rows.values_list("recipient", flat=True))
    reached = {recipient for recipient in recipients if power.covers(recipient)}
    offered = {recipient for recipient in reached if power.offers(recipient)}
    return rows.filter(Q(recipient__in=offered) | Q(recipient__in=reached, state__in=_STANDING))


def _is_guardian_of_nearly_grown(request: ResidentRequest) -> bool:
    if request.actor.right.value != GUARDIAN:
        return False
    return is_nearly_grown(Says(GUARDIAN, born_of(request)), today=_today())


def _their_own(rows: QuerySet[Consent]) -> list[Consent]:
    """What a guardian neither answers, too, nor has said yes to: what they once allowed they may still take back."""
    alone = rows.filter(purpose__guardian_too=False)
    return [row for row in alone if row.state not in _STANDING or given_by(row)[0] != GUARDIAN]


def cards(request: ResidentRequest) -> list[Card]:
    """The same as list rows; one statement, and one for each that is half given or that a guardian only reads."""
    rows = list(consents(request))
    anew = texts_asked_anew(rows)
    return [_card(request, row, anew.get(row.purpose_id)) for row in rows]


def _card(request: ResidentRequest, row: Consent, asked: PurposeText | None) -> Card:
    side = says(request, row)
    speaks = voice_about(row, side, today=_today()) is Voice.ANSWERS
    may_stop = may_take_back(row, side, speaks=speaks)
    return card_of(row, asked=asked, half=waits_for_another(request, row), speaks=speaks, may_stop=may_stop)


def may_take_back(consent: Consent, side: Says, *, speaks: bool) -> bool:
    """There is something to take back, and it is theirs to do so: the person's at any age, a guardian's what they gave.

    `speaks`: it is theirs to answer. One statement more where a guardian may only read it.
    """
    if not may_withdraw(ConsentState(consent.state)):
        return False
    return speaks or side.right == OWN or side.right == GUARDIAN == given_by(consent)[0]


def receipts(request: ResidentRequest) -> QuerySet[Receipt]:
    """Receipts of the permissions that the right reaches."""
    rows, power = receipts_of(request.person), request.power
    if power is not None:
        rows = rows.exclude(consent__in=consents_of(request.person).filter(uses_what_was_brought("purpose")))
    if _is_guardian_of_nearly_grown(request):
        rows = rows.exclude(consent__in=_their_own(consents_of(request.person)))
    return rows if power is None or power.topics is None else rows.filter(consent__recipient__in=power.topics)


def departments(request: ResidentRequest) -> tuple[DepartmentCard, ...]:
    """Every department that the right reaches, with what it holds; none where it is not shown."""
    if not shows_records(request):
        return ()
    return tuple(each for each in departments_of(request.person) if covers(request, each.slug))


def entries(request: ResidentRequest) -> QuerySet[Entry]:
    """The log: whole, or that of the departments that the right reaches; without a young person's own questions.

    Nor does it tell what registers hold of a young person, but for the permissions that the guardian knows of.
    """
    rows, power = entries_about(request.person), request.power
    if power is not None:
        theirs = consents_of(request.person).filter(uses_what_was_brought("purpose"))
        alone = theirs.values_list("purpose__slug", flat=True)
        # What somebody thinks of the city's services is theirs, too.
        for room in ("wearables.", "usecases."):
            rows = rows.exclude(kind__startswith=room)
        rows = rows.exclude(purpose__in=list(alone))
    if _is_guardian_of_nearly_grown(request):
        rows = rows.exclude(purpose__in=[row.purpose.slug for row in _their_own(consents_of(request.person))])
    if not shows_records(request):
        rows = rows.filter(Q(datasets=[]) | Q(purpose__in=[row.purpose.slug for row in consents(request)]))
    return rows if power is None or power.topics is None else rows.filter(department__in=power.topics)


def requests_made(request: ResidentRequest) -> QuerySet[Request]:
    """What was asked of the city: by the person or for them, of the departments that the right reaches."""
    rows, power = requests_of(request.person), request.power
    if not shows_records(request):
        rows = rows.filter(asked_by=request.actor.id)
    if power is None or power.topics is None:
        return rows
    return rows.filter(Q(department__in=power.topics) | Q(kind=RequestKind.ALL, asked_by=request.actor.id))


def packages_asked(request: ResidentRequest) -> QuerySet[Request]:
    """Copies of everything that whoever looks may take: the person all, another what they asked for themselves."""
    rows = requests_of(request.person).filter(kind=RequestKind.ALL)
    if request.power is None:
        return rows
    if not shows_records(request):
        return rows.none()
    return rows.filter(asked_by=request.actor.id, asked_right=request.actor.right.value)


def shows_records(request: ResidentRequest) -> bool:
    """What registers hold of the person is shown to whoever looks."""
    return request.power is None or sees_records(request.power, today=_today())


def covers(request: ResidentRequest, department: str) -> bool:
    """The right reaches this department's matters."""
    return request.power is None or request.power.covers(department)


def says(request: ResidentRequest, consent: Consent) -> Says:
    """From whose side an answer to this question would come."""
    agree = request.power.must_agree(consent.recipient) if request.power else frozenset()
    return Says(request.actor.right.value, born_of(request), agree)


def born_of(request: ResidentRequest) -> date | None:
    """When the person whose matters these are was born; None: of age, and who is of age once is so for ever."""
    if request.power is not None:
        return request.power.born
    if request.session.get(_OF_AGE):
        return None
    if request.born is None:
        request.born = birth_of(request.person)
    if _today() >= birthday(request.born, OF_AGE):
        request.session[_OF_AGE] = True
    return request.born


def _today() -> date:
    return timezone.localdate()


def waits_for_another(request: ResidentRequest, consent: Consent) -> bool:
    """Half given, and whoever looks has said yes already."""
    return consent.state == ConsentState.PENDING and request.actor.id in given_by(consent)[1]
