"""Reading one dataset of a source into the sheets: whole, or what changed since the last time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from datasources.actions.merging import Merge, Outcome
from datasources.connectors.ahead import read_ahead
from datasources.connectors.apart import read_apart
from datasources.enums import KeepsFor
from datasources.errors import Same, WrongPerson
from datasources.models import Asking, Dataset, Sheet, Source
from datasources.protocol import Connector, Elsewhere, Holding, Mark
from datasources.queries.freshness import ReadOn
from datasources.rules.identity import agrees
from portal.keys.indexes import is_index_of, is_moving, writer_of_indexes
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.models import Person
from portal.people.queries import active_people, found_by_code, people_by_index

# More are not asked about one by one: to read everyone is less work.
MOST_ASKED = 200


class People:
    """Whose records are kept, found by the identity code as the source writes it; no code is remembered."""

    def __init__(self, source: Source, *, at: datetime) -> None:
        self._active_at = at if source.keeps_for == KeepsFor.ACTIVE else None
        self._by_index: dict[bytes, UUID] | None = None

    def load(self) -> dict[bytes, UUID]:
        """{blind index: person}, read once a run; within the worker's scope."""
        if self._by_index is None:
            # By the same keys for the whole run, also when they are changed meanwhile.
            self._index = writer_of_indexes()
            self._by_index = people_by_index(active_at=self._active_at)
        return self._by_index

    def find(self, code: str) -> UUID | None:
        """The person; None when their records are not kept here; ValueError when it is no identity code."""
        known = self.load()
        index = self._index(code)
        if index is None:
            raise ValueError("not an identity code")
        # Most are nobody's who is kept here, and only while the key is being changed is there more to look for.
        return known.get(index) or (found_by_code(known, code) if is_moving() else None)


def read_dataset(
    connector: Connector,
    source: Source,
    dataset: Dataset,
    people: People,
    *,
    on: ReadOn | None = None,
    whole: bool = True,
    by: Actor,
    at: datetime,
    reference: str,
) -> Outcome:
    """Bring what the source holds in one dataset into the sheets, within the worker's scope; SourceFault.

    `on`: only what may have changed since then, when the system can tell, and those who came here; nobody is removed
    who is not told to be gone. Nor is anybody when what the system tells is not `whole`.
    """
    unsure = _unsure(dataset, on, askable=connector.finds_one(dataset.slug), at=at) if on else []
    on = None if unsure is None else on
    swept = whole and (on is None or on.since is None)
    merging = partial(Merge, source, dataset, by=by, at=at, reference=reference)
    newest = connector.newest(dataset.slug) if source.mapping[dataset.slug].get("watermark") else ""
    try:
        with _handed_on(connector, dataset.slug, on) as holdings:
            # The system sorts its rows meanwhile.
            people.load()
            merge = merging(swept=swept, mark=Mark())
            for holding in holdings:
                take(merge, people, holding)
            told = connector.mark(dataset.slug)
            # What changed alone is no state that the system could know again.
            merge.mark = Mark(reached=newest or told.reached, seen=told.seen if swept else "")
    except Same:
        merge = merging(swept=False, mark=Mark(seen=on.seen if on else ""))
        _ask_about(unsure or [], connector, merge)
        merge.the_rest_is_the_same()
        return merge.finish()
    if not swept:
        _ask_about([*(unsure or []), *Person.objects.filter(pk__in=merge.doubtful)], connector, merge)
    return merge.finish()


@contextmanager
def _handed_on(connector: Connector, dataset: str, on: ReadOn | None) -> Iterator[Iterator[Holding]]:
    """The holdings while they are read ahead, by another process where that is worth it."""
    since, seen = (on.since, on.seen) if on else (None, "")
    # What changed since is little.
    opener = connector.elsewhere(dataset) if isinstance(connector, Elsewhere) and since is None else None
    if opener is not None:
        with read_ahead([read_apart(opener, dataset)]) as holdings:
            yield holdings
        return
    with connector.parts(dataset, since=since, seen=seen) as parts, read_ahead(parts) as holdings:
        yield holdings


def take(merge: Merge, people: People, holding: Holding) -> None:
    """One person's holding: merged, passed over or rejected. WrongPerson when birth date and code do not agree."""
    try:
        person = people.find(holding.key)
    except ValueError:
        merge.reject(holding)
        return
    if holding.born and not all(agrees(holding.key, born) for born in holding.born):
        # One swapped line means that lines are swapped: nobody can tell which others are.
        raise WrongPerson("Birth dates do not agree with the identity codes beside them. Nothing was kept.")
    if person is None:
        merge.pass_over(holding)
    elif not holding.whole:
        merge.doubt(person)
    elif not holding.row_count:
        merge.let_go(person)
    else:
        merge.take(person, holding)


def _unsure(dataset: Dataset, on: ReadOn, *, askable: bool, at: datetime) -> list[Person] | None:
    """Those of whom the last reading cannot speak; None when they are more than are asked about one by one.

    Whoever came in since was perhaps passed over then; and what was told of somebody since may be undone by now, of
    which a list that is the same as then says nothing.
    """
    most = MOST_ASKED if askable else 0
    held = Sheet.objects.filter(dataset=dataset, person_id=OuterRef("pk"), pulled_at__lte=on.read_at)
    asked = Asking.objects.filter(asked_at__gte=on.read_at).values("person_id")
    came = Q(last_signed_in_at__gte=on.read_at) | Q(pk__in=asked)
    found = list(active_people(at=at).filter(came, ~Exists(held))[: most + 1])
    return None if len(found) > most else found


def _ask_about(people: Sequence[Person], connector: Connector, merge: Merge) -> None:
    for person in people:
        if person.pk in merge.seen:
            continue
        holdings = connector.one(merge.dataset.slug, identity_code_of(person))
        if not holdings:
            merge.let_go(person.pk)
        for holding in holdings:
            if not is_index_of(holding.key, bytes(person.blind_index)):
                raise WrongPerson("The system answered about someone else than asked. Nothing was kept.")
            merge.take(person.pk, holding)
