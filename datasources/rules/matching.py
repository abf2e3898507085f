"""Which part of a system is likely which field of the catalogue: by name, and by what its values look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from datasources.enums import FieldType
from datasources.rules.apart import Apart, words_of
from datasources.rules.offering import Looks, Part

_ALIKE = 0.78
_FITS, _MISFITS = 0.1, -0.3
_FORMATS = {Looks.EUROS: "euros", Looks.WRITTEN_DATE: "date", Looks.WRITTEN_MOMENT: "moment"}
_TYPES = {
    Looks.DATE: FieldType.DATE,
    Looks.WRITTEN_DATE: FieldType.DATE,
    Looks.MOMENT: FieldType.MOMENT,
    Looks.WRITTEN_MOMENT: FieldType.MOMENT,
    Looks.BOOLEAN: FieldType.BOOLEAN,
    Looks.EUROS: FieldType.MONEY,
    Looks.NUMBER: FieldType.NUMBER,
}
# What a value of this look can be read as, beside its own type.
_ALSO = {
    Looks.NUMBER: {FieldType.NUMBER, FieldType.MONEY, FieldType.CODE, FieldType.TEXT},
    Looks.DATE: {FieldType.DATE},
    Looks.MOMENT: {FieldType.MOMENT, FieldType.DATE},
    Looks.TEXT: {FieldType.TEXT, FieldType.CODE},
    Looks.BOOLEAN: {FieldType.BOOLEAN, FieldType.CODE},
}


@dataclass(frozen=True)
class Wanted:
    """A field of the catalogue: its slug, its labels in every language, its type."""

    slug: str
    labels: tuple[str, ...]
    type: FieldType


def suggested(fields: Sequence[Wanted], parts: Sequence[Part]) -> dict[str, str]:
    """{field: part}, each part once, the likeliest pairs first; nothing that is left out for a reason."""
    free = [part for part in parts if part["apart"] in (Apart.NOTHING, Apart.TECHNICAL)]
    pairs = [(_likeness(field, part), field.slug, part["name"]) for field in fields for part in free]
    found: dict[str, str] = {}
    for likeness, field, part in sorted(pairs, key=lambda pair: -pair[0]):
        if likeness >= _ALIKE and field not in found and part not in found.values():
            found[field] = part
    return found


def _likeness(field: Wanted, part: Part) -> float:
    """0 to 1 by the names, a little more or less by the type."""
    there = words_of(part["name"])
    names = [field.slug.split("_"), *(words_of(label) for label in field.labels)]
    by_name = max((_alike(name, there) for name in names if name), default=0.0)
    if part["apart"] == Apart.TECHNICAL and by_name < 1:
        return 0.0
    return by_name + (_FITS if fits(field.type, part["looks"]) else _MISFITS)


def _alike(one: list[str], other: list[str]) -> float:
    if one == other:
        return 1.0
    return SequenceMatcher(None, "".join(one), "".join(other)).ratio() - 0.05


def fits(kind: FieldType, looks: str) -> bool:
    """Values that look so can be read as this type."""
    look = Looks(looks)
    return look is Looks.NOTHING or kind in _ALSO.get(look, {_TYPES.get(look, FieldType.TEXT), FieldType.TEXT})


def format_of(looks: str) -> str:
    """The format of a mapping by which a file's text of this look is read; empty when it needs none."""
    return _FORMATS.get(Looks(looks), "")


def format_fits(form: str, looks: Mapping[str, str], part: str) -> bool:
    """A format that was chosen is one that the part's values can be read by, as far as they were seen."""
    return not form or part not in looks or looks[part] == Looks.NOTHING or format_of(looks[part]) == form
