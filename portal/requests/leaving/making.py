"""Making the package of a request to take data along: whole or not at all, however often a worker is killed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from consents.rulebook.queries import rulebooks_named
from datasources.transfers.issuing import head_for
from datasources.transfers.offering import facts_of, offers
from datasources.transfers.package.reasons import Refused
from datasources.transfers.package.sealing import Sealing as SealedForCity
from datasources.transfers.package.shape import LONGEST_LIFE, Fact, Head, Item
from datasources.transfers.package.writing import KEY, write_package
from datasources.transfers.trust.keysets import Jwk, sealing_key_of
from datasources.transfers.trust.rulebooks import rulebook_of_city
from portal.keys.signing import signing_key
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.queries import person_of
from portal.requests.actions import close_request
from portal.requests.enums import Outcome, RequestKind, RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.leaving.errors import ReceiverGone
from portal.requests.leaving.progress import note_made
from portal.requests.models import HandOver, Leaving, Package, Request
from portal.requests.package.links import forget_packages
from portal.requests.package.making import KEPT_FOR, NotTheirs
from portal.requests.package.sealing import Sealing
from portal.walls import Role, scope

# So long another city takes the file; what is carried by hand waits for a move, and lives as long as any may.
FETCHED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Order:
    """What is packed: for which request, which items, for which city."""

    request: Request
    items: tuple[str, ...]
    receiver: str
    for_receiver_only: bool
    is_fetched: bool
    at: datetime


# The items of an order, within the scope of the person. NotTheirs.
Contents = Callable[[Order], Iterable[Item]]


def make_move(request: UUID, contents: Contents, *, by: Actor, clock: Callable[[], datetime]) -> None:
    """Pack what was chosen, once. Opens its own scopes. Begun again after a kill, it finds nothing half done."""
    with scope(Role.WORKER):
        row = Request.objects.filter(pk=request, kind=RequestKind.MOVE, state=RequestState.WORKING).first()
    if row is None:
        return
    try:
        _pack(row, contents, _receiver_of(row, at=clock()), by=by, at=clock())
    except (NotTheirs, ReceiverGone):
        with scope(Role.WORKER, persons=[row.person_id]):
            forget_packages(request)
            HandOver.objects.filter(request=request, ended_at=None).update(ended_at=clock())
            close_request(row, Outcome.REFUSED, by=by, at=clock())


@dataclass(frozen=True)
class Receiver:
    """The city it is for: what the package is sealed to, and {its name: the version of the rulebook that it keeps}."""

    key: Jwk | None
    rulebooks: Mapping[str, str]


def _receiver_of(row: Request, *, at: datetime) -> Receiver:
    """Outside every scope: that city may be asked. ReceiverGone."""
    with scope(Role.WORKER):
        chosen = Leaving.objects.get(request=row.pk)
        is_fetched = HandOver.objects.filter(request=row.pk).exists()
    key = _key_for(chosen, is_fetched=is_fetched, at=at) if chosen.for_receiver_only else None
    kept = rulebook_of_city(chosen.receiver) if chosen.receiver else None
    return Receiver(key, {chosen.receiver: kept} if kept else {})


def _key_for(chosen: Leaving, *, is_fetched: bool, at: datetime) -> Jwk | None:
    try:
        key = sealing_key_of(chosen.receiver, at=at)
    except Refused:
        key = None
    # What is fetched goes to that city alone anyway: a seal is one wall more, where it has a key for it.
    if key is None and not is_fetched:
        raise ReceiverGone
    return key


def _pack(row: Request, contents: Contents, receiver: Receiver, *, by: Actor, at: datetime) -> None:
    """One transaction, as the person's own pages read it: the walls hold whatever is packed."""
    person = row.person_id
    with scope(Role.RESIDENT, persons=[person]):
        with scope(Role.WORKER, persons=[person]):
            order = _order(row, at=at)
            if order is None:
                return
            package = Package.objects.create(
                id=uuid4(),
                request=order.request,
                person_id=person,
                edition=1,
                ended=0,
                made_at=at,
                expires_at=at + KEPT_FOR,
                size=0,
                pieces=0,
                rows=0,
            )
        sink = Sealing(package.pk, person=person, expires_at=package.expires_at)
        head = _head(order, receiver)
        seal = SealedForCity(sink, receiver.key) if receiver.key else None
        facts: list[Fact] = []
        items = _counted(row.pk, _with_facts(contents(order), head, facts))
        written = write_package(seal or sink, head, items, facts=facts)
        if seal:
            seal.end()
        sink.end()
        package.size, package.pieces, package.rows = sink.size, sink.pieces, written.rows
        with scope(Role.WORKER, persons=[person]):
            package.save(update_fields=["size", "pieces", "rows"])
            told = {"digest": sink.digest, "valid_until_at": head.expires, "for_receiver_only": seal is not None}
            Leaving.objects.filter(request=row.pk).update(**told)
            _make_known(package, order, by=by)


def _order(row: Request, *, at: datetime) -> Order | None:
    """Whoever packs the same meanwhile has the row: afterwards there is nothing more to do."""
    locked = Request.objects.select_for_update().filter(pk=row.pk, state=RequestState.WORKING).first()
    if locked is None or Package.objects.filter(request=row.pk).exists():
        return None
    chosen = Leaving.objects.get(request=row.pk)
    is_fetched = HandOver.objects.filter(request=row.pk).exists()
    return Order(locked, tuple(chosen.items), chosen.receiver, chosen.for_receiver_only, is_fetched, at)


def _head(order: Order, receiver: Receiver) -> Head:
    code = identity_code_of(person_of(order.request.person_id))
    lives = FETCHED_WITHIN if order.is_fetched else LONGEST_LIFE
    named = {**rulebooks_named(), **receiver.rulebooks}
    return head_for(code, at=order.at, audience=order.receiver or None, lives=lives, rulebooks=named)


def _counted(request: UUID, items: Iterable[Item]) -> Iterator[Item]:
    for made, item in enumerate(items, 1):
        yield item
        note_made(request, made)


def _with_facts(items: Iterable[Item], head: Head, facts: list[Fact]) -> Iterator[Item]:
    """Each item on its way; what of it can be shown alone is added to `facts`, which are written after the last."""
    signer, kinds = signing_key(KEY), offers()
    for item in items:
        # What another city issued is not ours to sign.
        if item.origin is None:
            facts.extend(facts_of(item, head, key=signer, kinds=kinds))
        yield item


def _make_known(package: Package, order: Order, *, by: Actor) -> None:
    told = {"reference": order.request.number, "counts": {"rows": package.rows, "to": order.receiver}}
    record(RequestEntry.MOVE_PACKED, by=by, about=package.person_id, at=order.at, **told)  # type: ignore[arg-type]
    if not order.is_fetched:
        # What another city comes for is done when it has come.
        close_request(order.request, Outcome.DONE, by=by, at=order.at)
