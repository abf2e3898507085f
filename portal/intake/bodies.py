"""Around the whole application: a body is here before anybody works on it, or its sender is told to come again."""

import io
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from portal.intake.connections import Connections
from portal.intake.watching import Wait

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

IS_LATE = "portal.is_late"
# Beside the patience, so that a large body may come over an ordinary line.
_BYTES_A_SECOND = 256 << 10


class Input(Protocol):
    """What a WSGI server gives as `wsgi.input` (PEP 3333)."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Slow(OSError):
    """The rest of a large body did not come in time."""


class InTime:
    """An application that waits for no body for longer than it takes to send it, and `patience` seconds.

    Up to `most` bytes are read before it is asked; a longer body, which it will hardly want, is read when it asks.
    `waits_itself` names the paths where it reads a stream by its own measure. Of whoever is late it is told by IS_LATE,
    with no body, and answers 408.
    """

    def __init__(
        self, application: Application, *, patience: float, most: int, waits_itself: Callable[[str], bool]
    ) -> None:
        self._application, self._waits_itself = application, waits_itself
        self._patience, self._most = patience, most

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """PEP 3333."""
        length = _length(environ)
        if not length or self._waits_itself(environ.get("PATH_INFO", "")):
            return self._application(environ, start_response)
        body, patience = environ["wsgi.input"], self._patience + length / _BYTES_A_SECOND
        wait = Wait(connections_of(environ), patience)
        if length > self._most:
            environ["wsgi.input"] = io.BufferedReader(_Later(body, wait))
            return self._application(environ, start_response)
        with wait:
            content = body.read(length)
        environ["wsgi.input"] = _Here(content)
        if len(content) < length:
            environ |= {IS_LATE: True, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()}
        return self._application(environ, start_response)


class _Here(io.BytesIO):
    """A body that is here, until it was read: a call is a circle that is not looked for at once, and holds its body."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._length = len(content)

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file; when all was read nothing is held any more."""
        part = super().read(size)
        if self.tell() >= self._length:
            self.truncate(0)
        return part


class _Later(io.RawIOBase):
    """A body that is read by whoever wants it, part by part."""

    def __init__(self, body: Input, wait: Wait) -> None:
        self._body, self._wait = body, wait

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, part: Any, /) -> int:
        """How many bytes came; Slow when they do not."""
        with self._wait:
            came = self._body.read(len(part))
        if self._wait.gave_up:
            raise Slow
        part[: len(came)] = came
        return len(came)


def connections_of(environ: Environ) -> Connections:
    """The caller's."""
    return Connections(str(environ.get("REMOTE_ADDR", "")), int(environ["SERVER_PORT"]))


def _length(environ: Environ) -> int:
    told = environ.get("CONTENT_LENGTH", "")
    return int(told) if told.isascii() and told.isdecimal() else 0
