"""A witness over loopback HTTP, as C2SP tlog-witness tells it: it keeps the newest checkpoint it saw of each log."""

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.merkle import EMPTY_ROOT, ProofBroken, check_consistency
from portal.ledger.notes import Cosigner, Head, NoteBroken, Verifier, cosigned_text, opened
from tests.web import thread_of

NAME = "witness.example/w1"
_BODY = re.compile(r"old (0|[1-9][0-9]*)\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.*)", re.DOTALL)
Reply = tuple[int, str, str]


class Witness(ThreadingHTTPServer):
    """`logs`: {origin: its keys}; `seen`: the newest head of each; `now`: seconds since 1970; `asked`: old sizes."""

    def __init__(self, *, now: int = 1_679_315_147) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.key = Ed25519PrivateKey.generate()
        self.logs: dict[str, list[Verifier]] = {}
        self.seen: dict[str, Head] = {}
        self.now, self.asked = now, list[int]()
        self.forced: Reply | None = None
        self.lock = threading.Lock()

    @property
    def cosigner(self) -> Cosigner:
        return Cosigner(NAME, self.key.public_key().public_bytes_raw())

    @property
    def setting(self) -> str:
        """As CHECKPOINT_WITNESSES has it."""
        return f"{self.cosigner.told} http://127.0.0.1:{self.server_port}/witness/"

    def add_checkpoint(self, body: str) -> Reply:
        found = _BODY.fullmatch(body)
        if found is None:
            return 400, "text/plain", ""
        old, note = int(found[1]), found[3]
        proof = [base64.b64decode(line) for line in found[2].split()]
        origin = note.partition("\n")[0]
        self.asked.append(old)
        if origin not in self.logs:
            return 404, "text/plain", ""
        try:
            head = opened(note, self.logs[origin])
        except NoteBroken:
            return 403, "text/plain", ""
        # Looked at and kept in one: two at once must not roll it back.
        with self.lock:
            return self._kept(head, old, proof)

    def _kept(self, head: Head, old: int, proof: list[bytes]) -> Reply:
        if old > head.size:
            return 400, "text/plain", ""
        before = self.seen.get(head.origin, Head(head.origin, 0, EMPTY_ROOT))
        if old != before.size or (old == head.size and before.root != head.root):
            return 409, "text/x.tlog.size", f"{before.size}\n"
        try:
            check_consistency(old, head.size, before.root, head.root, proof)
        except ProofBroken:
            return 422, "text/plain", ""
        self.seen[head.origin] = head
        return 200, "text/plain", self.line(head)

    def line(self, head: Head, *, by: Ed25519PrivateKey | None = None) -> str:
        """The cosignature of a head."""
        signature = (by or self.key).sign(cosigned_text(head.text, self.now))
        content = self.cosigner.id + self.now.to_bytes(8, "big") + signature
        return f"— {NAME} {base64.b64encode(content).decode()}\n"


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Witness)
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        found = self.path == "/witness/add-checkpoint"
        status, kind, text = self.server.forced or (
            self.server.add_checkpoint(told) if found else (404, "text/plain", "")
        )
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def witness() -> Iterator[Witness]:
    """A witness that runs."""
    server = Witness()
    try:
        with thread_of(server):
            yield server
    finally:
        server.server_close()
