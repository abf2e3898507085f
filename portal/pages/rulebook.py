"""A version of the rulebook as its page shows it, in the reader's language, and what it says otherwise than another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.forms import LABELS
from consents.publishing.differences import ADDED, SAME, TAKEN, marked
from consents.rulebook.held import in_figures, parts_of
from consents.rulebook.models import Adoption
from consents.rulebook.reading import content_of, digest_of, listed, rulebook_of, versions
from consents.rulebook.shape import Group, Rulebook
from consents.rulebook.statements import doubts_of, statement_of
from portal.i18n.languages import language_now
from portal.pages.rights_told import RIGHTS, VERDICTS, places_told

Words = tuple[tuple[str, str], ...]
_GROUPS: Mapping[Group, str | Promise] = {
    "permission": _("Every permission"),
    "algorithm": _("Programs that suggest, sort or decide"),
    "receiving": _("What a city does that receives data"),
}


@dataclass(frozen=True)
class Row:
    """One rule: its name, and its words as (same, added or taken; the words). `law`: where the law says so."""

    slug: str
    name: str
    words: Words
    law: str = ""

    @property
    def text(self) -> str:
        """As it reads in this version."""
        return "".join(piece for kind, piece in self.words if kind != TAKEN)


@dataclass(frozen=True)
class Section:
    """A heading of the page with its rules. `under`: rights or models, to be opened by whoever wants to read it."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    under: str = ""


@dataclass(frozen=True)
class AdoptedTold:
    """An adoption, and whether it holds; why it does not is told by `check_rulebook` to those who run the portal."""

    row: Adoption
    holds: bool


def sections_of(book: Rulebook) -> list[Section]:
    """The whole of a version."""
    told = book.words[language_now()]
    labels = tuple(
        _row(each.slug.value, told.label[each.slug].name, told.label[each.slug].text, places_told(each.law))
        for each in book.facts.label
    )
    found = [Section("label", gettext("What may go along with whoever moves"), labels)]
    for group, title in _GROUPS.items():
        rows = tuple(_row(slug, each.name, in_figures(book, each.text)) for slug, each in told.rules(group).items())
        found.append(Section(group, str(title), rows))
    return [*found, *_rights(book), *_models(book)]


def _row(slug: str, name: str, text: str, law: str = "") -> Row:
    return Row(slug, name, ((SAME, text),), law)


def _rights(book: Rulebook) -> Iterator[Section]:
    for basis, promised in book.facts.rights.items():
        rows = tuple(
            _row(right.value, str(RIGHTS[right]), str(VERDICTS[verdict])) for right, verdict in promised.items()
        )
        yield Section(f"rights-{basis.value}", str(basis.label).capitalize(), rows, under="rights")


def _models(book: Rulebook) -> Iterator[Section]:
    language = language_now()
    for purpose in book.facts.purpose:
        parts = parts_of(book, purpose.slug, language)
        rows = tuple(_row(part, str(LABELS[part]), text) for part, text in parts.items() if part != "name" and text)
        yield Section(f"purpose-{purpose.slug}", parts["name"], rows, under="models")


def changed_sections(book: Rulebook, before: Rulebook) -> list[Section]:
    """What `book` says otherwise than `before`: new words and those that are gone are marked."""
    new, old = {each.slug: each for each in sections_of(book)}, {each.slug: each for each in sections_of(before)}
    found = []
    for slug in [*new, *(slug for slug in old if slug not in new)]:
        rows = tuple(_changed(new.get(slug), old.get(slug)))
        if rows:
            found.append(Section(slug, (new.get(slug) or old[slug]).title, rows))
    return found


def _changed(new: Section | None, old: Section | None) -> Iterator[Row]:
    now = {row.slug: row for row in new.rows} if new else {}
    was = {row.slug: row for row in old.rows} if old else {}
    for slug, row in now.items():
        if slug not in was:
            yield Row(slug, row.name, ((ADDED, row.text),), row.law)
        elif was[slug].text != row.text:
            yield Row(slug, row.name, marked(was[slug].text, row.text), row.law)
    yield from (Row(slug, row.name, ((TAKEN, row.text),)) for slug, row in was.items() if slug not in now)


def adopted_told(rows: list[Adoption], version: str) -> AdoptedTold | None:
    """Whether this city adopted that version, and whether its signature holds still."""
    row = next((each for each in rows if each.version == version), None)
    return AdoptedTold(row, not doubts_of(row)) if row else None


def page_of(version: str, rows: list[Adoption]) -> dict[str, Any]:
    """What the page of a version shows. NoSuchVersion, RulebookFault."""
    book, there = rulebook_of(version), versions()
    told = book.words[language_now()]
    older = there[there.index(version) + 1 :]
    return {
        "title": told.title,
        "lead": told.lead,
        "version": version,
        "published_on": book.facts.published_on,
        "digest": digest_of(content_of(version)),
        "adopted": adopted_told(rows, version),
        "in_force": rows[0].version if rows else None,
        "sections": sections_of(book),
        "before": older[0] if older else None,
        "changes": changed_sections(book, rulebook_of(older[0])) if older else [],
        "others": [each for each in there if each != version],
    }


def adoption_as_data(row: Adoption) -> dict[str, Any]:
    """The signed statement, and its signature."""
    return {"statement": statement_of(row), "signature": row.signature}


def version_as_data(version: str) -> dict[str, Any]:
    """A version whole, for programs: what it says, and its files letter by letter. NoSuchVersion, RulebookFault."""
    content = content_of(version)
    files = [each | {"text": content[each["name"]].decode()} for each in listed(content)]
    return {
        "version": version,
        "digest": f"sha256:{digest_of(content)}",
        "rulebook": rulebook_of(version).model_dump(mode="json"),
        "files": files,
    }
