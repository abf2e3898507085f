"""What a maker's service is to whoever ties it: OAuth 2.0 with a code (RFC 6749 §4.1) and PKCE (RFC 7636)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from datasources.wearables.makers.calling import Answer, NoAnswer, called
from datasources.wearables.reading.format import Format

# Before a token ends it is changed: what is asked with it may take a while.
_SOON = timedelta(minutes=10)


@dataclass(frozen=True)
class Tokens:
    """What opens one person's account. `user` is the maker's own number of them, where it has one."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends_at: datetime | None = None
    user: str = field(default="", repr=False)

    def ends_soon(self, *, at: datetime) -> bool:
        """It is of no use much longer."""
        return self.ends_at is not None and self.ends_at <= at + _SOON


@dataclass(frozen=True)
class Place:
    """Where a maker's service is, and who we are there; `client_id` is empty where the city has no agreement."""

    site: str
    tokens: str
    api: str
    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Maker(ABC):
    """`title` is the maker's own name, in every language; `days` is how many it gives at the most at once."""

    name: str
    title: str
    days: int

    @property
    @abstractmethod
    def place(self) -> Place:
        """As the settings say it."""

    @abstractmethod
    def asking(self, *, state: str, challenge: str, back: str) -> str:
        """The address of the maker's own page, where the person says yes or no. `challenge`: S256 (RFC 7636 §4.2)."""

    @abstractmethod
    def traded(self, code: str, *, verifier: str, back: str, at: datetime) -> Tokens:
        """Tokens for a code. NotLet where the code is no good; NoAnswer, SlowDown."""

    def registered(self, tokens: Tokens, *, as_whom: str) -> None:  # noqa: B027 - most want nothing
        """What the maker wants done once before it gives anything. NoAnswer, NotLet, SlowDown."""

    @abstractmethod
    def renewed(self, tokens: Tokens, *, at: datetime) -> Tokens:
        """New tokens for old ones, which are of no use afterwards. NotLet where the person took it back."""

    @abstractmethod
    def answers(self, tokens: Tokens, *, since: date, until: date) -> list[tuple[Format, bytes]]:
        """All of these days, both included, each answer with what reads it. NotLet, NoAnswer, SlowDown."""

    @abstractmethod
    def let_go(self, tokens: Tokens) -> None:
        """Ends the tie at the maker's. NotLet where it had ended there; NoAnswer, SlowDown."""


def page_of(site: str, path: str, told: Mapping[str, str]) -> str:
    """An address with its query."""
    return f"{site}{path}?{urlencode(told)}"


def tokens_of(answer: Answer, *, at: datetime, before: Tokens | None = None) -> Tokens:
    """RFC 6749 §5.1. What is not told anew stays as it was. NoAnswer where there is no token in it."""
    told = answer.told()
    access, lasts = told.get("access_token"), told.get("expires_in")
    if not isinstance(access, str) or not access:
        raise NoAnswer
    return Tokens(
        access=access,
        refresh=str(told.get("refresh_token") or (before.refresh if before else "")),
        ends_at=at + timedelta(seconds=lasts) if isinstance(lasts, int) else None,
        user=str(told.get("x_user_id") or (before.user if before else "")),
    )


def asked(url: str, token: str, *, query: Sequence[tuple[str, str]] = ()) -> Answer:
    """Something of the person's own."""
    headers = {"Authorization": f"Bearer {token}"}
    return called("GET", url, headers=headers, query=query)
