"""The one city of all journeys: the portal, its workers, and every system outside that they meet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from demo.departments.running import Departments, departments
from demo.makers.accounts import CLIENT, SECRET
from demo.makers.server import Makers, makers
from demo.messages.server import PASSWORD, SERVICE, USERNAME, Messages, messages
from tests.browsing import asks
from tests.notices.conftest import Post
from tests.portal_server import Running, running_portal
from tests.servers import drop_database, fresh_name, server
from tests.web import free_port

# Seconds of each call of a slow library, which is called five times; a page of a busy machine is there before that.
LATE = 0.8


@dataclass(frozen=True)
class City:
    """The portal; departments and population register; where letters arrive: by mail, and at Suomi.fi Messages.

    `makers` of watches are tied by whoever wishes.
    """

    portal: Running
    departments: Departments
    post: Post
    messages: Messages
    makers: Makers


@contextmanager
def whole_city(folder: Path) -> Iterator[City]:
    """One process serves the pages: a second would load Django for nobody."""
    post, port, door, database = Post(), free_port(), free_port(), fresh_name()
    mail = Controller(post, hostname="127.0.0.1", port=port)
    mail.start()
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        messages() as service,
        makers(portal=f"http://127.0.0.1:{door}") as watches,
        departments(folder, server().url(), socket, database=database) as outside,
    ):
        settings = {**asks(outside.population), **_letters(port, service), **_of_makers(watches)}
        patient = _patient(outside.sources)
        with running_portal(folder, sources=patient, settings=settings, web_workers=1, port=door) as portal:
            yield City(portal, outside, post, service, watches)
    drop_database(database)
    mail.stop()


def _letters(port: int, service: Messages) -> dict[str, str]:
    return {
        "LETTERS_FROM": "letters@example.com",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_USE_TLS": "false",
        "MESSAGES_URL": service.url,
        "MESSAGES_USERNAME": USERNAME,
        "MESSAGES_PASSWORD": PASSWORD,
        "MESSAGES_SERVICE_ID": SERVICE,
    }


def _of_makers(watches: Makers) -> dict[str, str]:
    told: dict[str, str] = {}
    for maker in ("OURA", "POLAR"):
        told |= {f"{maker}_{part}": f"{watches.url}/{maker.lower()}" for part in ("SITE", "API", "TOKENS")}
        told |= {f"{maker}_CLIENT_ID": CLIENT, f"{maker}_CLIENT_SECRET": SECRET}
    return told


def _patient(sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The library may take as long as it takes."""
    library = sources["library"]
    return {**sources, "library": {**library, "settings": {**library["settings"], "time_limit": 4 * 5 * LATE}}}
