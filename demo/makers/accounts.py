"""What both services know: codes that are good once, tokens, and who took a permission back."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from demo.watches.life import HERE, Day, days

CLIENT, SECRET = "mydata", "made-up-secret"


def today() -> date:
    """In Espoo."""
    return datetime.now(HERE).date()


class Refused(Exception):
    """The word of RFC 6749 §5.2 for it."""


@dataclass
class Books:
    """One maker's. `wait` seconds are told to whoever asks for data; `lasts` is how many a token does, None: years."""

    back: str
    lasts: int | None
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    registered: set[str] = field(default_factory=set)
    wait: int = 0
    is_silent: bool = False
    is_unpaid: bool = False
    withheld: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    first: date = field(default_factory=lambda: today() - timedelta(days=60))

    def code_for(self, query: dict[str, str]) -> str:
        """A code for whoever said yes; ValueError where the question is not as it must be."""
        wanted = (query.get("client_id"), query.get("redirect_uri"), query.get("response_type"))
        if wanted != (CLIENT, self.back, "code") or query.get("code_challenge_method") != "S256":
            raise ValueError
        made = secrets.token_urlsafe(16)
        self.codes[made] = query["code_challenge"], query["redirect_uri"]
        return made

    def traded(self, form: dict[str, str]) -> dict[str, object]:
        """Tokens for a code or for a refresh token, each good once. Refused."""
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self.refresh:
                raise Refused("invalid_grant")
            self.refresh.clear()
            self.access.clear()
            return self._new()
        challenge, back = self.codes.pop(form.get("code", ""), ("", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not challenge or proved != challenge or form.get("redirect_uri") != back:
            raise Refused("invalid_grant")
        return self._new()

    def _new(self) -> dict[str, object]:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access.add(access)
        if self.lasts is None:
            return {"access_token": access, "token_type": "bearer", "expires_in": 315359999, "x_user_id": 475}
        self.refresh.add(refresh)
        told = {"access_token": access, "token_type": "bearer", "expires_in": self.lasts, "refresh_token": refresh}
        return dict(told)

    def take_back(self) -> None:
        """As if in the maker's own app: every token ends."""
        self.access.clear()
        self.refresh.clear()
        self.registered.clear()


def life(first: date, since: date, until: date) -> list[Day]:
    """The same days, whenever they are asked for; none before the first, and none that is not over."""
    every = days(first, max(0, (today() - first).days), seed=7)
    return [each for each in every if since <= each.day <= until]
