"""What another city asks when a resident wants their data fetched: an authorization request (RFC 6749 §4.1.1).

With PKCE by S256 only (RFC 7636), state, and a redirect address that is known beforehand to the letter (RFC 9700 §2.1).
Until it is answered it travels in the address of the page, signed: nothing is kept of who asked but did not stay.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.signing import BadSignature, Signer

from portal.requests.leaving.errors import NotAQuestion, QuestionOver

# So long a resident may read, sign in and choose.
OPEN_FOR = timedelta(minutes=10)
RETURN_PATH = "/transfers/arrived"
_ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
_STATE = re.compile(r"[A-Za-z0-9._~-]{16,256}", re.ASCII)
# BASE64URL of a SHA-256 (RFC 7636 §4.2): the last letter carries four bits.
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", re.ASCII)
_SALT = "portal.requests.leaving.question"


@dataclass(frozen=True)
class Question:
    """Which city asks, where its answer goes, and what binds the answer to whoever asked."""

    client: str
    redirect_uri: str
    state: str
    challenge: str

    @property
    def digest(self) -> bytes:
        """By which it is known whether it was answered."""
        return sha256("\x1f".join((self.client, self.redirect_uri, self.state, self.challenge)).encode()).digest()


def question_of(told: Mapping[str, Sequence[str]], *, return_of: Callable[[str], str]) -> Question:
    """The question in a query string; NotAQuestion. `return_of`: where a city's answers go, empty of an unknown one."""
    if any(len(told.get(name, ())) > 1 for name in _ASKED):
        raise NotAQuestion("twice")
    one = {name: (told.get(name) or [""])[0] for name in _ASKED}
    where = return_of(one["client_id"])
    checks = {
        "client": bool(where),
        "redirect": one["redirect_uri"] == where,
        "type": one["response_type"] == "code",
        "scope": one["scope"] == "package",
        "state": bool(_STATE.fullmatch(one["state"])),
        "method": one["code_challenge_method"] == "S256",
        "challenge": bool(_CHALLENGE.fullmatch(one["code_challenge"])),
    }
    if wrong := next((name for name, holds in checks.items() if not holds), ""):
        raise NotAQuestion(wrong)
    return Question(one["client_id"], where, one["state"], one["code_challenge"])


def written(question: Question, *, at: datetime) -> str:
    """As it stands in the address of the page that answers it."""
    return Signer(salt=_SALT).sign_object({**asdict(question), "at": int(at.timestamp())}).replace(":", "~")


def read(text: str, *, at: datetime) -> Question:
    """QuestionOver: nobody was led here with it, or too long ago."""
    try:
        told = Signer(salt=_SALT).unsign_object(text.replace("~", ":"))
    except BadSignature:
        raise QuestionOver from None
    if not 0 <= at.timestamp() - told.pop("at") <= OPEN_FOR.total_seconds():
        raise QuestionOver
    return Question(**told)
