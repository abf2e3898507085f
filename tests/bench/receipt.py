"""One receipt: its record read together, made canonical, signed, sealed and stored, in the transaction of its event.

There is no other program to compare with: the floor is the time that a receipt may take, three milliseconds.
"""

from datetime import timedelta
from statistics import median
from time import perf_counter

from uuid_utils.compat import uuid7

from consents.models import Consent, ConsentEvent
from consents.receipts.issuing import issue
from portal.walls import Role, scope
from tests.bench.framework import Portal, Row, interleaved
from tests.bench.serving import settle_down
from tests.consents.asked import NOW, Asked
from tests.residents import describe_city

PEOPLE = 40
MAY_TAKE_MS = 3.0
BAR = 1.0


def rows(portal: Portal) -> list[Row]:
    """`issue`, in milliseconds at the median."""
    describe_city()
    asked = [Asked() for _ in range(PEOPLE)]
    for one in asked:
        one.give(at=NOW)
    settle_down(portal)
    figures = interleaved({"issue": lambda: median(_takes(one) for one in asked)})
    return [Row("issue", figures["issue"], MAY_TAKE_MS, "ms", BAR, "lower")]


def _takes(one: Asked) -> float:
    """The receipt of a yes for a day longer."""
    with scope(Role.RESIDENT, persons=[one.person]):
        consent = Consent.objects.select_related("purpose__department", "text").get(pk=one.id)
        event = ConsentEvent.objects.filter(consent=consent).latest("number")
        assert event.valid_until
        event.pk, event.number = uuid7(), event.number + 1
        event.valid_until += timedelta(days=1)
        event.save(force_insert=True)
        began = perf_counter()
        assert issue(consent, event)
        return (perf_counter() - began) * 1000
