"""Does a city keep the rulebook? Each function gives a sentence for everything that it does not keep."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consents.catalogue.loader import PurposeFile
from consents.enums import Nature
from consents.models import Purpose
from consents.rulebook.errors import RulebookFault
from consents.rulebook.shape import ModelPurpose, Rulebook
from consents.texts import LANGUAGES
from datasources.catalogue.moving import Moving

# A history's program runs no more: its entry tells what is known.
_NO_LONGER = {"retired", "historical"}
_REMINDED = 30


@dataclass(frozen=True)
class Asked:
    """What of a city's purpose the rulebook is about, from its file or from the database."""

    slug: str
    basis: str
    nature: str
    core_process: str
    valid_days: int | None
    child_decides_from: int
    adults_only: bool
    special_category: bool
    remind_days: tuple[int, ...]
    free_because: str
    datasets: frozenset[str]


def asked_of_file(file: PurposeFile) -> Asked:
    """As a city's file has it."""
    return Asked(
        slug=file.slug,
        basis=file.basis,
        nature=file.nature,
        core_process=file.core_process,
        valid_days=file.valid_days,
        child_decides_from=file.child_decides_from,
        adults_only=file.adults_only,
        special_category=file.special_category,
        remind_days=tuple(file.remind_days or (_REMINDED,)),
        free_because=file.free_because,
        datasets=frozenset(use.slug for use in file.dataset),
    )


def asked_here() -> list[Asked]:
    """As the database has them, those that staff wrote among them; closed ones ask nobody. Two statements."""
    rows = Purpose.objects.filter(closed_at=None, texts__state="published").distinct().order_by("slug")
    return [
        Asked(
            slug=row.slug,
            basis=row.basis,
            nature=row.nature,
            core_process=row.core_process,
            valid_days=row.valid_days,
            child_decides_from=row.child_decides_from,
            adults_only=row.adults_only,
            special_category=row.special_category,
            remind_days=tuple(row.remind_days),
            free_because=row.free_because,
            datasets=frozenset(use.dataset.slug for use in row.datasets.all()),
        )
        for row in rows.prefetch_related("datasets__dataset")
    ]


def purposes_kept(book: Rulebook, purposes: Iterable[Asked]) -> Iterator[str]:
    """Of every permission that is asked for, and of those that bear the name of a model."""
    models = {each.slug: each for each in book.facts.purpose}
    for asked in purposes:
        if asked.nature != Nature.LAW:
            yield from (f"{asked.slug}: {fault}." for fault in _of_permission(book, asked))
        if (model := models.get(asked.slug)) is not None:
            yield from (f"{asked.slug}: {fault}." for fault in _of_model(model, asked))


def _of_permission(book: Rulebook, asked: Asked) -> Iterator[str]:
    figures = book.facts.figures
    if asked.valid_days is None or asked.valid_days > figures.most_days:
        yield f"a permission lasts for {figures.most_days} days at most, not {asked.valid_days or 'for ever'}"
    if not asked.free_because.strip():
        yield "nobody wrote why people are free to say no"
    if not any(days >= figures.reminder_days for days in asked.remind_days):
        yield f"nobody is reminded {figures.reminder_days} days before the end"
    if asked.adults_only:
        return
    least = figures.child_from_special if asked.special_category else figures.child_from
    if asked.child_decides_from < least:
        yield f"a child decides from {least} years at the earliest, not {asked.child_decides_from}"


def _of_model(model: ModelPurpose, asked: Asked) -> Iterator[str]:
    for name in ("basis", "nature", "core_process"):
        wanted, found = getattr(model, name), getattr(asked, name)
        if wanted != found:
            yield f"its {name} is {found}, and the model's is {wanted}"
    if more := sorted(asked.datasets - set(model.datasets)):
        yield f"it asks for data that the model does not: {', '.join(more)}"


def labels_kept(book: Rulebook, moving: Mapping[str, Moving], datasets: Iterable[str]) -> Iterator[str]:
    """Of what a city says becomes of its data when somebody moves."""
    labels, there = {each.slug.value for each in book.facts.label}, set(datasets)
    for slug, fact in moving.items():
        if fact.moves.value not in labels:
            yield f"{slug}: {fact.moves} is no label of the rulebook."
        if slug not in there:
            yield f"{slug}: the city tells what becomes of it, and has no such data."


def algorithms_of(path: Path) -> list[dict[str, Any]]:
    """The entries of a city's file of algorithms; none where there is no file. RulebookFault."""
    if not path.is_file():
        return []
    try:
        found = tomllib.loads(path.read_text()).get("algorithm", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise RulebookFault(f"{path.name}: it cannot be read ({fault}).") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise RulebookFault(f"{path.name}: algorithm is no list of entries.")
    return found


def algorithms_kept(book: Rulebook, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Of every program in the city's register that is or may be in use."""
    rules = [rule for rule in book.facts.rule if rule.group == "algorithm"]
    for entry in entries:
        changes = entry.get("change", [])
        if changes and changes[-1].get("to") in _NO_LONGER:
            continue
        for rule in rules:
            for lack in _lacking(entry, rule.parts, rule.facts):
                yield f"{entry.get('slug', '?')}: {lack} is missing, which the rule “{rule.slug}” asks for."


def _lacking(entry: Mapping[str, Any], parts: Iterable[str], facts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        yield from (f"{one}.{part}" for one in LANGUAGES if not str(entry.get(one, {}).get(part, "")).strip())
    yield from (f"facts.{fact}" for fact in facts if not str(entry.get("facts", {}).get(fact, "")).strip())
