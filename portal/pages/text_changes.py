"""What differs between two versions of a text, as a resident reads it: words, and data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consents.forms import LABELS
from consents.lint import PARTS
from consents.models import PurposeText
from consents.publishing.differences import SAME, marked
from consents.queries.texts import field_names, fields_asked
from portal.i18n.languages import language_now
from portal.pages.data_names import listed


@dataclass(frozen=True)
class MarkedPart:
    """One heading and its words: (same, added or taken; the words) in reading order."""

    name: str
    label: Any
    words: tuple[tuple[str, str], ...]

    @property
    def changed(self) -> bool:
        """Something was put in or taken out."""
        return any(kind != SAME for kind, _ in self.words)


@dataclass(frozen=True)
class TextChanges:
    """`parts` are those that changed; `added` and `taken` tell of data."""

    since: int
    parts: tuple[MarkedPart, ...]
    added: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


def marked_parts(text: PurposeText, before: PurposeText | None) -> tuple[MarkedPart, ...]:
    """The whole text, with what is new and what is gone against `before`; the first version has no marks."""
    new: Mapping[str, str] = text.parts[language_now()]
    old: Mapping[str, str] = before.parts[language_now()] if before else new
    # Not every text has every part: what is said of children only where one can be asked.
    pairs = ((part, old.get(part, ""), new.get(part, "")) for part in PARTS)
    return tuple(MarkedPart(part, LABELS[part], marked(was, now)) for part, was, now in pairs if was or now)


def changes_between(
    before: PurposeText, text: PurposeText, *, covered: Sequence[str] = (), asked: Sequence[str] = ()
) -> TextChanges:
    """What a newer version says otherwise.

    Data: what is `asked` beside what the person's own yes `covered`; where one is not given, as the version has it.
    """
    parts = tuple(part for part in marked_parts(text, before) if part.changed)
    old, new = covered or fields_asked(before), asked or fields_asked(text)
    if old is None or new is None:
        return TextChanges(before.version, parts)
    added, taken = set(new) - set(old), set(old) - set(new)
    names = field_names(added | taken)
    return TextChanges(before.version, parts, listed(names, added), listed(names, taken))


@dataclass(frozen=True)
class Version:
    """One published version, and what it says otherwise than the one before; the first says nothing otherwise."""

    number: int
    published_at: datetime | None
    parts: tuple[MarkedPart, ...]


def versions_of(texts: Sequence[PurposeText]) -> list[Version]:
    """Newest first, as they come; no statement. The data of each stands on its own page."""
    befores: Sequence[PurposeText | None] = [*texts[1:], None]
    return [
        Version(text.version, text.published_at, tuple(part for part in marked_parts(text, before) if part.changed))
        for text, before in zip(texts, befores, strict=True)
    ]
