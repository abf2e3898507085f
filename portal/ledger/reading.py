"""Reading the log for people: some entries whole, what stands sealed in them, and what programs did alike as one."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Case, CharField, Count, F, QuerySet, TextField, Value, When, Window
from django.db.models.functions import Cast, Concat, RowNumber, TruncDate

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import place, unseal, unseal_by_ring
from portal.ledger.entries import Json, details_place
from portal.ledger.models import Entry

# The residents' day: rows of one day stand together whatever the server's clock is set to.
HERE = ZoneInfo("Europe/Helsinki")


def details_of_each(entries: Iterable[Entry], person: UUID, *, kinds: Sequence[str]) -> dict[UUID, dict[str, Json]]:
    """{entry: its sealed details, opened} of entries about one person that are of these kinds; one statement or none.

    Entries must have been read with their `body`; whatever was sealed under a key that has ended is left out.
    """
    sealed = {}
    for entry in entries:
        if entry.kind in kinds and (told := json.loads(bytes(entry.body)).get("details")):
            sealed[entry.id] = told
    key = existing_person_keys([person], KeyScope.LOG).get(person) if sealed else None
    if key is None:
        return {}
    return {entry: json.loads(unseal(key, b64decode(told), aad=details_place(entry))) for entry, told in sealed.items()}


@dataclass(frozen=True)
class Alike:
    """What an entry stands for: how many, itself too, and the slugs of the data of all of them."""

    count: int
    datasets: Sequence[str]


def folded(entries: QuerySet[Entry], *, groups: Sequence[Sequence[str]], first: int, most: int) -> Mapping[UUID, Alike]:
    """The newest entry of what programs did alike on one day here, and every other entry alone; newest first.

    Alike are entries of kinds of one group, by the same program, for the same department and purpose. At most `most`
    of them, after `first`; one statement.
    """
    by_program = [
        When(actor_kind__in=["system", "client"], kind__in=kinds, then=_alike(str(number)))
        for number, kinds in enumerate(groups)
    ]
    rows = entries.annotate(
        fold=Case(*by_program, default=Cast("id", TextField()), output_field=TextField()),
    ).annotate(
        place=Window(RowNumber(), partition_by=F("fold"), order_by=[F("at").desc(), F("id").desc()]),
        alike=Window(Count("id"), partition_by=F("fold")),
        data=Window(JSONBAgg("datasets"), partition_by=F("fold")),
    )
    newest = rows.filter(place=1).order_by("-at", "-id").values_list("id", "alike", "data")[first : first + most]
    return {entry: Alike(count, sorted({slug for each in data for slug in each})) for entry, count, data in newest}


def _alike(group: str) -> Concat:
    day = Cast(TruncDate("at", tzinfo=HERE), CharField())
    between = Value("|")
    parts = (Value(group), between, day, between, "department", between, "purpose", between, "actor_id")
    return Concat(*parts, output_field=TextField())


def whole_entries(person: UUID, ids: Sequence[UUID]) -> QuerySet[Entry]:
    """These entries about this person, with their bytes; newest first."""
    return Entry.objects.filter(subject=person, id__in=ids).order_by("-at", "-id")


def name_in(entry: Entry) -> str:
    """The sealed name of who acted, opened; empty where none was written. Whoever asks leaves an entry first."""
    sealed = json.loads(bytes(entry.body))["actor"].get("name")
    if not sealed:
        return ""
    return unseal_by_ring("names", b64decode(sealed), aad=place("ledger_entry", "actor", entry.id)).decode()
