"""The end of a tie is told at the other end, after it is forgotten here."""

from dataclasses import dataclass

from datasources.wearables.makers.all import MAKERS
from datasources.wearables.makers.calling import NoAnswer, NotLet, SlowDown
from datasources.wearables.makers.maker import Tokens


@dataclass(frozen=True)
class Parting:
    """What is still to be said at the other end; kept nowhere."""

    maker: str
    tokens: Tokens


def part(parting: Parting) -> bool:
    """Tell the other end, outside of every scope; whether it is cut there. Nothing is tried twice: nothing is kept."""
    try:
        MAKERS[parting.maker].let_go(parting.tokens)
    except NotLet:
        return True
    except (NoAnswer, SlowDown):
        return False
    return True
