"""Two cities side by side, each with its world around it: a person who moved has data in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.departments.running import Departments, departments
from demo.neighbour.running import Neighbour, neighbour
from tests.browsing import asks
from tests.portal_server import Running, running_portals
from tests.servers import drop_database, fresh_name, server

_LATE = {"time_limit": 30}


@dataclass(frozen=True)
class TwoCities:
    """Both portals, with the systems that each reads."""

    espoo: Running
    turku: Running
    departments: Departments
    neighbour: Neighbour


@contextmanager
def two_cities(folder: Path) -> Iterator[TwoCities]:
    """Espoo with its departments, Turku with its library and schools; each trusts the other."""
    database, socket = fresh_name(), server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder / "outside", server().url(), socket, database=database) as here,
        neighbour("turku", folder / "neighbour") as there,
        running_portals(
            folder,
            *("espoo", "turku"),
            sources={"espoo": _patient(here.sources), "turku": _patient(there.sources)},
            settings={"espoo": asks(here.population), "turku": asks(there.population)},
        ) as portals,
    ):
        yield TwoCities(portals["espoo"], portals["turku"], here, there)
    drop_database(database)


def _patient(sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each system may take as long as a busy machine takes: what is late would come in the night only."""
    return {
        name: told | {"settings": told["settings"] | ({} if "promised_hours" in told["settings"] else _LATE)}
        for name, told in sources.items()
    }
