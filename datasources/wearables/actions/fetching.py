"""What is new at a maker's service is fetched, and merged as a file is: nothing counts twice."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from datasources.wearables.actions.keeping import Kept
from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns
from datasources.wearables.enums import TieFault, TieState
from datasources.wearables.holding import hold
from datasources.wearables.importing import take_in
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.makers.all import MAKERS
from datasources.wearables.makers.calling import NoAnswer, NotLet, SlowDown
from datasources.wearables.makers.maker import Maker, Tokens
from datasources.wearables.models import Tie
from datasources.wearables.queries.figures import choice_of
from datasources.wearables.queries.ties import sealed_tokens, tokens_in
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.spool import made_folder
from datasources.wearables.troubles import Unusable
from portal.jobs.outbox import after_commit
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.walls import Role, scope

# A watch or a ring that lay in a drawer tells its maker days later.
_ONCE_MORE = timedelta(days=7)
# Longer than all questions of one fetching may take.
_LEASE = timedelta(minutes=10)
_ENDED = {"state": TieState.ENDED, "sealed_tokens": None, "leased_until_at": None, "fault": ""}
Clock = Callable[[], datetime]


class _Gone(Exception):
    """It was cut while something was fetched: nothing is kept."""


def ring_all(*, by: Actor, at: datetime) -> int:
    """Ask for everything that is tied, once each; how many. Within the worker's scope."""
    free = Q(waits_until_at=None) | Q(waits_until_at__lte=at)
    ties = list(Tie.objects.filter(free, state=TieState.TIED).values_list("pk", flat=True))
    for each in ties:
        after_commit("wearables.fetch_tie", due_at=at, tie_id=each)
    return len(ties)


def fetch_tie(tie: UUID, *, by: Actor, at: datetime, now: Clock) -> None:
    """Fetch what is new, once at a time. Opens its own scopes; the maker is asked outside of every one."""
    row, tokens = _claimed(tie, at=at)
    if row is None or tokens is None:
        return
    maker = MAKERS[row.maker]
    try:
        points, collector = _points(_answers(row, maker, tokens, at=at))
        _merge(row, points, collector, by=by, at=now())
    except _Gone:
        pass
    except SlowDown as wait:
        until = now() + timedelta(seconds=wait.seconds)
        _put_off(row, {"fault": TieFault.SLOW_DOWN, "waits_until_at": until}, again=until)
    except NoAnswer:
        _put_off(row, {"fault": TieFault.NO_ANSWER})
    except NotLet:
        _end(row, by=by, at=now())
    except Exception:
        # The job is rung again, and must find the tie free.
        _put_off(row, {})
        raise


def _claimed(tie: UUID, *, at: datetime) -> tuple[Tie | None, Tokens | None]:
    """The tie, ours until the lease ends, and what opens the account."""
    free = Q(leased_until_at=None) | Q(leased_until_at__lte=at)
    unasked = Q(waits_until_at=None) | Q(waits_until_at__lte=at)
    with scope(Role.WORKER):
        mine = Tie.objects.filter(free, unasked, pk=tie, state=TieState.TIED)
        if not mine.update(leased_until_at=at + _LEASE):
            return None, None
        row = Tie.objects.get(pk=tie)
        key = existing_person_keys([row.person_id], KeyScope.BROUGHT).get(row.person_id)
        return row, tokens_in(row, key) if key else None


def _answers(row: Tie, maker: Maker, tokens: Tokens, *, at: datetime) -> list[tuple[Format, bytes]]:
    until = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    since = _since(row, until, days=maker.days)
    if tokens.refresh and tokens.ends_soon(at=at):
        tokens = _renewed(row, maker, tokens, at=at)
    try:
        return maker.answers(tokens, since=since, until=until)
    except NotLet:
        if not tokens.refresh:
            raise
    # A token may end before its time; whether the person took it back is told by whether a new one is given.
    return maker.answers(_renewed(row, maker, tokens, at=at), since=since, until=until)


def _since(row: Tie, until: date, *, days: int) -> date:
    first = until - timedelta(days=days - 1)
    return first if row.fetched_at is None else max(first, (row.fetched_at - _ONCE_MORE).date())


def _renewed(row: Tie, maker: Maker, tokens: Tokens, *, at: datetime) -> Tokens:
    """Kept before they are used: the old ones are good no more."""
    new = maker.renewed(tokens, at=at)
    with scope(Role.WORKER):
        key = existing_person_keys([row.person_id], KeyScope.BROUGHT).get(row.person_id)
        kept = Tie.objects.filter(pk=row.pk, state=TieState.TIED)
        if key and kept.update(sealed_tokens=sealed_tokens(new, of=row, key=key)):
            return new
    # It was cut meanwhile, with tokens that were good no more by then.
    maker.let_go(new)
    raise _Gone


def _points(answers: Sequence[tuple[Format, bytes]]) -> tuple[list[Columns], Collector]:
    collector = Collector(ZoneInfo(settings.TIME_ZONE))
    try:
        found = [points for each, body in answers for points in each.columns(Forward(BytesIO(body)), collector)]
    except (Broken, Unusable):
        raise NoAnswer from None
    return found, collector


def _merge(row: Tie, points: Sequence[Columns], collector: Collector, *, by: Actor, at: datetime) -> None:
    person = row.person_id
    with scope(Role.WORKER):
        hold(person)
        key = existing_person_keys([person], KeyScope.BROUGHT).get(person)
        if key is None or not Tie.objects.filter(pk=row.pk, state=TieState.TIED).exists():
            raise _Gone
        priority = choice_of(person, key=key).priority
        kept = Kept(person, key, priority=priority)
        days = take_in(
            points, collector, held=kept.book, at=at, priority=priority, folder=made_folder()
        )  # fmt: skip
        for day in days:
            kept.put(day.day, day.state, day.figures)
        kept.write(at=at)
        told = {"fetched_at": at, "fault": "", "waits_until_at": None, "leased_until_at": None}
        Tie.objects.filter(pk=row.pk).update(**told)
        report = collector.report()
        counts: dict[str, Json] = {"maker": row.maker, "added": report.added, "merged": report.merged}
        record(WearableEntry.FETCHED, by=by, about=person, at=at, counts=counts)


def _put_off(row: Tie, told: dict[str, object], *, again: datetime | None = None) -> None:
    with scope(Role.WORKER):
        kept = Tie.objects.filter(pk=row.pk, state=TieState.TIED)
        if kept.update(leased_until_at=None, **told) and again:
            after_commit("wearables.fetch_tie", due_at=again, tie_id=row.pk)


def _end(row: Tie, *, by: Actor, at: datetime) -> None:
    """The other end lets us in no more: the tokens go, and the person is told."""
    with scope(Role.WORKER):
        if Tie.objects.filter(pk=row.pk, state=TieState.TIED).update(**_ENDED):
            record(WearableEntry.TIE_ENDED, by=by, about=row.person_id, at=at, counts={"maker": row.maker})
            tell(row.person_id, NoticeKind.TIE_ENDED, by=by, at=at)
