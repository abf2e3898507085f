"""Which cities the demo runs, where each keeps its data, which ports it has, and whom each of them trusts."""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from demo.portal_processes import Ports, Process, inside, neighbour, outside
from demo.supervisor import DemoFailed

ROOT = Path(__file__).resolve().parent.parent
# It has all the made-up departments; any other has a smaller world.
WHOLE = "espoo"
_APART = 20
_PORTS, _TOLD = 12, "twelve"
_FACTS = ROOT / "datasources" / "catalogue"


@dataclass(frozen=True)
class DemoCity:
    """One portal of the demo. `folder` is its own; `others` tells that it does not run alone."""

    slug: str
    folder: Path
    ports: Ports
    others: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it has every made-up department."""
        return self.slug == WHOLE

    @property
    def url(self) -> str:
        """The residents' door."""
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def name(self) -> dict[str, str]:
        """Its name in the three languages, from its facts."""
        names: dict[str, str] = tomllib.loads((self.facts / "city.toml").read_text())["name"]
        return names

    @property
    def facts(self) -> Path:
        """Its folder of facts."""
        return _facts(self.slug)

    @property
    def trusted_file(self) -> Path:
        """Names the other cities."""
        return self.folder / "trusted-cities.toml"

    @property
    def used_ports(self) -> dict[str, int]:
        """Every port and whose it is."""
        return self.ports.all if self.is_whole else self.ports.few

    def outside(self, *, superuser: str, socket: Path) -> list[Process]:
        """The made-up world around its portal."""
        if self.is_whole:
            return outside(self.ports, self.folder, superuser=superuser, socket=socket)
        return [neighbour(self.ports, self.folder, self.slug)]

    def inside(self) -> list[Process]:
        """Its portal."""
        return inside(self.ports, light=not self.is_whole)


def cities(where: Path) -> list[DemoCity]:
    """Those that CITIES names, in its order, the first on the asked ports; DemoFailed for a city that is not there."""
    slugs = (os.environ.get("CITIES") or WHOLE).split()
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise DemoFailed(f"CITIES names {', '.join(twice)} twice.")
    for slug in slugs:
        _facts(slug)
    first = _first_port(len(slugs))
    return [
        DemoCity(slug, where if slug == WHOLE else where / slug, Ports(first + _APART * number), len(slugs) > 1)
        for number, slug in enumerate(slugs)
    ]


def _first_port(how_many: int) -> int:
    given = os.environ.get("DEMO_PORT") or "8000"
    count = _PORTS + _APART * (how_many - 1)
    last, told = 65536 - count, _TOLD if how_many == 1 else str(count)
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= last):
        raise DemoFailed(f"DEMO_PORT is the first of {told} ports, from 1 to {last}, not {given!r}.")
    return int(given)


def _facts(slug: str) -> Path:
    """Where the portal finds the city, too: below one of CITY_FOLDERS, or in the catalogue."""
    roots = [Path(root.strip()) for root in os.environ.get("CITY_FOLDERS", "").split(",") if root.strip()]
    for root in (*roots, _FACTS):
        if (root / slug / "city.toml").is_file():
            return root / slug
    here = ", ".join(sorted(path.parent.name for path in _FACTS.glob("*/city.toml")))
    raise DemoFailed(f"CITIES names {slug!r}, which has no folder of facts; there are: {here}.")


def write_trust(city: DemoCity, everyone: Iterable[DemoCity]) -> None:
    """The file of the cities that this one trusts: all the others of the demo."""
    city.folder.mkdir(parents=True, exist_ok=True)
    city.trusted_file.write_text(trusted_toml((each.slug, each.url, each.name) for each in everyone if each != city))


def trusted_toml(trusted: Iterable[tuple[str, str, dict[str, str]]]) -> str:
    """What TRUSTED_CITIES_FILE holds, of (slug, address, names)."""
    return "\n".join(
        f'[[city]]\nslug = "{slug}"\nurl = "{url}"\nname = {{ {_inline(names)} }}\n' for slug, url, names in trusted
    )


def _inline(names: dict[str, str]) -> str:
    return ", ".join(f'{language} = "{name}"' for language, name in names.items())


def trusted_in(path: Path) -> dict[str, str]:
    """{slug: address} of a file of trusted cities."""
    return {city["slug"]: city["url"] for city in tomllib.loads(path.read_text())["city"]}
