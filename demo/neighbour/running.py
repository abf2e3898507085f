"""The other city's systems together, in threads of one process."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.departments.library import CLIENT_ID, Library
from demo.departments.moods import Moods
from demo.departments.running import in_thread, secret
from demo.neighbour.library import held_in
from demo.neighbour.schools import build
from demo.population.server import Population


@dataclass(frozen=True)
class Neighbour:
    """Running systems; `sources` is what the portal must know to reach them, secrets among it."""

    moods: Moods
    sources: dict[str, dict[str, Any]]
    population: Population


@contextmanager
def neighbour(city: str, folder: Path, *, library: int = 0, population: int = 0) -> Iterator[Neighbour]:
    """Run the library and the population register on these ports (0: any), and write the schools' database."""
    folder.mkdir(parents=True, exist_ok=True)
    schools, moods = folder / "schools.sqlite", Moods()
    build(schools, city)
    with ExitStack() as opened:
        lends = in_thread(opened, Library(library, moods, secret=secret(folder, "library"), held=held_in(city)))
        register = in_thread(opened, Population(population, token=secret(folder, "population")))
        yield Neighbour(
            moods=moods,
            population=register,
            sources={
                "library": {
                    "settings": {"url": lends.url, "token_url": f"{lends.url}/oauth/token", "client_id": CLIENT_ID},
                    "secrets": {"client_secret": lends.secret},
                },
                "schools": {"settings": {"url": f"sqlite:///{schools.resolve()}"}},
            },
        )
