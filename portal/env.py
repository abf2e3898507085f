"""Typed readers of the environment. A missing or odd value stops the start with one sentence."""

import os
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingMissing(Exception):
    """A setting that must be there is missing or cannot be read."""


def env_str(name: str, default: str | None = None) -> str:
    """Text of the variable `name`; without a default it must be set and not empty."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value):
        raise SettingMissing(f"Set the environment variable {name}.")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    """`1/true/yes/on` or `0/false/no/off`; anything else is refused."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise SettingMissing(f"{name} must be true or false.")


def env_int(name: str, default: int) -> int:
    """A whole number."""
    raw = os.environ.get(name, str(default))
    try:
        return int(raw)
    except ValueError:
        raise SettingMissing(f"{name} must be a whole number.") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Comma separated words, blanks left out."""
    return [word.strip() for word in env_str(name, default).split(",") if word.strip()]


def env_path(name: str, default: Path) -> Path:
    """A path in the file system, made absolute."""
    return Path(env_str(name, str(default))).expanduser().resolve()


def env_folder(name: str) -> Path | None:
    """A folder, made absolute; None when it is not set."""
    return env_path(name, Path()) if env_str(name, "") else None


def env_city_urls(name: str) -> list[str]:
    """Addresses of the cities in a list of trusted cities (TOML, `[[city]] url`); none where no list is set.

    Only what the content policy needs: what a list may say is held where it is read.
    """
    path = env_folder(name)
    if path is None:
        return []
    try:
        return [str(city["url"]) for city in tomllib.loads(path.read_text()).get("city", [])]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingMissing(f"The list of trusted cities at {path} ({name}) cannot be read.") from None


def env_database(name: str) -> dict[str, object]:
    """Django's description of the PostgreSQL that a connection URL names, over TCP or in a socket's folder."""
    parts = urlsplit(env_str(name))
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "portal.walls.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": env_int("DATABASE_KEEP_SECONDS", 600),
        "CONN_HEALTH_CHECKS": True,
        # What is asked again and again is planned once a connection.
        "OPTIONS": {
            "options": "-c synchronous_commit=on",
            "application_name": "mydata",
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }
