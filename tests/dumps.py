"""Dumps of a database as an operator takes them (docs/keys.md), restored elsewhere, and searched as a thief would."""

import base64
import binascii
import json
import re
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from demo.servers import BINARIES, OWNER, allow_roles
from tests.databases import inside
from tests.servers import drop_database, fresh_name, server

_DATA, _KEYS = "--exclude-schema=keys", "--schema=keys"
_BYTES = re.compile(r"\\\\?x((?:[0-9a-f]{2})+)")
_BASE64 = re.compile(r"[A-Za-z0-9_\-+/]{12,}")
# So few digits stand in some id of a dump by chance.
_SHORT = re.compile(r"\d{1,7}", re.ASCII)


def dump(database: str, *only: str) -> str:
    """All of a database as statements: what `pg_dump` writes."""
    argv = [str(BINARIES / "pg_dump"), *only, f"--dbname={server().url(database)}"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def dump_of_data(database: str) -> str:
    """Everything but the keys of people."""
    return dump(database, _DATA)


def dump_of_keys(database: str) -> str:
    """The keys of people and nothing else."""
    return dump(database, _KEYS)


@contextmanager
def restored(*dumps: str) -> Iterator[str]:
    """A new database of these dumps; Django's connection goes there meanwhile."""
    name = fresh_name()
    with server().connect() as opened:
        opened.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}')
    try:
        for text in dumps:
            argv = [str(BINARIES / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={server().url(name)}"]
            subprocess.run(argv, input=_without_schema(text), capture_output=True, text=True, check=True)
        allow_roles(server(), name)
        with inside(name):
            yield name
    finally:
        drop_database(name)


def _without_schema(text: str) -> str:
    # Of a new database the owner of `public` is another; everything else is as it was.
    return text.replace("CREATE SCHEMA public;", "CREATE SCHEMA IF NOT EXISTS public;")


def readable(text: str) -> str:
    """All that can be read out of a dump without a key: its text, its bytes, what is packed or written in base64."""
    parts = [text]
    parts += [bytes.fromhex(each).decode("utf-8", "replace") for each in _BYTES.findall(text)]
    parts += [_unpacked(each) for each in set(_BASE64.findall("\n".join(parts)))]
    whole = "\n".join(parts)
    # JSON may write what is not ASCII by its number.
    return (whole + re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), whole)).casefold()


def _unpacked(word: str) -> str:
    try:
        plain = base64.urlsafe_b64decode(word.translate(str.maketrans("+/", "-_")) + "=" * (-len(word) % 4))
    except (binascii.Error, ValueError):
        return ""
    with suppress(zlib.error):
        plain = zlib.decompress(plain)
    return plain.decode("utf-8", "replace")


def found_in(text: str, words: Iterable[str]) -> set[str]:
    """Which of these words can be read out of a dump. A short number, a postcode say, only where it stands alone."""
    whole = readable(text)
    return {word for word in words if word.casefold() in whole and (not _SHORT.fullmatch(word) or _alone(word, whole))}


def _alone(number: str, whole: str) -> bool:
    return re.search(rf"(?<![0-9a-f]){number}(?![0-9a-f])", whole) is not None


def words_of(value: object) -> set[str]:
    """Every text in something made of dictionaries and lists."""
    told = json.loads(json.dumps(value, default=str))
    if isinstance(told, dict):
        return set().union(*map(words_of, told.values()))
    if isinstance(told, list):
        return set().union(*map(words_of, told))
    return {told} if isinstance(told, str) else set()
