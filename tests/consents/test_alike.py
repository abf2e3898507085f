"""What the API does about strangers, people never asked, and the protected: the same statements, in the same order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.actions.asking import ask_resident
from consents.actions.reporting import Use, report_uses
from consents.disclosing import disclosing
from consents.rules.programs import Outcome
from demo.people import everyone
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.subjects import Named, by_code
from portal.walls import Role, scope
from tests.residents import CODES, enter

PURPOSE, DATASETS = "swimming-reminders", ["sports-courses"]
ALGORITHM = "exercise-group-suggestion"
SPORTS = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")


def _disclose(who: Named) -> None:
    disclosing(PURPOSE, DATASETS, who, case="", by=SPORTS, at=timezone.now())()


def _use(who: Named) -> None:
    at = timezone.now()
    report_uses([Use(who, at - timedelta(hours=1), "Hall", "guide", PURPOSE, DATASETS, "", "")], by=SPORTS, at=at)


def _use_by_algorithm(who: Named) -> None:
    at = timezone.now()
    outcome = Outcome({"fi": "x"}, [{"fi": "x"}], "person", at)
    use = Use(who, at, "Hall", "guide", ALGORITHM, DATASETS, "", "", ALGORITHM, outcome)
    report_uses([use], by=SPORTS, at=at)


def _ask(who: Named) -> None:
    ask_resident(PURPOSE, who, by=SPORTS, at=timezone.now())


def _statements(call: Callable[[Named], Any], slug: str) -> list[str]:
    who = by_code("sports", CODES[slug])
    with scope(Role.API, lookups=[who.lookup]), CaptureQueriesContext(connection) as asked:
        call(who)
    return [query["sql"].strip()[:40] for query in asked]


@pytest.mark.parametrize("call", [_disclose, _use, _use_by_algorithm, _ask])
def test_whoever_is_asked_about_the_statements_are_the_same(call: Callable[[Named], Any], city: None) -> None:
    protected = next(person.slug for person in everyone() if person.protected)
    enter("raili")
    enter(protected)
    told = [_statements(call, slug) for slug in ("raili", "lempi", protected)]
    assert told[0] == told[1] == told[2]
    assert len(told[0]) > 2
