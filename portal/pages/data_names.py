"""Fields as a person reads them: under the name of their data, as `Courses: Course, Place`."""

from collections.abc import Collection, Mapping

from consents.queries.texts import FieldName


def listed(names: Mapping[str, FieldName], which: Collection[str]) -> tuple[str, ...]:
    """One text a dataset, of those of `names` that are in `which`; `Time` alone would not tell of what."""
    found: dict[str, list[str]] = {}
    for key, name in names.items():
        if key in which:
            found.setdefault(name.dataset, []).append(name.label)
    return tuple(f"{dataset}: {', '.join(labels)}" for dataset, labels in found.items())
