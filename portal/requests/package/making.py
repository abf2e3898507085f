"""Making a package of a request: once for each time that more has come, whole or not at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.people.queries import accounts_before
from portal.requests.actions import close_request
from portal.requests.enums import Outcome, PartState, RequestKind, RequestState
from portal.requests.kinds import RequestEntry
from portal.requests.models import Package, Part, Piece, Request
from portal.requests.package.archive import Archive
from portal.requests.package.gathering import EVERY, gather, ring_for_the_rest
from portal.requests.package.links import forget_packages
from portal.requests.package.own_rows import OwnTable, rows_outside
from portal.requests.package.sealing import Sealing
from portal.requests.parts import unfinished
from portal.walls import Role, scope

KEPT_FOR = timedelta(hours=72)
# Whoever is taking the older edition just now gets it whole.
_OLDER_FOR = timedelta(minutes=10)

File = tuple[str, Iterable[bytes]]


@dataclass(frozen=True)
class Order:
    """What is packed: for which request, with its parts as they stand, as which edition.

    `log_ins`: the person's rows of tables that are reached outside every scope only.
    """

    request: Request
    parts: Sequence[Part]
    edition: int
    log_ins: Sequence[OwnTable]
    at: datetime


class NotTheirs(Exception):
    """Whoever asked may not have it any more."""


# What goes into it, within the scope of the person; the rows are counted when all is written. NotTheirs.
Contents = Callable[[Order], "Told"]


@dataclass(frozen=True)
class Told:
    """Files one after the other, and how many records were in them, known when they are written."""

    files: Iterable[File]
    rows: Callable[[], int]


def make_package(
    request: UUID, contents: Contents, *, by: Actor, clock: Callable[[], datetime], every: float = EVERY
) -> None:
    """Ask what is due, pack what is here, and end the request when nothing is left. Opens its own scopes.

    It may be begun any number of times, and be killed anywhere: what was done is not done again. Whoever takes longer
    than `every` so many seconds to answer is not waited for: the others' answers are packed meanwhile.
    """
    with scope(Role.WORKER):
        row = Request.objects.filter(pk=request, kind=RequestKind.ALL, state=RequestState.WORKING).first()
    if row is None:
        return
    try:
        for _ in gather(request, row.person_id, by=by, clock=clock, every=every):
            _pack(row, contents, by=by, at=clock())
    except NotTheirs:
        with scope(Role.WORKER, persons=[row.person_id]):
            forget_packages(request)
            close_request(row, Outcome.REFUSED, by=by, at=clock())
        return
    with scope(Role.WORKER, persons=[row.person_id]):
        _go_on(row, by=by, at=clock())


def _go_on(row: Request, *, by: Actor, at: datetime) -> None:
    if unfinished(row.pk):
        ring_for_the_rest(row.pk, at=at)
        return
    silent = Part.objects.filter(request=row.pk, state=PartState.FAILED).exists()
    close_request(row, Outcome.PARTLY if silent else Outcome.DONE, by=by, at=at)


def _pack(row: Request, contents: Contents, *, by: Actor, at: datetime) -> None:
    """One transaction; as the person's own pages read it, so the walls hold whatever is packed."""
    person = row.person_id
    log_ins = rows_outside(person)
    with scope(Role.RESIDENT, persons=[person, *accounts_before(person)]):
        with scope(Role.WORKER, persons=[person]):
            order = _order(row, log_ins, at=at)
            if order is None:
                return
            package = Package.objects.create(
                id=uuid4(),
                request=order.request,
                person_id=person,
                edition=order.edition,
                ended=_ended(order.parts),
                made_at=at,
                expires_at=at + KEPT_FOR,
                size=0,
                pieces=0,
                rows=0,
            )
        told, sink = contents(order), Sealing(package.pk, person=person, expires_at=package.expires_at)
        _write(sink, told, order)
        package.size, package.pieces, package.rows = sink.size, sink.pieces, told.rows()
        with scope(Role.WORKER, persons=[person]):
            package.save(update_fields=["size", "pieces", "rows"])
            _make_known(package, order, by=by, at=at)


def _order(row: Request, log_ins: Sequence[OwnTable], *, at: datetime) -> Order | None:
    """Whoever packs the same meanwhile has the row: afterwards there is nothing more to do."""
    locked = Request.objects.select_for_update().filter(pk=row.pk, state=RequestState.WORKING).first()
    if locked is None:
        return None
    parts = list(Part.objects.filter(request=row.pk).order_by("department", "source"))
    last = Package.objects.filter(request=row.pk).order_by("-edition").first()
    # Counted, not told by the clock: whoever was slow ends a part with a time before that of the package.
    if last and last.ended == _ended(parts):
        return None
    return Order(locked, parts, last.edition + 1 if last else 1, log_ins, at)


def _ended(parts: Sequence[Part]) -> int:
    return sum(part.finished_at is not None for part in parts)


def _write(sink: Sealing, told: Told, order: Order) -> None:
    archive = Archive(sink)
    for name, parts in told.files:
        archive.add(name, parts)
    there = (PartState.DONE, PartState.NOTHING)
    missing = [{"source": part.source, "state": part.state} for part in order.parts if part.state not in there]
    archive.end(
        {
            "number": order.request.number,
            "edition": order.edition,
            "made_at": order.at.isoformat(),
            "language": order.request.language,
            "missing": missing,
        }
    )
    sink.end()


def _make_known(package: Package, order: Order, *, by: Actor, at: datetime) -> None:
    older = {"request": order.request.pk, "edition__lt": order.edition, "expires_at__gt": at + _OLDER_FOR}
    ids = list(Package.objects.filter(**older).values_list("pk", flat=True))
    Package.objects.filter(pk__in=ids).update(expires_at=at + _OLDER_FOR)
    Piece.objects.filter(package__in=ids).update(expires_at=at + _OLDER_FOR)
    told = {"reference": order.request.number, "counts": {"rows": package.rows, "edition": order.edition}}
    record(RequestEntry.PACKED, by=by, about=package.person_id, at=at, **told)  # type: ignore[arg-type]
    if order.edition == 1 and unfinished(order.request.pk):
        # When nothing is left, the end of the request is told instead.
        tell(package.person_id, NoticeKind.REQUEST_ANSWERED, by=by, at=at, asked_for=True)
