"""What differs between two texts, word by word: pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from consents.lint import PARTS
from consents.texts import LANGUAGES

SAME, ADDED, TAKEN = "same", "added", "taken"
Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of one language, as (same, added or taken; the words) in reading order."""

    language: str
    part: str
    words: tuple[tuple[str, str], ...]


def marked(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Both texts in one: put together, same and taken give `before`; same and added give `after`."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found: list[tuple[str, str]] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append((SAME, "".join(old[start:end])))
            continue
        found += [(TAKEN, "".join(old[start:end]))] if end > start else []
        found += [(ADDED, "".join(new[new_start:new_end]))] if new_end > new_start else []
    return tuple(found)


def differences(before: Texts, after: Texts) -> Iterator[Difference]:
    """Every part that differs, language by language."""
    for language in LANGUAGES:
        for part in PARTS:
            old, new = before.get(language, {}).get(part, ""), after.get(language, {}).get(part, "")
            if old != new:
                yield Difference(language, part, marked(old, new))
