"""A made-up city that is trusted: its key set is served on loopback, and the list of trusted cities names it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.conf import LazySettings
from joserfc.jwk import ECKey

from tests.transfers.made import CITY, KEY
from tests.web import thread_of


class KeyServer(BaseHTTPRequestHandler):
    """`/.well-known/jwks.json`: `told` is what it says now, `asked` how often it was asked, `code` how it answers."""

    told: bytes = b"{}"
    code = 200
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.code if self.path == "/.well-known/jwks.json" else 404)
        self.end_headers()
        self.wfile.write(self.told)

    def log_message(self, *_: Any) -> None:
        pass


def key_told(key: ECKey, **more: Any) -> dict[str, Any]:
    """As a city publishes a key of packages."""
    return {**key.as_dict(private=False), "use": "sig", "purpose": "packages", **more}


def tell(there: type[KeyServer], keys: Sequence[dict[str, Any]]) -> None:
    """The city's key set from now on."""
    there.told = json.dumps({"keys": list(keys)}).encode()


@contextmanager
def trusted_neighbour(settings: LazySettings, folder: Path) -> Iterator[type[KeyServer]]:
    """The city `made.CITY`, whose key is `made.KEY`."""
    handler = type("Neighbour", (KeyServer,), {})
    tell(handler, [key_told(KEY)])
    with thread_of(server := ThreadingHTTPServer(("127.0.0.1", 0), handler)):
        path = folder / "trusted-cities.toml"
        path.write_text(
            f'[[city]]\nslug = "{CITY}"\nurl = "http://127.0.0.1:{server.server_port}"\n'
            'name = { fi = "Turku", sv = "Åbo", en = "Turku" }\n'
        )
        settings.TRUSTED_CITIES_FILE = path
        yield handler
