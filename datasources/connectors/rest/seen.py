"""Whether a list is still the same: by what its pages said of themselves (RFC 9110, section 8.8)."""

import re
from email.utils import parsedate_to_datetime

import httpx2
import msgspec

from datasources.connectors.rest.codes import LIKE_A_CODE

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"', re.ASCII)
# A list of more pages is read each time; so is one whose pages say long things.
_MOST_PAGES = 1000
_LONGEST = 200_000


class Validators(msgspec.Struct, frozen=True, array_like=True):
    """What one page said: its ETag, or else when it was last changed. Empty when it said neither."""

    tag: str = ""
    changed: str = ""

    def __bool__(self) -> bool:
        return bool(self.tag or self.changed)

    @property
    def condition(self) -> dict[str, str]:
        """Headers that ask for the page only if it is another one by now."""
        return {"If-None-Match": self.tag} if self.tag else {"If-Modified-Since": self.changed}

    def agree(self, answer: httpx2.Response) -> bool:
        """A 304 is about this page: what it repeats is what was sent (weak comparison)."""
        told = answer.headers.get("ETag", "")
        return not (told and self.tag) or _strong(told) == _strong(self.tag)


class Page(msgspec.Struct, frozen=True, array_like=True):
    """How a page was asked for, and what it said."""

    query: dict[str, str]
    said: Validators


class Pages:
    """The pages of a list as it is read."""

    def __init__(self) -> None:
        self._pages: list[Page] = []

    def add(self, query: dict[str, str], said: Validators) -> None:
        """The next one."""
        if len(self._pages) <= _MOST_PAGES:
            self._pages.append(Page(query, said))

    @property
    def told(self) -> str:
        """All of them in one text; empty when one page cannot be known again."""
        if not self._pages or len(self._pages) > _MOST_PAGES or not all(page.said for page in self._pages):
            return ""
        told = msgspec.json.encode(self._pages).decode()
        return told if len(told) <= _LONGEST else ""


def pages_in(told: str) -> list[Page]:
    """Of `Pages.told`; none when it cannot be read."""
    try:
        return msgspec.json.decode(told, type=list[Page])
    except msgspec.MsgspecError:
        return []


def validators_of(answer: httpx2.Response) -> Validators:
    """What can be sent back of it."""
    tag = answer.headers.get("ETag", "")
    if _TAG.fullmatch(tag) and not LIKE_A_CODE.search(tag):
        return Validators(tag=tag)
    changed = answer.headers.get("Last-Modified", "")
    return Validators(changed=changed if _is_over(changed, answer.headers.get("Date", "")) else "")


def _is_over(changed: str, sent: str) -> bool:
    """The second in which it was changed had passed when it was sent: it can no more change within it (8.8.2.2)."""
    try:
        return (parsedate_to_datetime(sent) - parsedate_to_datetime(changed)).total_seconds() >= 1
    except (ValueError, TypeError):
        return False


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")
