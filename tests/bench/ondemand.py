"""A resident asks ten departments at once; each answers in 0.3 s. From the press to the last part of the page served.

Everything in between is real: the web server, the outbox, the bell, Redis, a Celery worker, ten web interfaces, and the
page's own looks, as often as it makes them. `with_dead`: the same ten beside one department that is down and one that
takes ten seconds.
"""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import msgspec

from datasources.queries.sources import secrets_place
from demo.processes import start, stop
from portal.keys.seals import seal_by_ring
from tests.bench.framework import DATABASE, ROOT, Portal, Row, interleaved
from tests.bench.serving import serving
from tests.residents import CODES, describe_city, enter
from tests.web import free_port

TEN = tuple(f"bench-{number}" for number in range(10))
DEAD, SLOW = "bench-dead", "bench-slow"
ANSWERS_IN, SLOW_ANSWERS_IN = 0.3, 10.0
WHO = "raili"
# From one look to the next, as the page says it: `hx-trigger="every 300ms"`.
_LOOK = re.compile(r'hx-get="([^"]+)" hx-trigger="every (\d+)(ms|s)"')
_LEFT = re.compile(r"departments=([a-z0-9,-]*)")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CATALOGUE = """
WITH department AS (
    INSERT INTO datasources_department
    SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'slug', s, 'position', n))).*
    FROM unnest(%(slugs)s::text[]) WITH ORDINALITY AS new (s, n), datasources_department AS d WHERE d.slug = 'library'
    RETURNING id, slug
), register AS (
    INSERT INTO datasources_register
    SELECT (jsonb_populate_record(r, jsonb_build_object(
        'id', gen_random_uuid(), 'slug', department.slug, 'department_id', department.id, 'connection', 'connected'))).*
    FROM department, datasources_register AS r WHERE r.slug = 'library-customers'
    RETURNING id, slug
), dataset AS (
    INSERT INTO datasources_dataset
    SELECT (jsonb_populate_record(d, jsonb_build_object(
        'id', gen_random_uuid(), 'slug', register.slug, 'register_id', register.id))).*
    FROM register, datasources_dataset AS d WHERE d.slug = 'library-card'
)
INSERT INTO datasources_source (id, slug, department_id, kind, settings, sealed_secrets, mapping, mapping_version, live,
    keeps_for, keeps_for_ground, switched_on, failures, last_error, most_in_flight)
SELECT new.id, new.slug, department.id, 'rest', new.settings, new.secrets, new.mapping, 1, true,
    'active', '', true, 0, '', 8
FROM unnest(%(ids)s::uuid[], %(slugs)s::text[], %(settings)s::jsonb[], %(secrets)s::bytea[], %(mappings)s::jsonb[])
    AS new (id, slug, settings, secrets, mapping)
JOIN department ON department.slug = new.slug
"""


def rows(portal: Portal) -> list[Row]:
    """`ten_departments` in seconds, against one second; `with_dead` against that."""
    describe_city()
    with departments() as (base, dead), serving(portal) as web, _workers(portal):
        connect_many(portal, base, dead)
        asking = _Asking(portal, web)
        seconds = interleaved({"ten": lambda: asking.last_of(TEN), "dead": lambda: asking.last_of(TEN, beside=True)})
    return [
        Row("ten_departments", seconds["ten"], 1.0, "s", 0.9, "lower"),
        Row("with_dead", seconds["dead"], seconds["ten"], "s", 1.1, "lower"),
    ]


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        """A token at once, and a record when its time has come; a fresh one each time, so that it is written."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, department, what = self.path.split("/")
        told: dict[str, Any] = {"access_token": "t", "expires_in": 600}
        if what == "search":
            time.sleep(SLOW_ANSWERS_IN if department == SLOW else ANSWERS_IN)
            told = {"items": [{"code": CODES[WHO], "number": time.time_ns()}]}
        body = msgspec.json.encode(told)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever was too slow is hung up on."""


@contextmanager
def departments() -> Iterator[tuple[str, str]]:
    """(where they answer, where nobody does)."""
    with _Server(("127.0.0.1", 0), _Desk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", f"http://127.0.0.1:{free_port()}"
        server.shutdown()


@contextmanager
def _workers(portal: Portal) -> Iterator[None]:
    """The bell and the worker that asks while people wait, as in the demo."""
    celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "interactive", "--pool", "threads"]
    celery += ["--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    with ExitStack() as stack, (portal.folder / "workers.log").open("wb") as output:
        for argv in ([sys.executable, "manage.py", "bell"], celery):
            process: subprocess.Popen[bytes] = start(argv, environment=portal.environment, folder=ROOT, output=output)
            stack.callback(stop, process)
        yield


def connect_many(portal: Portal, base: str, dead: str) -> None:
    """Twelve departments with a register, a dataset and a source each; no other source is on."""
    with portal.server.connect(DATABASE) as connection:
        connection.execute("UPDATE datasources_source SET switched_on = false")
        slugs = [*TEN, DEAD, SLOW]
        ids = [row[0] for row in connection.execute("SELECT gen_random_uuid() FROM generate_series(1, 12)")]
        where = [f"{dead if slug == DEAD else base}/{slug}" for slug in slugs]
        settings = [{"url": url, "token_url": f"{url}/token", "client_id": "portal"} for url in where]
        secrets = msgspec.json.encode({"client_secret": "s"})
        mapping = {"listing": "/list", "search": "/search", "key": "code", "columns": {"number": "number"}}
        connection.execute(
            _CATALOGUE,
            {
                "ids": ids,
                "slugs": slugs,
                "settings": [msgspec.json.encode(each).decode() for each in settings],
                "secrets": [seal_by_ring("sources", secrets, aad=secrets_place(each)) for each in slugs],
                "mappings": [msgspec.json.encode({slug: mapping}).decode() for slug in slugs],
            },
        )


class _Asking:
    """One resident's browser."""

    def __init__(self, portal: Portal, web: str) -> None:
        self._portal = portal
        cookies = {name: morsel.value for name, morsel in enter(WHO).browser.cookies.items()}
        self._browser = httpx2.Client(base_url=web, cookies=cookies, follow_redirects=True, timeout=30)

    def last_of(self, slugs: tuple[str, ...], *, beside: bool = False) -> float:
        """Seconds from the press until each of these has come into the page."""
        self._switch(on=beside)
        page = self._browser.get("/en/data/").text
        token = _TOKEN.search(page)
        assert token is not None
        began = time.perf_counter()
        answer = self._browser.post("/en/data/refresh/", data={"csrfmiddlewaretoken": token[1]})
        answer.raise_for_status()
        seconds = self._look(answer.text, slugs, began)
        assert seconds > ANSWERS_IN, answer.text
        self._settle()
        return seconds

    def _look(self, page: str, slugs: tuple[str, ...], began: float) -> float:
        """As htmx does: again and again at the pace that the page tells."""
        came: set[str] = set()
        while True:
            look = _LOOK.search(page)
            left = set(_LEFT.search(look[1])[1].split(",")) if look else set()  # type: ignore[index]
            came |= set(slugs) - left
            if came >= set(slugs):
                return time.perf_counter() - began
            assert look is not None
            time.sleep(int(look[2]) / (1000 if look[3] == "ms" else 1))
            answer = self._browser.get(look[1].replace("&amp;", "&"), headers={"X-Poll": "1", "HX-Request": "true"})
            page = answer.text if answer.status_code == httpx2.codes.OK else page

    def _switch(self, *, on: bool) -> None:
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("UPDATE datasources_source SET failures = 0, opened_at = NULL")
            told = [on, [DEAD, SLOW]]
            connection.execute("UPDATE datasources_source SET switched_on = %s WHERE slug = ANY (%s)", told)

    def _settle(self) -> None:
        """Whoever was slow has been given up: nothing of this run reaches into the next."""
        with self._portal.server.connect(DATABASE) as connection:
            # At the sign-in two were to be asked that were switched off a moment later: they never will be.
            ask = (
                "SELECT count(*) FROM datasources_asking a JOIN datasources_source s ON s.id = a.source_id "
                "WHERE a.answered_at IS NULL AND s.switched_on"
            )
            while (connection.execute(ask).fetchone() or (0,))[0]:
                time.sleep(0.05)
            wrong = connection.execute(
                "SELECT s.slug, a.error FROM datasources_asking a JOIN datasources_source s ON s.id = a.source_id "
                "WHERE a.error <> '' AND s.slug <> ALL (%s)",
                [[DEAD, SLOW]],
            ).fetchall()
        assert wrong == [], wrong
