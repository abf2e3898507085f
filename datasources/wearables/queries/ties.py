"""Makers' services that a person has tied; within a scope that covers them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from datasources.wearables.enums import TieState
from datasources.wearables.makers.all import MAKERS, offered
from datasources.wearables.makers.maker import Maker, Tokens
from datasources.wearables.models import Tie
from datasources.wearables.queries.sealed import opened_thing, sealed_thing


@dataclass(frozen=True)
class TieTold:
    """How a page shows a maker's service. `fault` is a sentence, empty where all is well; `waits_until_at` is ahead."""

    maker: Maker
    is_offered: bool
    is_tied: bool = False
    has_ended: bool = False
    fetched_at: datetime | None = None
    fault: str = ""


def ties_of(person: UUID) -> list[TieTold]:
    """Every maker that is offered here, or was when it was tied. One statement."""
    rows = {row.maker: row for row in Tie.objects.filter(person_id=person).defer("sealed_tokens")}
    here = {each.name for each in offered()}
    return [_told(each, rows.get(name), name in here) for name, each in MAKERS.items() if name in here or name in rows]


def _told(maker: Maker, row: Tie | None, is_offered: bool) -> TieTold:  # noqa: FBT001
    if row is None:
        return TieTold(maker, is_offered)
    is_tied, has_ended = row.state == TieState.TIED, row.state == TieState.ENDED
    return TieTold(maker, is_offered, is_tied, has_ended, row.fetched_at, row.get_fault_display())


def sealed_tokens(tokens: Tokens, *, of: Tie, key: bytes) -> bytes:
    """As they stand in the row."""
    ends_at = tokens.ends_at.isoformat() if tokens.ends_at else None
    plain = {"access": tokens.access, "refresh": tokens.refresh, "ends_at": ends_at, "user": tokens.user}
    return sealed_thing(plain, "tokens", of=of.pk, person=of.person_id, key=key)


def tokens_in(row: Tie, key: bytes) -> Tokens | None:
    """None where the tie has ended."""
    if row.sealed_tokens is None:
        return None
    told = opened_thing(row.sealed_tokens, "tokens", of=row.pk, person=row.person_id, key=key)
    ends_at = datetime.fromisoformat(told["ends_at"]) if told["ends_at"] else None
    return Tokens(told["access"], told["refresh"], ends_at, told["user"])
