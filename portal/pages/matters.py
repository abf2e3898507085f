"""What of a person's matters a page may show: everything to themselves, to another what their right reaches."""

from django.db.models import Q, QuerySet

from consents.enums import ConsentState
from consents.models import Consent, Receipt
from consents.queries.reading import consents_of, given_by
from consents.queries.texts import texts_asked_anew
from consents.receipts.reading import receipts_of
from consents.rules.acting import Says
from datasources.queries.holdings import DepartmentCard, departments_of
from portal.ledger.models import Entry
from portal.ledger.queries import entries_about
from portal.pages.door import ResidentRequest
from portal.pages.permission_cards import Card, card_of
from portal.people.behalf.powers import birth_of

_STANDING = (ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING)


def consents(request: ResidentRequest) -> QuerySet[Consent]:
    """Permissions and questions of the departments that the right reaches.

    A question for two is not put where only one guardian may know of it; what stands is shown, and can be taken back.
    """
    rows, power = consents_of(request.person), request.power
    if power is None or (power.topics is None and not power.alone_only):
        return rows
    recipients = set(rows.values_list("recipient", flat=True))
    reached = {recipient for recipient in recipients if power.covers(recipient)}
    offered = {recipient for recipient in reached if power.offers(recipient)}
    return rows.filter(Q(recipient__in=offered) | Q(recipient__in=reached, state__in=_STANDING))


def cards(request: ResidentRequest) -> list[Card]:
    """The same as list rows; one statement, one more when something is asked anew, one for each that is half given."""
    rows = list(consents(request))
    anew = texts_asked_anew(rows)
    return [card_of(row, asked=anew.get(row.purpose_id), half=waits_for_another(request, row)) for row in rows]


def receipts(request: ResidentRequest) -> QuerySet[Receipt]:
    """Receipts of the permissions that the right reaches."""
    rows, power = receipts_of(request.person), request.power
    return rows if power is None or power.topics is None else rows.filter(consent__recipient__in=power.topics)


def departments(request: ResidentRequest) -> tuple[DepartmentCard, ...]:
    """Every department that the right reaches, with what it holds."""
    return tuple(each for each in departments_of(request.person) if covers(request, each.slug))


def entries(request: ResidentRequest) -> QuerySet[Entry]:
    """The log: whole, or that of the departments that the right reaches."""
    rows, power = entries_about(request.person), request.power
    return rows if power is None or power.topics is None else rows.filter(department__in=power.topics)


def covers(request: ResidentRequest, department: str) -> bool:
    """The right reaches this department's matters."""
    return request.power is None or request.power.covers(department)


def says(request: ResidentRequest, consent: Consent) -> Says:
    """From whose side an answer to this question would come."""
    agree = request.power.must_agree(consent.recipient) if request.power else frozenset()
    return Says(request.actor.right.value, birth_of(request.person), agree)


def waits_for_another(request: ResidentRequest, consent: Consent) -> bool:
    """Half given, and whoever looks has said yes already."""
    return consent.state == ConsentState.PENDING and request.actor.id in given_by(consent)[1]
