"""The catalogue as a department's system may see it: its purposes, its datasets and those that its purposes use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consents.enums import Donation, Nature
from consents.models import Purpose, PurposeText
from consents.queries.offering import datasets_for, purposes_of
from consents.rules.rights import About, Appeal, Right, Verdict, rights_of
from consents.texts import LANGUAGES
from datasources.enums import Basis, FieldType, Sensitivity
from datasources.models import Dataset, Field
from portal.rest.authentication import caller_of
from portal.rest.paging import QUERY, page_of
from portal.rest.permissions import ANY_SCOPE
from portal.rest.schema import described, one_of


class Texts(msgspec.Struct):
    """One text in three languages."""

    fi: str
    sv: str
    en: str


class UsedDatasetOut(msgspec.Struct):
    """A dataset that a purpose uses: the fields it needs, and those that a resident may leave out."""

    dataset: str
    needed: list[str]
    optional: list[str]


class RightOut(msgspec.Struct):
    """One right of the resident about this use, the places of the law that say so, and where who disagrees goes."""

    right: Right
    verdict: Verdict
    law: list[str]
    appeal: Appeal


class PurposeOut(msgspec.Struct):
    """One purpose, as its published text asks for it. `valid_days` is null where no permission is asked.

    `donation`: for which common good data is given; null for a purpose of a service. `direct_marketing`: whoever
    objects is left alone at once; checks answer `objected`. `rights`: what a resident may ask, and what not.
    """

    purpose: str
    version: int
    published_at: datetime | None
    basis: Annotated[str, one_of(Basis)]
    nature: Annotated[str, one_of(Nature)]
    adults_only: bool
    child_decides_from: int
    valid_days: int | None
    direct_marketing: bool
    donation: Annotated[str, one_of(Donation)] | None
    name: Texts
    summary: Texts
    datasets: list[UsedDatasetOut]
    rights: list[RightOut]


class PurposesOut(msgspec.Struct):
    """A page of purposes, by name. `next` goes into `after`; null on the last page."""

    purposes: list[PurposeOut]
    next: str | None


class FieldOut(msgspec.Struct):
    """A field, with what residents call it; the label is empty where they do not see it."""

    field: str
    type: Annotated[str, one_of(FieldType)]
    label: Texts


class CataloguedOut(msgspec.Struct):
    """One dataset. Of another department's, the fields are those that your purposes use."""

    dataset: str
    department: str
    register: str
    sensitivity: Annotated[str, one_of(Sensitivity)]
    name: Texts
    why: Texts
    fields: list[FieldOut]


class DatasetsOut(msgspec.Struct):
    """A page of datasets, by name. `next` goes into `after`; null on the last page."""

    datasets: list[CataloguedOut]
    next: str | None


def _texts(row: Any, name: str) -> Texts:
    return Texts(*(getattr(row, f"{name}_{language}") or "" for language in LANGUAGES))


def _purpose(text: PurposeText) -> PurposeOut:
    purpose = text.purpose
    return PurposeOut(
        purpose=purpose.slug,
        version=text.version,
        published_at=text.published_at,
        basis=purpose.basis,
        nature=purpose.nature,
        adults_only=purpose.adults_only,
        child_decides_from=purpose.child_decides_from,
        valid_days=purpose.valid_days,
        direct_marketing=purpose.direct_marketing,
        donation=purpose.donation or None,
        name=Texts(*(text.parts[language]["name"] for language in LANGUAGES)),
        summary=Texts(*(text.parts[language]["summary"] for language in LANGUAGES)),
        datasets=[UsedDatasetOut(row.dataset.slug, row.needed, row.optional) for row in purpose.datasets.all()],
        rights=_rights(purpose),
    )


def _rights(purpose: Purpose) -> list[RightOut]:
    secrecy = purpose.nature in {Nature.SECRECY, Nature.BOTH}
    answers = rights_of(Basis(purpose.basis), About(secrecy=secrecy, marketing=purpose.direct_marketing))
    return [RightOut(right, told.verdict, list(told.law), told.appeal) for right, told in answers.items()]


def _dataset(row: Dataset, department: str, used: Mapping[str, set[str]]) -> CataloguedOut:
    owner = row.register.department.slug
    shown = [each for each in row.fields.all() if owner == department or each.slug in used.get(row.slug, ())]
    return CataloguedOut(
        dataset=row.slug,
        department=owner,
        register=row.register.slug,
        sensitivity=row.sensitivity,
        name=_texts(row, "name"),
        why=_texts(row, "why"),
        fields=[_field(each) for each in shown],
    )


def _field(row: Field) -> FieldOut:
    return FieldOut(row.slug, row.type, _texts(row, "label"))


def _used(texts: list[PurposeText]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in texts:
        for row in text.purpose.datasets.all():
            found.setdefault(row.dataset.slug, set()).update(row.needed, row.optional)
    return found


_NAME = {
    "fi": "Muistutus ennen kurssia",
    "sv": "En påminnelse före kursen",
    "en": "A reminder before a course",
}
_SUMMARY = {
    "fi": "Liikuntapalvelut muistuttaa sinua uimakoulusta.",
    "sv": "Idrottsservicen påminner dig om simskolan.",
    "en": "Sports services remind you of a swimming course.",
}
_PURPOSE = {
    "purpose": "swimming-reminders",
    "version": 1,
    "published_at": "2026-11-24T10:00:00Z",
    "basis": "a",
    "nature": "consent",
    "adults_only": False,
    "child_decides_from": 13,
    "valid_days": 365,
    "direct_marketing": False,
    "donation": None,
    "name": _NAME,
    "summary": _SUMMARY,
    "datasets": [{"dataset": "sports-courses", "needed": ["course", "starts_on"], "optional": ["place"]}],
    "rights": [{"right": "withdraw", "verdict": "yes", "law": ["gdpr 7(3)"], "appeal": "ombudsman"}],
}
_DATASET = {
    "dataset": "sports-courses",
    "department": "sports",
    "register": "sports-customers",
    "sensitivity": "ordinary",
    "name": {"fi": "Kurssit", "sv": "Kurser", "en": "Courses"},
    "why": {"fi": "Ilmoittautumista varten.", "sv": "För anmälan.", "en": "For enrolling."},
    "fields": [{"field": "course", "type": "text", "label": {"fi": "Kurssi", "sv": "Kurs", "en": "Course"}}],
}


class PurposesView(APIView):
    """What one may ask for."""

    needs = ANY_SCOPE

    @described(
        "purposes",
        tag="Catalogue",
        query=QUERY,
        gives=PurposesOut,
        answered={"purposes": [_PURPOSE], "next": None},
    )
    def get(self, request: Request) -> Response:
        """Your department's purposes: what each is called, what it rests on, and which data it uses.

        Only those that the city lets your system name.
        """
        caller = caller_of(request)
        texts, after = page_of(purposes_of(caller.department, among=caller.purposes), request, by="purpose__slug")
        return Response(PurposesOut([_purpose(text) for text in texts], after))


class DatasetsView(APIView):
    """What there is to ask for."""

    needs = ANY_SCOPE

    @described(
        "datasets",
        tag="Catalogue",
        query=QUERY,
        gives=DatasetsOut,
        answered={"datasets": [_DATASET], "next": None},
    )
    def get(self, request: Request) -> Response:
        """Your department's own datasets, and those of others that your purposes use."""
        caller = caller_of(request)
        rows, after = page_of(datasets_for(caller.department, among=caller.purposes), request, by="slug")
        used = _used(list(purposes_of(caller.department, among=caller.purposes)))
        return Response(DatasetsOut([_dataset(row, caller.department, used) for row in rows], after))
