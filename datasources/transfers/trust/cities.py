"""The list of trusted cities: a file of whoever runs the portal (TRUSTED_CITIES_FILE). Without one, no city is."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from datasources.transfers.package.shape import NAME
from portal.cities import Text
from portal.rest.keysets import NotAnAddress, checked_address


class TrustFault(Exception):
    """The list of trusted cities cannot be read; the message names the file and the place."""


def _origin(url: str) -> str:
    """As PUBLIC_URL is written: an address of the world, without a path of its own at its end."""
    try:
        return checked_address(url.rstrip("/"))
    except NotAnAddress:
        raise ValueError("the city's PUBLIC_URL, by https") from None


class TrustedCity(BaseModel):
    """A city whose packages are believed, by its keys at `url` + `/.well-known/jwks.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]
    url: Annotated[str, AfterValidator(_origin)]
    name: Text

    @property
    def keys_url(self) -> str:
        """Where its keys are published."""
        return f"{self.url}/.well-known/jwks.json"


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    city: tuple[TrustedCity, ...] = ()

    @model_validator(mode="after")
    def _each_stands_once(self) -> "_List":
        for word in ("slug", "url"):
            if len({getattr(city, word) for city in self.city}) < len(self.city):
                raise ValueError(f"two cities have one {word}")
        return self


def trusted_cities() -> tuple[TrustedCity, ...]:
    """In the order of the file, as it stands now. TrustFault."""
    path: Path | None = settings.TRUSTED_CITIES_FILE
    if path is None:
        return ()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        raise TrustFault(f"There is no list of trusted cities at {path} (TRUSTED_CITIES_FILE).") from None


def trusted_city(slug: str) -> TrustedCity | None:
    """One of them; None when it is not trusted."""
    return next((city for city in trusted_cities() if city.slug == slug), None)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[TrustedCity, ...]:
    try:
        return _List.model_validate(tomllib.loads(path.read_text())).city
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise TrustFault(f"{path}: {fault}") from None
    except ValidationError as fault:
        lines = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors()]
        raise TrustFault(f"{path}: {'; '.join(lines[:5])}") from None
