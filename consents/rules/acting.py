"""From whose side an answer comes: who decides at which age, with whom together, and until when it may last.

Sources: 434/2003 14 § (a minor of fifteen speaks for themselves in what concerns their person, beside their guardian),
361/1983 4-5 § (guardians hear the child, and decide together), 1050/2018 5 § (thirteen years).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# A guardian's yes lapses so long after the day on which the young person begins to decide.
HAND_OVER = timedelta(days=60)
OWN, GUARDIAN, OFFICE = "own", "guardian", "office"
# From fifteen on the law gives a minor a voice of their own; no purpose takes it away.
OWN_VOICE, OF_AGE = 15, 18
_HERE = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Deciders:
    """Who decides for a child, as the purpose states it: from `child_from` years on the child does.

    `guardian_too`: from fifteen on a guardian may answer what the child has not answered (434/2003 14 §).
    `adults_only`: nobody below eighteen is asked.
    """

    child_from: int = 13
    guardian_too: bool = False
    adults_only: bool = False


@dataclass(frozen=True)
class Says:
    """Who answers: by which `right`, about whom (`born`; None: of age), and who else must say yes (`must_agree`).

    `must_agree` holds ids of people; "" is one who was never here. `who`: whose words staff write down, where it is not
    the person's own; "" where whoever acts speaks for themselves.
    """

    right: str = OWN
    born: date | None = None
    must_agree: frozenset[str] = field(default=frozenset(), repr=False)
    who: str = field(default="", repr=False)


ADULT = Says()


class Voice(StrEnum):
    """What somebody may do about a question: answer it, only read it, or not even know of it."""

    ANSWERS = "answers"
    READS = "reads"
    NOTHING = "nothing"


def voice(says: Says, deciders: Deciders, *, today: date, answered: bool = False) -> Voice:
    """The whole rule of who decides. `answered`: the young person has answered this themselves."""
    if says.born is None or today >= birthday(says.born, OF_AGE):
        return Voice.NOTHING if says.right == GUARDIAN else Voice.ANSWERS
    if deciders.adults_only:
        return Voice.NOTHING
    if says.right == GUARDIAN:
        return _of_guardian(says.born, deciders, today=today, answered=answered)
    return Voice.ANSWERS if today >= birthday(says.born, deciders.child_from) else Voice.READS


def _of_guardian(born: date, deciders: Deciders, *, today: date, answered: bool) -> Voice:
    if today < birthday(born, deciders.child_from):
        return Voice.ANSWERS
    if today < birthday(born, OWN_VOICE):
        return Voice.READS
    if not deciders.guardian_too:
        return Voice.NOTHING
    # What the young person said stands: a guardian neither says yes against their no, nor no against their yes.
    return Voice.READS if answered else Voice.ANSWERS


def is_nearly_grown(says: Says, *, today: date) -> bool:
    """Fifteen to seventeen: a guardian knows of a question only where the purpose lets them answer it, too."""
    return says.born is not None and birthday(says.born, OWN_VOICE) <= today < birthday(says.born, OF_AGE)


def guardians_are_told(says: Says, *, today: date) -> bool:
    """What a child below fifteen answered or took back themselves, their guardians are told of."""
    return says.right == OWN and says.born is not None and today < birthday(says.born, OWN_VOICE)


def lasts_at_most(says: Says, deciders: Deciders, *, today: date) -> datetime | None:
    """When a guardian's yes ends at the latest: 60 days after the young person begins to decide. None: no bound."""
    if says.right != GUARDIAN or says.born is None:
        return None
    begins = birthday(says.born, deciders.child_from)
    # Where a guardian answers beside a young person who decides already, it ends with the years of custody.
    begins = begins if today < begins else birthday(says.born, OF_AGE)
    return datetime.combine(begins + HAND_OVER, time(), tzinfo=_HERE)


def birthday(born: date, age: int) -> date:
    """The day on which somebody reaches an age; of 29 February it is 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
