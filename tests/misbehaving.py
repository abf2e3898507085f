"""A department's web interface that answers with whatever bytes it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TOKEN = b'{"access_token":"t","expires_in":600}'


class Misbehaving(socketserver.ThreadingTCPServer):
    """Answers to /token with `token` and to everything else with `answer`, as they go over the wire."""

    daemon_threads, allow_reuse_address = True, True
    token = answer = b""

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Desk(socketserver.StreamRequestHandler):
    timeout = 2

    def handle(self) -> None:
        asked = self.rfile.readline()
        length = 0
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        assert isinstance(self.server, Misbehaving)
        self.wfile.write(self.server.token if b"/token" in asked else self.server.answer)


@contextmanager
def misbehaving() -> Iterator[Misbehaving]:
    """On loopback, until the block ends."""
    with Misbehaving(("127.0.0.1", 0), _Desk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def wire(body: bytes, *, more: bytes = b"", status: int = 200) -> bytes:
    """A whole answer of JSON; `more` are further header lines."""
    head = b"HTTP/1.1 %d So\r\nContent-Type: application/json\r\nContent-Length: %d\r\n" % (status, len(body))
    return head + more + b"Connection: close\r\n\r\n" + body
