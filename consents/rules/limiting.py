"""When the use of data is held back, what may be objected to, and when a restriction may end."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from consents.enums import Ground

# At least so many days pass between the word that a restriction ends and its end (GDPR 18(3)).
NOTICE = timedelta(days=7)
# Public task and legitimate interest (GDPR 21(1)): what rests on consent is withdrawn, what the law requires stands.
OBJECTIONABLE = frozenset({"e", "f"})

_NEVER_MARKETING = frozenset({"c", "d"})

RESTRICTING = (Ground.ACCURACY, Ground.UNLAWFUL, Ground.NEEDED)
OBJECTING = (Ground.SITUATION, Ground.MARKETING)


class Came(StrEnum):
    """What came of the request by which something is held back; OVER: its reason is no more."""

    GRANTED = "granted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    OVER = "over"


class Then(StrEnum):
    """What becomes of the restriction."""

    STAYS = "stays"
    STANDS = "stands"
    ENDS_AFTER_NOTICE = "ends_after_notice"
    ENDS_NOW = "ends_now"


def may_object(bases: Iterable[str]) -> bool:
    """To any use that rests on one of these; `bases` are letters of GDPR 6(1)."""
    return not OBJECTIONABLE.isdisjoint(bases)


def may_market(basis: str) -> bool:
    """Direct marketing rests neither on an obligation by law nor on vital interests; `basis` as in GDPR 6(1)."""
    return basis not in _NEVER_MARKETING


def stands_at_once(ground: Ground) -> bool:
    """It is not weighed: what was only allowed without a program (GDPR 7(3)).

    Nor is direct marketing (21(2), (3)); but only the mark of a purpose says that it is that. What somebody takes for
    it is held back while its keeper looks (18(1)(d)).
    """
    return ground is Ground.OPT_OUT


def then(ground: Ground, came: Came) -> Then:
    """The person's own word ends it at once; the city's only after notice (GDPR 18(3))."""
    if came is Came.TAKEN_BACK:
        return Then.ENDS_NOW
    if ground is Ground.OPT_OUT:
        return Then.STANDS
    if came in (Came.REFUSED, Came.OVER):
        return Then.ENDS_AFTER_NOTICE
    return Then.STANDS if ground in OBJECTING else Then.STAYS


def end_of(told_at: datetime) -> datetime:
    """The earliest end of a restriction whose person is told at `told_at`."""
    return told_at + NOTICE
