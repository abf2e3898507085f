"""What the library holds about the made-up people."""

import random
from datetime import date, timedelta
from functools import cache
from typing import Any

from demo.people import Person, everyone

_TODAY = date(2026, 11, 20)
_TITLES = {
    "book": (
        "Muumipappa ja meri", "Seitsemän veljestä", "Sinuhe egyptiläinen", "Tuntematon sotilas", "Sommarboken",
        "Kalevala", "Alastalon salissa", "Röda rummet", "Trollvinter", "Kunnon sotamies Svejk", "Anna Karenina",
    ),
    "audiobook": ("Seitsemän veljestä", "Täällä Pohjantähden alla", "Niskavuoren naiset", "Gösta Berlings saga"),
    "film": ("Kahdeksan surmanluotia", "Komisario Palmun erehdys", "Valkoinen peura"),
    "instrument": ("Ukulele", "Viisikielinen kantele", "Djembe"),
}  # fmt: skip
_BRANCHES = ("main", "harbour", "mall", "bus")
_KINDS = ("book", "book", "book", "audiobook", "film", "instrument")
# What the stories say: how many loans and holds at least, of what kind, since when a customer.
_LOANS = {"aino": 12, "lempi": 4}
_HOLDS = {"bjorn": 5}
_ONLY = {"lempi": "audiobook", "tarmo": "book"}
_JOINED = {"otso": date(2026, 8, 24), "amira": date(2026, 5, 11)}
_CHARGED = {"tarmo"}
Item = dict[str, Any]


def _patron(dice: random.Random, number: int, person: Person) -> Item:
    longest = min(4000, max(30, (_TODAY - person.born).days - 200))
    joined = _JOINED.get(person.slug, _TODAY - timedelta(days=dice.randint(30, longest)))
    return {
        "card_number": f"29{number:010d}",
        "customer_group": "child" if person.born.year > 2010 else "adult",
        "language": person.language,
        "email": person.email,
        "joined_on": str(joined),
        "pin_hash": f"{dice.getrandbits(64):016x}",
        "loan_history_on": dice.random() < 0.2,
    }


def _loan(dice: random.Random, person: Person) -> Item:
    lent = _TODAY - timedelta(days=dice.randint(0, 27))
    kind = _ONLY.get(person.slug) or dice.choice(_KINDS)
    return {
        "loan_id": f"L{dice.randrange(10**8):08d}",
        "title": dice.choice(_TITLES[kind]),
        "branch": dice.choice(_BRANCHES),
        "lent_on": str(lent),
        "due_on": str(lent + timedelta(days=28)),
        "renewals": dice.randint(0, 3),
        "kind": kind,
    }


def _hold(dice: random.Random, place: int) -> Item:
    return {
        "title": dice.choice(_TITLES["book"]),
        "queue_place": 1 if place == 0 else dice.randint(2, 40),
        "branch": dice.choice(_BRANCHES),
        "placed_on": str(_TODAY - timedelta(days=dice.randint(1, 40))),
        "ready": place == 0,
    }


def _fee(dice: random.Random) -> Item:
    charged = _TODAY - timedelta(days=dice.randint(1, 200))
    return {"reason": "overdue", "amount_cents": dice.choice((50, 120, 400)), "charged_on": str(charged)}


@cache
def holdings() -> dict[str, list[Item]]:
    """{patrons, loans, holds, fees}: items ordered by identity code."""
    told: dict[str, list[Item]] = {"patrons": [], "loans": [], "holds": [], "fees": []}
    for number, person in enumerate(everyone()):
        # A customer's data depend on nobody else's: a new person changes no other's.
        dice = random.Random(f"library {person.slug}")
        if person.slug == "veikko" or (person.story is None and dice.random() > 0.6):
            continue
        mine = {
            "patrons": [_patron(dice, number, person)],
            "loans": [_loan(dice, person) for _ in range(_LOANS.get(person.slug, dice.randint(1, 9)))],
            "holds": [_hold(dice, place) for place in range(_HOLDS.get(person.slug, 0) + dice.randint(0, 3))],
            "fees": [_fee(dice)] if person.slug in _CHARGED or dice.random() < 0.15 else [],
        }
        for kind, items in mine.items():
            told[kind].extend({"identity_code": person.identity_code} | item for item in items)
    return {kind: sorted(items, key=lambda item: str(item["identity_code"])) for kind, items in told.items()}
