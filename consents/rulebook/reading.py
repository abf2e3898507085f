"""Reading versions of the rulebook from their folders, and the digest that a city signs."""

import hashlib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import rfc8785
from django.conf import settings
from pydantic import TypeAdapter, ValidationError

from consents.rulebook.errors import NoSuchVersion, RulebookFault
from consents.rulebook.shape import Rulebook, Version
from consents.texts import LANGUAGES

FACTS, PUBLISHED = "rulebook.toml", "published.toml"
_VERSION = TypeAdapter(Version)
# Of every version, and nothing more: what a digest covers is what is read.
FILES = tuple(sorted((FACTS, *(f"{language}.toml" for language in LANGUAGES))))


def is_version(name: str) -> bool:
    """Whether it reads as a version does: `1.0`."""
    try:
        _VERSION.validate_python(name)
    except ValidationError:
        return False
    return True


def order(version: str) -> tuple[int, ...]:
    """By which versions are sorted: 1.10 comes after 1.9."""
    return tuple(map(int, version.split(".")))


def versions() -> list[str]:
    """Those that there are, newest first."""
    names = [each.name for each in settings.RULEBOOKS.iterdir() if each.is_dir() and is_version(each.name)]
    return sorted(names, key=order, reverse=True)


def content_of(version: str) -> Mapping[str, bytes]:
    """{name: bytes} of the files of a version, by name. NoSuchVersion; RulebookFault when one is missing or is more."""
    folder: Path = settings.RULEBOOKS / version
    if not is_version(version) or not folder.is_dir():
        raise NoSuchVersion(f"There is no version {version} of the rulebook.")
    there = {each.relative_to(folder).as_posix() for each in folder.rglob("*")}
    if odd := sorted(there ^ set(FILES)):
        raise RulebookFault(f"{version}: {', '.join(odd)}: a version has just the files {', '.join(FILES)}.")
    try:
        return {name: (folder / name).read_bytes() for name in FILES}
    except OSError as fault:
        raise RulebookFault(f"{version}: it cannot be read ({fault}).") from None


def listed(content: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Each file with its SHA-256, in the order of their names: what the digest is taken over."""
    return [{"name": name, "sha256": hashlib.sha256(content[name]).hexdigest()} for name in sorted(content)]


def digest_of(content: Mapping[str, bytes]) -> str:
    """64 hex digits: SHA-256 over the canonical JSON (RFC 8785) of `listed`."""
    return hashlib.sha256(rfc8785.dumps(listed(content))).hexdigest()


def rulebook_of(version: str) -> Rulebook:
    """One version, read and checked. NoSuchVersion, RulebookFault."""
    return _parsed(version, tuple(content_of(version).items()))


@lru_cache(maxsize=8)
def _parsed(version: str, content: tuple[tuple[str, bytes], ...]) -> Rulebook:
    read = {name: _toml(version, name, raw) for name, raw in content}
    try:
        words = {language: read[f"{language}.toml"] for language in LANGUAGES}
        found = Rulebook.model_validate({"facts": read[FACTS], "words": words})
    except ValidationError as fault:
        said = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors()]
        raise RulebookFault(f"{version}: {'; '.join(said[:5])}.") from None
    if found.facts.version != version:
        raise RulebookFault(f"{version}: {FACTS} says that it is version {found.facts.version}.")
    return found


def _toml(version: str, name: str, raw: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise RulebookFault(f"{version}/{name}: it cannot be read ({fault}).") from None


def published_digests() -> Mapping[str, str]:
    """{version: digest} as they were published (`published.toml`); RulebookFault."""
    path: Path = settings.RULEBOOKS / PUBLISHED
    try:
        return {str(version): str(digest) for version, digest in tomllib.loads(path.read_text()).items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise RulebookFault(f"{PUBLISHED}: it cannot be read ({fault}).") from None
