"""Who did it, by which right."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of someone acted."""

    RESIDENT = "resident"
    STAFF = "staff"
    CLIENT = "client"
    SYSTEM = "system"


class Right(StrEnum):
    """By which right they acted (434/2003, 361/1983, 442/1999, 648/2007, 621/1999)."""

    OWN = "own"
    GUARDIAN = "guardian"
    ADULT_GUARDIAN = "adult-guardian"
    CONTINUING_POWER = "continuing-power"
    MANDATE = "mandate"
    OFFICE = "office"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """`id` is a pseudonymous text id, never a name; `unit` a department's slug; `name` is sealed when recorded."""

    kind: ActorKind
    id: str
    right: Right
    unit: str = ""
    role: str = ""
    name: str = ""


def resident(person_id: object) -> Actor:
    """A resident in their own matter."""
    return Actor(kind=ActorKind.RESIDENT, id=str(person_id), right=Right.OWN)


def acting_for(actor_id: object, right: Right) -> Actor:
    """Somebody in another person's matter."""
    return Actor(kind=ActorKind.RESIDENT, id=str(actor_id), right=right)


def system(name: str) -> Actor:
    """A job or command of our own; `name` says which."""
    return Actor(kind=ActorKind.SYSTEM, id=name, right=Right.SYSTEM, role=name)
