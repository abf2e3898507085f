"""Speaking HTTP with a GDPR API and its token server: limits of time and size, no redirect, faults as sentences."""

from dataclasses import dataclass, field
from typing import Any

from datasources.outward import Line, json_of
from datasources.protocol import Limits

_SYSTEM = "The GDPR API"


@dataclass(frozen=True)
class Answer:
    """What came back; `content` may be a token or a person's data and is never shown."""

    status: int
    kind: str
    content: bytes = field(repr=False)

    def object(self) -> dict[str, Any]:
        """The JSON object of an answer; Garbled when it is none."""
        found: dict[str, Any] = json_of(self.content, _SYSTEM, form=dict)
        return found


class Client:
    """Both servers, within one time limit."""

    def __init__(self, limits: Limits) -> None:
        self._line = Line(_SYSTEM, connect=limits.connect, answer=limits.answer, whole=limits.statement)
        self.close = self._line.close

    def send(
        self,
        method: str,
        url: str,
        *,
        bearer: str = "",
        query: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> Answer:
        """The answer whatever its status. TooSlow, Unreachable; Garbled when it is packed, cut short or too large."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = self._line.send(self._line.request(method, url, params=query, data=form, headers=headers))
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.content)
