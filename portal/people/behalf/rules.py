"""Who may act for whom: rules over what registers tell. Whatever is unclear means no, and no reason is told.

Sources: 361/1983 4-5 § (custody, joint guardians), 434/2003 14 § (minors), 1050/2018 5 §, 13/2009 36 § (protection),
442/1999 29 § (guardian of an adult), 648/2007 (continuing power of attorney), 661/2009 (e-Authorizations).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.ledger.actor import Right

# From fifteen on a minor speaks for themselves in what concerns their person (434/2003 14 §).
OWN_VOICE, OF_AGE = 15, 18


class Kind(StrEnum):
    """What a right to act rests on."""

    CUSTODY = "custody"
    ADULT_GUARDIAN = "adult-guardian"
    CONTINUING_POWER = "continuing-power"
    MANDATE = "mandate"


# The strongest first: who has two rights acts by the first of them.
_RIGHTS = {
    Kind.CUSTODY: Right.GUARDIAN,
    Kind.ADULT_GUARDIAN: Right.ADULT_GUARDIAN,
    Kind.CONTINUING_POWER: Right.CONTINUING_POWER,
    Kind.MANDATE: Right.MANDATE,
}


@dataclass(frozen=True)
class Subject:
    """Whom it is about. `protected`: a non-disclosure for personal safety (turvakielto) is in force."""

    born: date
    protected: bool = False
    in_care: bool = False
    died: bool = False


@dataclass(frozen=True)
class Tie:
    """One person's right to act for another. `topics` are slugs of departments, none of them means every one.

    `actor` is a person's id, or "" for one who was never here. Of guardians only: `protected` as in `Subject`,
    `prevented` cannot take part and delay would harm (361/1983 5 §), `blocked` has no right to know.
    """

    kind: Kind
    actor: str
    topics: frozenset[str] | None = None
    since: date | None = None
    until: date | None = None
    protected: bool = False
    prevented: bool = False
    blocked: bool = False

    def covers(self, department: str) -> bool:
        """It reaches this department's matters."""
        return self.topics is None or department in self.topics

    def holds(self, today: date) -> bool:
        """It has begun and has not ended; `until` is its last day."""
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)


@dataclass(frozen=True)
class Power:
    """What somebody may do for another: in matters of `topics` (None: of every department), and with whom together.

    `born`: when the other was, where it was read along.
    """

    right: Right
    topics: frozenset[str] | None = None
    others: tuple[Tie, ...] = field(default=(), repr=False)
    alone_only: bool = False
    born: date | None = field(default=None, repr=False)

    def covers(self, department: str) -> bool:
        """It reaches this department's matters."""
        return self.topics is None or department in self.topics

    def must_agree(self, department: str) -> frozenset[str]:
        """Ids of those without whom a yes is only half given; "" for one who was never here."""
        return frozenset(other.actor for other in self.others if other.covers(department))

    def offers(self, department: str) -> bool:
        """Questions of this department may be put: covered, and not one for two where only one may know of it."""
        return self.covers(department) and not (self.alone_only and self.must_agree(department))


def age_on(born: date, today: date) -> int:
    """Whole years. Who was born on 29 February grows older on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sees_records(power: Power, *, today: date) -> bool:
    """What registers hold of the other is shown: not to a guardian from the fifteenth birthday on (434/2003 14 §).

    Whoever is of age chose who sees it, by their mandate, or a court did.
    """
    if power.right is not Right.GUARDIAN:
        return True
    return power.born is not None and age_on(power.born, today) < OWN_VOICE


def power_over(subject: Subject, ties: Sequence[Tie], *, actor: str, today: date) -> Power | None:
    """What `actor` may do for the subject today; None when nothing, whatever the reason."""
    if not actor or subject.died or subject.protected or subject.in_care:
        return None
    in_force = [tie for tie in ties if tie.holds(today)]
    if age_on(subject.born, today) < OF_AGE:
        guardians = [tie for tie in in_force if tie.kind is Kind.CUSTODY]
        if (power := _of_guardian(guardians, actor)) is not None:
            return power
    return _by_mandate([tie for tie in in_force if tie.actor == actor])


def _of_guardian(guardians: Sequence[Tie], actor: str) -> Power | None:
    mine = next((tie for tie in guardians if tie.actor == actor), None)
    if mine is None or mine.blocked:
        return None
    protected = [tie for tie in guardians if tie.protected]
    # One who is protected acts alone; where all are, or more than one is, nobody does: a trace would lead to them.
    if protected and (protected != [mine] or len(guardians) == 1):
        return None
    others = tuple(tie for tie in guardians if tie is not mine and not tie.prevented and not tie.blocked)
    return Power(Right.GUARDIAN, mine.topics, others, alone_only=bool(protected))


def _by_mandate(mine: Iterable[Tie]) -> Power | None:
    by_kind: dict[Kind, list[Tie]] = {}
    for tie in mine:
        by_kind.setdefault(tie.kind, []).append(tie)
    for kind, right in _RIGHTS.items():
        if kind is Kind.CUSTODY or kind not in by_kind:
            continue
        topics: frozenset[str] | None = frozenset()
        for tie in by_kind[kind]:
            topics = None if topics is None or tie.topics is None else topics | tie.topics
        return Power(right, topics)
    return None
