"""Whom another city knows: the same made-up people, as one population register has them."""

import random

from demo.people import Person, everyone

# Of the people with stories, those who have lived there.
_LIVED = {"turku": ("otso",)}
_SHARE = 0.15


def known_in(city: str) -> list[Person]:
    """Those who have lived there, in the order of the demo's people; a new person changes nothing for the others."""
    lived = _LIVED.get(city, ())
    return [person for person in everyone() if person.slug in lived or (person.story is None and _drawn(city, person))]


def _drawn(city: str, person: Person) -> bool:
    return random.Random(f"{city} {person.slug}").random() < _SHARE
