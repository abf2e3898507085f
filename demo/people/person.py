"""What is made up about a person."""

from dataclasses import dataclass, field
from datetime import date

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# Century signs after the reform of 2023 (Government decree 690/2022).
SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}


@dataclass(frozen=True)
class Story:
    """Two sentences shown beside the name at the demo's sign-in."""

    fi: str
    sv: str
    en: str


@dataclass(frozen=True)
class Person:
    """A made-up person. `guardians` and `children` are slugs of others."""

    slug: str
    identity_code: str = field(repr=False)
    given_names: str
    family_name: str
    born: date
    language: str
    street: str
    postal_code: str
    phone: str
    email: str
    story: Story | None = None
    protected: bool = False
    guardians: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


def identity_code(born: date, number: int, *, sign: str) -> str:
    """A test code: `number` is 900–999, which is never issued; the last character checks the other nine digits."""
    digits = f"{born:%d%m%y}{number:03d}"
    return f"{born:%d%m%y}{sign}{number:03d}{CHECK[int(digits) % 31]}"


def phone(number: int) -> str:
    """A telephone number that nobody has; one for each `number` of 0–999."""
    return f"045 0000 {number:03d}"
