"""What may be held back, whose systems hear of it, and what is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from consents.enums import Ground, TextState
from consents.models import Purpose, PurposeDataset, PurposeText, Restriction
from consents.queries.programs import used_by
from datasources.enums import Connection
from datasources.models import Dataset, Register


@dataclass(frozen=True)
class Limitable:
    """A register, a purpose or an algorithm by its slug, with its basis (GDPR 6(1)) by letter and in words.

    `marketing`: a purpose that is direct marketing.
    """

    kind: str
    slug: str
    name: str
    department: str
    whose: str
    basis: str
    rests_on: str
    marketing: bool = False


def limitable(language: str) -> list[Limitable]:
    """Every register that can be seen here, then every purpose as it is published; two statements."""
    registers = Register.objects.filter(retired_at=None, department__retired_at=None, connection=Connection.CONNECTED)
    ordered = registers.select_related("department").order_by("department__position", "position", "slug")
    texts = PurposeText.objects.filter(state=TextState.PUBLISHED, purpose__closed_at=None)
    published = texts.select_related("purpose__department").order_by("purpose__slug")
    return [
        *(_limitable("register", each.slug, each.name, each) for each in ordered),
        *(_limitable("purpose", each.purpose.slug, each.parts[language]["name"], each.purpose) for each in published),
    ]


def _limitable(kind: str, slug: str, name: str, row: Register | Purpose) -> Limitable:
    department, rests_on = row.department, str(row.get_basis_display())
    marketing = isinstance(row, Purpose) and row.direct_marketing
    return Limitable(kind, slug, name, department.slug, department.everyday_name, row.basis, rests_on, marketing)


def marketing_with(register: str, language: str) -> list[Limitable]:
    """Purposes in force that use data of this register for direct marketing; one statement."""
    using = PurposeDataset.objects.filter(dataset__register__slug=register).values("purpose")
    texts = PurposeText.objects.filter(state=TextState.PUBLISHED, purpose__closed_at=None, purpose__in=using)
    found = texts.filter(purpose__direct_marketing=True).select_related("purpose__department").order_by("purpose__slug")
    return [_limitable("purpose", each.purpose.slug, each.parts[language]["name"], each.purpose) for each in found]


def marketing_objected_to(person: UUID) -> dict[str, UUID]:
    """{purpose: the request} of the direct marketing that the person has objected to, as it stands."""
    rows = Restriction.objects.filter(person_id=person, ground=Ground.MARKETING, lifted_at=None).exclude(purpose="")
    return dict(rows.exclude(objected_at=None).values_list("purpose", "request"))


def stands_for_good(restriction: Restriction) -> bool:
    """An objection to direct marketing: only the person's own word ends it (GDPR 21(3))."""
    if restriction.ground != Ground.MARKETING or restriction.objected_at is None:
        return False
    return Purpose.objects.filter(slug=restriction.purpose, direct_marketing=True).exists()


def restrictions_of(person: UUID) -> QuerySet[Restriction]:
    """Everything that this person has had held back, newest first."""
    return Restriction.objects.filter(person_id=person).order_by("-asked_at")


def name_of_held_back(restriction: Restriction, language: str) -> str:
    """What the register, the dataset or the purpose is called; empty of an algorithm. One statement."""
    if restriction.purpose:
        newest = PurposeText.objects.filter(purpose__slug=restriction.purpose, published_at__isnull=False).first()
        return str(newest.parts[language]["name"]) if newest else restriction.purpose
    if restriction.algorithm:
        return ""
    model, slug = (Register, restriction.register) if restriction.register else (Dataset, restriction.dataset)
    found = model.objects.filter(slug=slug).first()
    return found.name if found else slug


def restriction_by(request: UUID) -> Restriction | None:
    """What was held back by this request."""
    return Restriction.objects.filter(request=request).first()


def hearers(restriction: Restriction) -> Mapping[str, Sequence[str]]:
    """{department: the datasets that it is to hear of}: the keeper of the data, and whoever may use it."""
    if restriction.algorithm:
        return {restriction.department: []} | used_by(restriction.algorithm)
    if restriction.purpose:
        used = PurposeDataset.objects.filter(purpose__slug=restriction.purpose).order_by("dataset__slug")
        return {restriction.department: list(used.values_list("dataset__slug", flat=True))}
    return who_uses(datasets_held_back(restriction), keeper=restriction.department)


def datasets_held_back(restriction: Restriction) -> list[str]:
    """Slugs, of a register or of one dataset."""
    if restriction.dataset:
        return [restriction.dataset]
    return list(
        Dataset.objects.filter(register__slug=restriction.register).order_by("slug").values_list("slug", flat=True)
    )


def who_uses(datasets: Iterable[str], *, keeper: str) -> dict[str, list[str]]:
    """{department: datasets} of these, whose keeper it is or which a purpose of it may use; one statement."""
    slugs = list(datasets)
    found = {keeper: set(slugs)}
    used = PurposeDataset.objects.filter(dataset__slug__in=slugs, purpose__closed_at=None)
    for department, dataset in used.values_list("purpose__department__slug", "dataset__slug"):
        found.setdefault(department, set()).add(dataset)
    return {department: sorted(told) for department, told in sorted(found.items())}
