"""Who has given whom a mandate."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mandate:
    """`giver` and `holder` are slugs of people; `bounds` as the register tells them."""

    giver: str
    holder: str
    kind: str = "mandate"
    bounds: dict[str, Any] = field(default_factory=dict)


MANDATES = (
    # Raili lets a student see to her library matters, and nothing else.
    Mandate("raili", "otso", bounds={"topics": ["library"], "since": "2026-01-01", "until": "2036-12-31"}),
    # The oldest resident has a guardian.
    Mandate("lempi", "tarmo", kind="adult-guardian"),
)
