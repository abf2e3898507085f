"""Ask a person: to a department, or to whoever knows which; what is another authority's is passed on to it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from datasources.enums import Basis, Connection
from datasources.queries.holdings import public_registers
from portal.i18n.languages import language_now
from portal.pages.ask_person_form import AskPersonForm
from portal.pages.asked_words import MOST, too_many_told
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import covers
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind
from portal.requests.errors import TooManyOpen
from portal.requests.models import Request

_UNKNOWN = "unknown"
_OTHERS = "other:"


@dataclass(frozen=True)
class Elsewhere:
    """Who is not the city, and the way to them."""

    name: str
    controllers: str
    route: str


@dataclass(frozen=True)
class Askable:
    """Whom one may ask here; and who holds data that the city does not: some of them are asked by way of us."""

    whom: list[tuple[str, str]]
    elsewhere: list[Elsewhere]


def askable(request: ResidentRequest) -> Askable:
    """The city's departments, other authorities (434/2003 21 §), or whoever knows; by what the right reaches."""
    registers = public_registers()
    ours = [row for row in registers if row.connection != Connection.NOT_OURS]
    theirs = [row for row in registers if row.connection == Connection.NOT_OURS]
    departments = {row.department.slug: row.department.everyday_name for row in ours}
    whom = [(slug, name) for slug, name in departments.items() if covers(request, slug)]
    if request.power is not None and request.power.topics is not None:
        # Whose right reaches some departments only, asks those.
        return Askable(whom, [])
    # A register that is kept under a law is an authority's; a company has contracts, and answers for itself.
    authorities = [row for row in theirs if row.basis != Basis.CONTRACT]
    whom += [(_OTHERS + row.slug, f"{row.name}: {row.controllers}") for row in authorities]
    elsewhere = [Elsewhere(row.name, row.controllers, row.route) for row in theirs]
    return Askable([(_UNKNOWN, gettext("I do not know which")), *whom], elsewhere)


@resident_page
def ask_person(request: ResidentRequest) -> HttpResponse:
    """The number and the day come at once."""
    found = askable(request)
    form = AskPersonForm(request.POST if request.method == "POST" else None, whom=found.whom)
    if form.is_valid() and (made := _made(request, form)):
        response = redirect("my_request", made.pk)
        response.headers["Location"] += "?asked"
        return response
    context = {"form": form, "found": found, "most": MOST}
    return TemplateResponse(request, "pages/ask_person.html", context, status=422 if form.errors else 200)


def _made(request: ResidentRequest, form: AskPersonForm) -> Request | None:
    language, by, at = language_now(), request.actor, timezone.now()
    try:
        return make_request(_asked(form), person=request.person, language=language, by=by, at=at)[0]
    except TooManyOpen:
        form.add_error(None, too_many_told())
        return None


def _asked(form: AskPersonForm) -> Asked:
    whom, said = form.cleaned_data["whom"], form.cleaned_data["said"]
    if whom.startswith(_OTHERS):
        return Asked(RequestKind.ASK, said, register=whom.removeprefix(_OTHERS))
    return Asked(RequestKind.ASK, said, department="" if whom == _UNKNOWN else whom)
