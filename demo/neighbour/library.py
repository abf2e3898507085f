"""What another city's library holds, in the shape of the first one's (`demo.departments.library`)."""

import random
from datetime import date, timedelta
from typing import Any

from demo.neighbour.people import known_in
from demo.people import Person

_TODAY = date(2026, 11, 20)
_TITLES = (
    "Volter Kilven matkassa", "Kalevala", "Nuoren Wertherin kärsimykset", "Sommarboken", "Putkinotko", "Rautatie",
    "Täällä Pohjantähden alla", "Trollvinter", "Vänrikki Stoolin tarinat", "Manillaköysi",
)  # fmt: skip
_BRANCHES = ("main", "riverside", "island", "bus")
# The student who moved away has a book still to bring back, and a fee for another.
_BEFORE_MOVING = {"otso": date(2026, 8, 10)}
_JOINED = {"otso": date(2011, 9, 3)}
Item = dict[str, Any]


def held_in(city: str) -> dict[str, list[Item]]:
    """{patrons, loans, holds, fees}: items ordered by identity code."""
    told: dict[str, list[Item]] = {"patrons": [], "loans": [], "holds": [], "fees": []}
    for number, person in enumerate(known_in(city)):
        dice = random.Random(f"{city} library {person.slug}")
        moved = _BEFORE_MOVING.get(person.slug)
        mine = {
            "patrons": [_patron(dice, city, number, person)],
            "loans": [_loan(dice, moved) for _ in range(1 if moved else dice.randint(0, 5))],
            "holds": [] if moved else [_hold(dice) for _ in range(dice.randint(0, 2))],
            "fees": [_fee(dice)] if moved or dice.random() < 0.1 else [],
        }
        for kind, items in mine.items():
            told[kind].extend({"identity_code": person.identity_code} | item for item in items)
    return {kind: sorted(items, key=lambda item: str(item["identity_code"])) for kind, items in told.items()}


def _patron(dice: random.Random, city: str, number: int, person: Person) -> Item:
    joined = _JOINED.get(person.slug, max(person.born, _TODAY - timedelta(days=dice.randint(30, 3000))))
    return {
        "card_number": f"31{number:010d}",
        "customer_group": "child" if person.born.year > 2010 else "adult",
        "language": person.language,
        "email": f"{person.slug}@asukas.{city}.example",
        "joined_on": str(joined),
        "pin_hash": f"{dice.getrandbits(64):016x}",
        "loan_history_on": dice.random() < 0.2,
    }


def _loan(dice: random.Random, moved: date | None) -> Item:
    lent = moved or _TODAY - timedelta(days=dice.randint(0, 27))
    return {
        "loan_id": f"L{dice.randrange(10**8):08d}",
        "title": dice.choice(_TITLES),
        "branch": dice.choice(_BRANCHES),
        "lent_on": str(lent),
        "due_on": str(lent + timedelta(days=28)),
        "renewals": dice.randint(0, 3),
        "kind": "book",
    }


def _hold(dice: random.Random) -> Item:
    return {
        "title": dice.choice(_TITLES),
        "queue_place": dice.randint(1, 30),
        "branch": dice.choice(_BRANCHES),
        "placed_on": str(_TODAY - timedelta(days=dice.randint(1, 40))),
        "ready": False,
    }


def _fee(dice: random.Random) -> Item:
    return {"reason": "overdue", "amount_cents": dice.choice((60, 200)), "charged_on": str(_TODAY - timedelta(days=60))}
