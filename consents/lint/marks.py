"""What no text may hold: marks that cannot be seen or turn the reading round, code, letters of other alphabets."""

import re
import unicodedata
from collections.abc import Iterator

from consents.lint.findings import Finding, Rule

# Begins a tag, an end, a comment or a declaration; or names a character as HTML does.
_HTML = re.compile(r"<[A-Za-z/!?][^\s>]{0,30}>?|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#x?[0-9A-Fa-f]{1,8});")
# Spaces that are meant: the plain one, and the one that does not break.
_SPACES = {" ", "\u00a0"}


def _mark(letter: str) -> bool:
    """Cannot be seen, or joins itself to its neighbour: a control, a direction, a joiner, a surrogate, no character."""
    category = unicodedata.category(letter)
    return (
        category[0] == "C" or category in {"Mn", "Mc", "Me", "Zl", "Zp"} or (category == "Zs" and letter not in _SPACES)
    )


def _foreign(letter: str) -> bool:
    other_figure = letter.isdecimal() and not letter.isascii()
    return other_figure or (letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN "))


def named(letter: str) -> str:
    """As U+202E RIGHT-TO-LEFT OVERRIDE."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


def refused_marks(text: str, language: str, part: str) -> Iterator[Finding]:
    """One finding a kind of fault; the text is taken with its letters and their accents as one (NFC)."""
    composed = unicodedata.normalize("NFC", text)
    if marks := sorted({letter for letter in composed if _mark(letter)}):
        yield Finding(language, part, Rule.MARK, {"what": ", ".join(map(named, marks[:5]))})
    if code := _HTML.search(composed):
        yield Finding(language, part, Rule.HTML, {"what": code.group()})
    if letters := sorted({letter for letter in composed if _foreign(letter)}):
        yield Finding(language, part, Rule.SCRIPT, {"what": ", ".join(map(named, letters[:5]))})
