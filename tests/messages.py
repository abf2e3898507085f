"""The interface's texts in three languages: extracted, checked, compiled, with Babel and nothing from the system.

`python -m tests.messages` checks; `--update` brings new texts into locale/*.po; `--compile` writes the .mo files.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "sv", "en")
_SOURCE = "en"
# A fault's first words are its sentence (datasources/errors.py).
_FAULTS = (
    *("Unreachable", "TooSlow", "Refused", "NotLet", "Drifted", "NothingNew", "Same", "Garbled", "WrongPerson", "Busy"),
    *("BadLines", "CircuitOpen", "MisSet", "SwitchedOff", "CutOff", "NotTried", "NotShown", "_broken"),
)
_KEYWORDS = {
    **dict.fromkeys(_FAULTS),
    "_": None,
    "words": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_PLACE = re.compile(r"%\(\w+\)s|%s|\{\w+\}")
Id = str | tuple[str, str]


def _sources() -> Iterator[tuple[str, bytes]]:
    for package in ("portal", "consents", "datasources"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_bytes()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), templatize(path.read_text(), origin=str(path)).encode()


@cache
def wanted() -> dict[Id, str]:
    """{message: where it stands first}; plural messages are pairs."""
    found: dict[Id, str] = {}
    for where, source in _sources():
        for _, message, _, _ in extract("python", BytesIO(source), keywords=_KEYWORDS):
            key: Id = (message[0], message[1]) if isinstance(message, tuple) else message
            if (key[0] if isinstance(key, tuple) else key).strip():
                found.setdefault(key, where)
    return found


def path_of(language: str) -> Path:
    """Where a language's texts stand."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue; an empty one when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _faults_of(language: str, message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    identity = message.id[0] if isinstance(message.id, tuple | list) else message.id
    if message.fuzzy or not all(strings):
        yield f"{language}: not translated: {identity!r}"
        return
    last = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    if sorted(set(_PLACE.findall(strings[-1] or ""))) != sorted(set(_PLACE.findall(last))):
        yield f"{language}: other placeholders: {identity!r}"
    if language == _SOURCE and strings[0] != identity:
        yield f"{language}: does not repeat the message: {identity!r}"


def faults(language: str, asked: dict[Id, str]) -> Iterator[str]:
    """Every message that is missing, empty, fuzzy, left over, or has other placeholders."""
    catalogue = read(language)
    known: dict[Id, Message] = {}
    for message in catalogue:
        if message.id:
            known[(message.id[0], message.id[1]) if isinstance(message.id, list | tuple) else message.id] = message
    for key, where in asked.items():
        if key not in known:
            yield f"{language}: missing: {key!r} ({where})"
        else:
            yield from _faults_of(language, known[key])
    for key in known.keys() - asked.keys():
        yield f"{language}: used nowhere: {key!r}"


def update() -> None:
    """Add what is new, drop what is gone; English repeats the message."""
    asked = wanted()
    for language in LANGUAGES:
        old = read(language)
        new = Catalog(locale=language, charset="utf-8", fuzzy=False, creation_date=None, revision_date=None)
        for key in sorted(asked, key=str):
            before = old.get(key[0] if isinstance(key, tuple) else key)
            new.add(key, key if language == _SOURCE else before.string if before else None)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, new, no_location=True, omit_header=False, sort_output=True, width=0)


def compile_all() -> None:
    """Write every .mo beside its .po."""
    for language in LANGUAGES:
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


def main(words: list[str]) -> int:
    """0 when all is well."""
    settings.configure(USE_I18N=True)
    if "--update" in words:
        update()
    if "--compile" in words:
        compile_all()
        return 0
    asked = wanted()
    found = [fault for language in LANGUAGES for fault in faults(language, asked)]
    print("\n".join(found) or f"{len(asked)} messages, complete in {', '.join(LANGUAGES)}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
