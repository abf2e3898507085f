"""Restriction and objection: of a register or of a use of data; what cannot be chosen says why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.enums import Ground
from consents.queries.limiting import Limitable, limitable, marketing_objected_to
from consents.rules.limiting import OBJECTING, RESTRICTING
from consents.rules.rights import About, Right, rights_of
from datasources.enums import Basis
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.forms import LimitForm
from portal.pages.matters import covers
from portal.requests.enums import RequestKind
from portal.requests.limiting import Limit, ask_limit


@dataclass(frozen=True)
class Kind:
    """One of the two: which request, by which right, on which grounds, on which page."""

    request: RequestKind
    right: Right
    grounds: tuple[Ground, ...]
    template: str


RESTRICT = Kind(RequestKind.RESTRICT, Right.RESTRICT, RESTRICTING, "pages/limit.html")
OBJECT = Kind(RequestKind.OBJECT, Right.OBJECT, OBJECTING, "pages/object.html")


@resident_page
def limit(request: ResidentRequest) -> HttpResponse:
    """GDPR 18."""
    return _page(request, RESTRICT)


@resident_page
def object_to(request: ResidentRequest) -> HttpResponse:
    """GDPR 21."""
    return _page(request, OBJECT)


def _page(request: ResidentRequest, kind: Kind) -> HttpResponse:
    things = {_key(each): each for each in limitable(language_now()) if covers(request, each.department)}
    may = {key: each for key, each in things.items() if _may(kind, each)}
    marketing = {key: each for key, each in may.items() if kind is OBJECT and each.marketing}
    form = LimitForm(
        request.POST if request.method == "POST" else None,
        things=[(key, each.name) for key, each in may.items()],
        grounds=[(ground.value, str(ground.label)) for ground in kind.grounds],
        unweighed=marketing,
        initial={"what": _told(request)},
    )
    if form.is_valid():
        return _send(request, kind, may[form.cleaned_data["what"]], form.cleaned_data)
    context = {
        "form": form,
        "registers": _of(may, "register"),
        "purposes": [each for each in _of(may, "purpose") if each[0] not in marketing],
        "marketing": _marketing(request, marketing),
        "not_these": [each for key, each in things.items() if key not in may],
        "grounds": [(ground.value, ground.label) for ground in kind.grounds],
        "chosen": form["what"].value(),
    }
    return TemplateResponse(request, kind.template, context, status=422 if form.errors else 200)


def _send(request: ResidentRequest, kind: Kind, thing: Limitable, told: dict[str, Any]) -> HttpResponse:
    marketing = kind is OBJECT and thing.marketing
    ground = Ground.MARKETING if marketing else Ground(told["ground"])
    what = {thing.kind: thing.slug}
    asked = Limit(kind.request, thing.department, ground, told["said"], marketing=marketing, **what)
    return sent(request, asked, language=language_now())


def _marketing(request: ResidentRequest, things: Mapping[str, Limitable]) -> list[tuple[str, Limitable, UUID | None]]:
    """(key, the purpose, the request by which it was objected to) of each direct marketing."""
    stopped = marketing_objected_to(request.person) if things else {}
    return [(key, each, stopped.get(each.slug)) for key, each in things.items()]


def sent(request: ResidentRequest, asked: Limit, *, language: str) -> HttpResponse:
    """The request made, and on to its page."""
    row, _new = ask_limit(
        asked,
        person=request.person,
        language=language,
        by=request.actor,
        at=timezone.now(),
        at_once=request.power is None,
    )
    response = redirect("my_request", row.pk)
    response.headers["Location"] += "?asked"
    return response


def _may(kind: Kind, thing: Limitable) -> bool:
    return rights_of(Basis(thing.basis), About(marketing=thing.marketing))[kind.right].may_ask


def _key(thing: Limitable) -> str:
    return f"{thing.kind}:{thing.slug}"


def _of(things: dict[str, Limitable], kind: str) -> list[tuple[str, Limitable]]:
    return [(key, each) for key, each in things.items() if each.kind == kind]


def _told(request: ResidentRequest) -> str:
    """What the page that led here was about."""
    for kind in ("register", "purpose"):
        if slug := request.GET.get(kind):
            return f"{kind}:{slug}"
    return ""
