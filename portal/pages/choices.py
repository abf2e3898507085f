"""What may be left out of a permission, as a form offers it: field by field, or the parts of a donation."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from consents.donations.reading import ModuleTold, modules_of
from consents.queries.texts import field_names
from consents.rules.giving import chosen_of, fields_of
from portal.i18n.languages import language_now
from portal.pages.data_names import listed
from portal.pages.permission_cards import OwnValues


@dataclass(frozen=True)
class Part:
    """One part of a donation, in the reader's language; `on`: it is given now."""

    slug: str
    name: str
    why: str
    data: tuple[str, ...]
    on: bool = False


@dataclass(frozen=True)
class Choices:
    """`offered` is what a form takes: slugs of parts, or `dataset.field`, each with what it is called."""

    offered: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    modules: tuple[ModuleTold, ...]

    def fields(self, chosen: Sequence[str]) -> list[str]:
        """The fields that what was chosen stands for; of a donation only those that a register still has."""
        if not self.modules:
            return list(chosen)
        return fields_of([each.module for each in self.modules], chosen)


def choices_of(purpose: UUID, values: Iterable[OwnValues], *, covered: Collection[str] = ()) -> Choices:
    """Of what is asked for, what may be left out; of a donation its parts, with those that are given now marked."""
    living = [choice for each in values for choice in each.optional]
    modules = _living(modules_of(purpose), {key for key, _ in living})
    if not modules:
        return Choices(tuple(living), (), ())
    parts = parts_told(modules, covered)
    return Choices(tuple((each.slug, each.name) for each in parts), parts, modules)


def parts_told(modules: Sequence[ModuleTold], covered: Collection[str] = ()) -> tuple[Part, ...]:
    """Each part in the reader's language, with the data it stands for."""
    language = language_now()
    names = field_names(name for each in modules for name in each.fields)
    on = chosen_of([each.module for each in modules], covered)
    return tuple(
        Part(
            each.slug,
            each.parts[language]["name"],
            each.parts[language]["why"],
            listed(names, each.fields),
            each.slug in on,
        )
        for each in modules
    )


def _living(modules: Sequence[ModuleTold], living: Collection[str]) -> tuple[ModuleTold, ...]:
    held = (replace(each, fields=tuple(name for name in each.fields if name in living)) for each in modules)
    return tuple(each for each in held if each.fields)
