"""Sports services' ear: hears of changes by webhook, believes only what is signed, and acts on each change once."""

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.departments.moods import Mood, Moods
from demo.departments.signatures import NotBelieved, verify

NAME = "sports"
_LARGEST = 64 * 1024
Message = dict[str, Any]


@dataclass
class Heard:
    """What came: `messages` by their id, in the order in which they came, each once however often it was sent."""

    messages: dict[str, Message] = field(default_factory=dict)
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_new(self, name: str, message: Message) -> bool:
        """False for a message that was there already."""
        with self.lock:
            new = name not in self.messages
            self.messages.setdefault(name, message)
        return new


class Receiver(ThreadingHTTPServer):
    """Listens on loopback. `keys` hold at the moment; `act` is called once for each new message, after the answer."""

    daemon_threads = True

    def __init__(self, port: int, moods: Moods) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        self.moods, self.heard = moods, Heard()
        self.keys: list[str] = []
        self.act: Callable[[Message], None] | None = None
        self._todo: queue.SimpleQueue[Message] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it wants to be told."""
        return f"http://127.0.0.1:{self.server_address[1]}/mydata/"

    def take(self, name: str, message: Message) -> None:
        """Heard: a replay is taken and changes nothing."""
        if self.heard.is_new(name, message):
            self._todo.put(message)

    def _work(self) -> None:
        while True:
            message = self._todo.get()
            if self.act:
                self.act(message)


class _Desk(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        """401 for what is not believed; 200 for what is, whether it is new or not."""
        mood = self.server.moods[NAME]
        length = int(self.headers.get("Content-Length") or 0)
        if mood is Mood.DOWN or length > _LARGEST:
            self.close_connection = True
            return
        body = self.rfile.read(length)
        self.server.moods.wait_if_slow(NAME)
        if mood is Mood.WRONG:
            self._answer(500)
            return
        try:
            name = verify(self.server.keys, dict(self.headers.items()), body)
            self.server.take(name, json.loads(body))
        except NotBelieved:
            self.server.heard.refused += 1
            self._answer(401)
            return
        except ValueError:
            self._answer(400)
            return
        self._answer(200)
