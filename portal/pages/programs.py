"""An algorithm's use of a person's data as they read it: which one, what came of it, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Window
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.algorithms.objecting import names_of
from portal.i18n.languages import language_now
from portal.ledger.entries import Json
from portal.ledger.models import Entry

BY_ALGORITHM, GIVEN_TO_ALGORITHM = "consents.algorithm_used", "consents.algorithm_given"
REFUSED_TO_ALGORITHM = "consents.algorithm_refused"
# Rows that tell of an algorithm's use; what was refused to one is no use.
USES = (BY_ALGORITHM, GIVEN_TO_ALGORITHM)
ROWS = frozenset({*USES, REFUSED_TO_ALGORITHM})
_SHOWN = 5
_DECIDED: Mapping[str, str | Promise] = {
    "person": _("A person decided."),
    "program": _("No person decided. The program decided by itself."),
}


@dataclass(frozen=True)
class CameOfIt:
    """What came of an algorithm's use, in the reader's language."""

    result: str
    reasons: Sequence[str]
    decided: str
    decided_at: datetime


@dataclass(frozen=True)
class ProgramUse:
    """Which algorithm a row is about: `version` of its entry then; `outcome` where one was told."""

    slug: str
    name: str
    version: int | None
    outcome: CameOfIt | None


def program_use(entry: Entry, told: Mapping[str, Json]) -> ProgramUse | None:
    """Of a row of the log; None where it is of no algorithm. `told`: what stands sealed in it, opened."""
    slug = str(entry.counts.get("algorithm", ""))
    if not slug:
        return None
    name = names_of([slug], language_now()).get(slug, slug)
    return ProgramUse(slug, name, entry.counts.get("version"), came_of(told))


def came_of(told: Mapping[str, Json]) -> CameOfIt | None:
    """What stands sealed in a row, opened, of what came of it; None where nothing was told."""
    outcome: Any = told.get("outcome")
    if not outcome:
        return None
    language = language_now()
    reasons = [each[language] for each in outcome["reasons"]]
    decided = str(_DECIDED[outcome["decided_by"]])
    return CameOfIt(outcome["result"][language], reasons, decided, datetime.fromisoformat(outcome["decided_at"]))


@dataclass(frozen=True)
class Concerned:
    """How often an algorithm used a person's data, and the newest rows that tell of it: (row, when)."""

    times: int
    newest: Sequence[tuple[UUID, datetime]]


def concerned_by(entries: QuerySet[Entry], algorithm: str) -> Concerned:
    """Of the log of one person, found by the index of its person; one statement."""
    rows = entries.filter(kind__in=USES, counts__algorithm=algorithm).annotate(times=Window(Count("id")))
    found = list(rows.order_by("-id").values_list("id", "at", "times")[:_SHOWN])
    return Concerned(found[0][2] if found else 0, [(pk, at) for pk, at, _times in found])
