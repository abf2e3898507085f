"""Asking Suomi.fi Messages: a token, a time limit, no redirects. The identity code goes in bodies only."""

from typing import Any, TypeVar

import httpx2
import msgspec

from portal.notices.errors import NotAtAll, NotNow
from portal.notices.messages.shape import ActiveAnswer, EndUser, TokenAnswer
from portal.outward.transport import trusted

ANSWER_SECONDS = 15.0
_TAKEN = {200, 201, 202, 409}
_REFUSED_FOR_GOOD = {400, 404, 410, 422}
_UNAUTHORISED = 401
T = TypeVar("T")


class MessageRefused(NotAtAll):
    """The service does not take this message."""


class Client:
    """One account at the service; keeps its token in this memory only."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url, self._username, self._password = url.rstrip("/"), username, password
        self._line = httpx2.Client(verify=trusted(), timeout=ANSWER_SECONDS, follow_redirects=False, trust_env=False)
        self._token = ""

    def uses_the_service(self, identity_code: str) -> bool:
        """The person has an active mailbox."""
        answer = self._post("/v1/mailboxes/active", {"endUsers": [{"id": identity_code}]})
        return EndUser(identity_code) in _read(answer, ActiveAnswer).endUsersWithActiveMailbox

    def send(self, message: dict[str, Any]) -> None:
        """Hand it over; what was handed over before under the same `externalId` is not sent again."""
        self._post("/v2/messages/electronic", message)

    def _post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        answer = self._ask(path, body, self._bearer())
        if answer.status_code == _UNAUTHORISED:
            self._token = ""
            answer = self._ask(path, body, self._bearer())
        if answer.status_code in _TAKEN:
            return answer
        raise MessageRefused if answer.status_code in _REFUSED_FOR_GOOD else NotNow

    def _bearer(self) -> dict[str, str]:
        if not self._token:
            answer = self._ask("/v1/token", {"username": self._username, "password": self._password}, {})
            # A wrong password is ours to mend: the letter waits.
            token = _read(answer, TokenAnswer).token if answer.is_success else ""
            if not token:
                raise NotNow
            self._token = token
        return {"Authorization": f"Bearer {self._token}"}

    def _ask(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx2.Response:
        try:
            return self._line.post(f"{self._url}{path}", json=body, headers=headers)
        except httpx2.HTTPError:
            raise NotNow from None


def _read(answer: httpx2.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except msgspec.MsgspecError:
        raise NotNow from None
