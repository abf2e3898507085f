"""A maker's service is tied, and cut: here at once, and at the other end as soon as this holds."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from datasources.wearables.enums import TieState
from datasources.wearables.holding import hold
from datasources.wearables.kinds import WearableEntry
from datasources.wearables.makers.maker import Tokens
from datasources.wearables.makers.parting import Parting, part
from datasources.wearables.models import Tie
from datasources.wearables.queries.ties import sealed_tokens, tokens_in
from portal.jobs.outbox import after_commit
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, key_begun
from portal.ledger.actions import record
from portal.ledger.actor import Actor

# Whoever presses a button again and again asks once.
_NOT_AGAIN_WITHIN = timedelta(minutes=1)


def tie(person: UUID, maker: str, tokens: Tokens, *, by: Actor, at: datetime) -> Tie:
    """Keep what opens the account, in place of what was there; all is fetched. Within the person's scope."""
    hold(person)
    row = Tie.objects.filter(person_id=person, maker=maker).first() or Tie(person_id=person, maker=maker)
    row.sealed_tokens = sealed_tokens(tokens, of=row, key=key_begun(person, KeyScope.BROUGHT))
    row.state, row.fault, row.tied_at, row.asked_at = TieState.TIED, "", at, at
    row.fetched_at = row.waits_until_at = row.leased_until_at = None
    row.save()
    record(WearableEntry.TIED, by=by, about=person, at=at, counts={"maker": maker})
    after_commit("wearables.fetch_tie", due_at=at, tie_id=row.pk)
    return row


def ask_now(person: UUID, maker: str, *, by: Actor, at: datetime) -> bool:
    """What is new is fetched soon; False where it was asked a moment ago, is not tied, or the maker wants us to wait.

    Within the person's scope. Asking leaves no entry: fetching does.
    """
    row = Tie.objects.select_for_update().filter(person_id=person, maker=maker, state=TieState.TIED).first()
    if row is None or (row.waits_until_at and row.waits_until_at > at):
        return False
    if row.asked_at and row.asked_at > at - _NOT_AGAIN_WITHIN:
        return False
    row.asked_at = at
    row.save(update_fields=["asked_at"])
    after_commit("wearables.fetch_tie", due_at=at, tie_id=row.pk)
    return True


def cut(person: UUID, maker: str, *, by: Actor, at: datetime) -> Parting | None:
    """Forget what opens the account, at once; what was fetched stays. Within the person's scope.

    Whoever calls `part` with what is given back, after this is committed, tells the other end.
    """
    hold(person)
    row = Tie.objects.filter(person_id=person, maker=maker).first()
    if row is None:
        return None
    parting = _parting(row)
    row.delete()
    record(WearableEntry.CUT, by=by, about=person, at=at, counts={"maker": maker})
    return parting


def cut_all(person: UUID, *, by: Actor, at: datetime) -> None:
    """All that is tied, before its key goes; the other ends are told once this is committed."""
    for maker in list(Tie.objects.filter(person_id=person).values_list("maker", flat=True)):
        parting = cut(person, maker, by=by, at=at)
        if parting is not None:
            transaction.on_commit(partial(part, parting), robust=True)


def _parting(row: Tie) -> Parting | None:
    key = existing_person_keys([row.person_id], KeyScope.BROUGHT).get(row.person_id)
    tokens = tokens_in(row, key) if key else None
    return Parting(row.maker, tokens) if tokens else None
