"""Permissions that end with what they were about: the person takes them back in the same press."""

from contextlib import suppress
from datetime import datetime

from consents.actions.answering import withdraw
from consents.actions.traces import Shown
from consents.enums import ConsentState
from consents.errors import ConsentFault
from consents.models import Consent
from consents.rules.lifecycle import may_withdraw
from datasources.transfers.arriving.items import Brought, accepted_items
from datasources.transfers.arriving.sharing import shared_as
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest
from portal.pages.matters import consents, says


def ends_with(request: ResidentRequest, item: Brought) -> list[Consent]:
    """Those that cover nothing any more when this item is gone."""
    left = {shared_as(each.row.dataset) for each in accepted_items(request.person) if each.row.pk != item.row.pk}
    gone = shared_as(item.row.dataset)
    if gone in left:
        return []
    rows = [row for row in consents(request) if gone in row.datasets and may_withdraw(ConsentState(row.state))]
    return [row for row in rows if left.isdisjoint(row.datasets)]


def end_with(request: ResidentRequest, item: Brought, *, at: datetime) -> None:
    """They are taken back, and departments hear of it as of any that is."""
    language = language_now()
    for row in ends_with(request, item):
        # What another must take back stays, and covers nothing: it is for them to end.
        with suppress(ConsentFault):
            withdraw(row.pk, shown=Shown(row.text_id, language), says=says(request, row), by=request.actor, at=at)
