"""Which data a text asks for, and what the lint needs to know of it."""

from collections.abc import Mapping

from consents.enums import TextState
from consents.lint import Facts
from consents.models import DonationModule, Purpose, PurposeDataset, PurposeText
from consents.publishing.faults import NoSuchData
from consents.rules.giving import Module, flaw_of_modules
from consents.rules.limiting import may_market
from consents.texts import LANGUAGES
from datasources.models import Dataset

# By dataset, then `needed` and `optional`: slugs of fields.
Scope = Mapping[str, Mapping[str, list[str]]]
NEEDED, OPTIONAL = "needed", "optional"


def scope_in_force(purpose: Purpose) -> dict[str, dict[str, list[str]]]:
    """What the purpose uses now."""
    rows = PurposeDataset.objects.filter(purpose=purpose).select_related("dataset")
    return {row.dataset.slug: {NEEDED: sorted(row.needed), OPTIONAL: sorted(row.optional)} for row in rows}


def scope_of(text: PurposeText) -> Scope:
    """What a text asks for; one that names nothing of its own asks for what the purpose has."""
    return scope_in_force(text.purpose) if text.scope is None else dict(text.scope)


def sorted_scope(scope: Scope) -> dict[str, dict[str, list[str]]]:
    """In one order, so that the same data is the same; a field that is needed is not optional too."""
    return {
        slug: {
            NEEDED: sorted(set(fields.get(NEEDED, ()))),
            OPTIONAL: sorted(set(fields.get(OPTIONAL, ())) - set(fields.get(NEEDED, ()))),
        }
        for slug, fields in sorted(scope.items())
    }


def datasets_of(scope: Scope) -> list[Dataset]:
    """The datasets, with register and fields. NoSuchData for a dataset or a field that is not there, or retired."""
    datasets = Dataset.objects.filter(slug__in=scope, retired_at=None)
    found = list(datasets.select_related("register__department").prefetch_related("fields"))
    known = {row.slug: {field.slug for field in row.fields.all() if field.retired_at is None} for row in found}
    for slug, fields in scope.items():
        if not {*fields[NEEDED], *fields[OPTIONAL]} <= known.get(slug, set()) or slug not in known:
            raise NoSuchData
    return found


def _named(row: object, attribute: str) -> dict[str, str]:
    return {language: getattr(row, f"{attribute}_{language}") or "" for language in LANGUAGES}


def facts_of(purpose: Purpose, scope: Scope) -> Facts:
    """For the lint: names of the data, of its registers and of the department; how long, and why a no is free."""
    datasets = datasets_of(scope)
    rows = [purpose.department, *(row.register for row in datasets), *(row.register.department for row in datasets)]
    names = [_named(row, "name") for row in rows]
    return Facts(
        datasets={row.slug: _named(row, "name") for row in datasets},
        names={language: sorted({each[language] for each in names}) for language in LANGUAGES},
        valid_days=purpose.valid_days if purpose.basis == "a" else None,
        free_because=purpose.free_because,
        asks_children=purpose.basis == "a" and not purpose.adults_only,
        unnamed_algorithm=purpose.suggested_by_algorithm and not _deciding(purpose),
        automated=purpose.basis == "a" and "automated" in _deciding(purpose),
        marketing_by_law=purpose.direct_marketing and not may_market(purpose.basis),
    )


def _deciding(purpose: Purpose) -> set[str]:
    """Who decides by each algorithm that the purpose names and that has a published entry: `person`, `automated`."""
    entries = purpose.algorithms.filter(versions__state=TextState.PUBLISHED)
    return set(entries.values_list("versions__facts__deciding", flat=True))


def put_in_force(text: PurposeText) -> None:
    """The purpose uses what its text asks for, and nothing else."""
    if text.scope is None:
        return
    for dataset in datasets_of(text.scope):
        fields = text.scope[dataset.slug]
        PurposeDataset.objects.update_or_create(
            purpose=text.purpose,
            dataset=dataset,
            defaults={"needed": fields[NEEDED], "optional": fields[OPTIONAL]},
        )
    PurposeDataset.objects.filter(purpose=text.purpose).exclude(dataset__slug__in=text.scope).delete()


def parts_astray(text: PurposeText) -> bool:
    """The parts of a donation are not just what its text asks for; or there are parts of what is none."""
    scope = scope_of(text)
    optional = [f"{slug}.{name}" for slug, fields in scope.items() for name in fields[OPTIONAL]]
    rows = DonationModule.objects.filter(purpose=text.purpose)
    needed = any(fields[NEEDED] for fields in scope.values())
    modules = [Module(row.slug, row.fields) for row in rows]
    return flaw_of_modules(modules, optional, needed=needed, donation=bool(text.purpose.donation)) is not None
