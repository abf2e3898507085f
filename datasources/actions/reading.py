"""Reading one dataset of a source into the sheets: whole, or what changed since the last time."""

from datetime import datetime
from uuid import UUID

from datasources.actions.merging import Merge, Outcome
from datasources.connectors.ahead import read_ahead
from datasources.enums import KeepsFor
from datasources.errors import WrongPerson
from datasources.models import Asking, Dataset, Source
from datasources.protocol import Connector, Holding
from datasources.rules.identity import agrees
from portal.keys.indexes import index_as_written
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.queries import active_people, active_since, people_by_index


class People:
    """Whose records are kept, found by the identity code as the source writes it; no code is remembered."""

    def __init__(self, source: Source, *, at: datetime) -> None:
        self._since = active_since(at=at) if source.keeps_for == KeepsFor.ACTIVE else None
        self._by_index: dict[bytes, UUID] | None = None

    def load(self) -> dict[bytes, UUID]:
        """{blind index: person}, read once a run; within the worker's scope."""
        if self._by_index is None:
            self._by_index = people_by_index(since=self._since)
        return self._by_index

    def find(self, code: str) -> UUID | None:
        """The person; None when their records are not kept here; ValueError when it is no identity code."""
        index = index_as_written(code)
        if index is None:
            raise ValueError("not an identity code")
        return self.load().get(index)


def read_dataset(
    connector: Connector,
    source: Source,
    dataset: Dataset,
    people: People,
    *,
    since: str | None = None,
    by: Actor,
    at: datetime,
    reference: str,
) -> Outcome:
    """Bring what the source holds in one dataset into the sheets, within the worker's scope; SourceFault.

    `since`, a watermark: of those only about whom something changed, and of those who came here; nobody is removed.
    """
    mark = connector.newest(dataset.slug) if source.mapping[dataset.slug].get("watermark") else ""
    with connector.parts(dataset.slug, since=since) as parts, read_ahead(parts) as holdings:
        # The system sorts its rows meanwhile.
        people.load()
        merge = Merge(source, dataset, by=by, at=at, reference=reference, swept=since is None, mark=mark)
        for holding in holdings:
            take(merge, people, holding)
    if since is not None:
        _take_newcomers(connector, merge, at=at)
    return merge.finish()


def take(merge: Merge, people: People, holding: Holding) -> None:
    """One person's holding: merged, passed over or rejected. WrongPerson when birth date and code do not agree."""
    try:
        person = people.find(holding.key)
    except ValueError:
        merge.reject(holding)
        return
    if not all(agrees(holding.key, born) for born in holding.born):
        # One swapped line means that lines are swapped: nobody can tell which others are.
        raise WrongPerson("Birth dates do not agree with the identity codes beside them. Nothing was kept.")
    if person is None:
        merge.pass_over(holding)
    elif not holding.row_count:
        merge.let_go(person)
    else:
        merge.take(person, holding)


def _take_newcomers(connector: Connector, merge: Merge, *, at: datetime) -> None:
    """Whoever waits for this source's turn: what was there before they came has not changed since."""
    waiting = Asking.objects.filter(source=merge.source, answered_at=None, asked_at__lte=at).values("person_id")
    for person in active_people(at=at).filter(pk__in=waiting):
        if person.pk in merge.seen:
            continue
        for holding in connector.one(merge.dataset.slug, identity_code_of(person)):
            if index_as_written(holding.key) != bytes(person.blind_index):
                raise WrongPerson("The system answered about someone else than asked. Nothing was kept.")
            merge.take(person.pk, holding)
