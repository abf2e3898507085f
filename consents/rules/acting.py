"""From whose side an answer comes: who decides at which age, with whom together, and until when it may last."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# A guardian's yes lapses so long after the day on which the young person begins to decide.
HAND_OVER = timedelta(days=60)
OWN, GUARDIAN = "own", "guardian"
_HERE = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Says:
    """Who answers: by which `right`, about whom (`born`; None: of age), and who else must say yes (`must_agree`).

    `must_agree` holds ids of people; "" is one who was never here.
    """

    right: str = OWN
    born: date | None = None
    must_agree: frozenset[str] = field(default=frozenset(), repr=False)


ADULT = Says()


def decides_themselves(says: Says, minimum_age: int, *, today: date) -> bool:
    """The person whom it is about is old enough to answer; whoever has a mandate of theirs answers as they would."""
    return says.born is None or today >= _birthday(says.born, minimum_age)


def may_speak(says: Says, minimum_age: int, *, today: date) -> bool:
    """Below the purpose's age guardians answer and nobody else; from it on, they do not (rule of the purpose)."""
    return (says.right == GUARDIAN) != decides_themselves(says, minimum_age, today=today)


def lasts_at_most(says: Says, minimum_age: int) -> datetime | None:
    """When a guardian's yes ends at the latest: 60 days after the young person begins to decide. None: no bound."""
    if says.right != GUARDIAN or says.born is None:
        return None
    return datetime.combine(_birthday(says.born, minimum_age) + HAND_OVER, time(), tzinfo=_HERE)


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        # Of 29 February: on 1 March.
        return date(born.year + age, 3, 1)
