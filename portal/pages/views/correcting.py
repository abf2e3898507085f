"""This is wrong, and this is not about me: from beside a record to its keeper."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from consents.enums import Ground
from datasources.enums import Connection
from datasources.queries.sheets import DatasetSheet, sheet_of
from datasources.rules.showing import Value
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.evidence_faults import sentence_of
from portal.pages.forms import AskForm, CorrectForm
from portal.pages.matters import covers, shows_records
from portal.requests.correcting import Wrong, ask_correction, files_of, record_in
from portal.requests.enums import RequestKind
from portal.requests.errors import AlreadyToldWrong, NothingToCorrect
from portal.requests.evidence import MOST_BYTES, MOST_FILES, Flaw, NotEvidence
from portal.requests.limiting import Limit, ask_limit

# What a form is beside its files.
_FRAME = 64 * 1024


@dataclass(frozen=True)
class Pointed:
    """The record that the page is about, as the category page shows it."""

    sheet: DatasetSheet
    number: int
    values: tuple[Value, ...]

    @property
    def department(self) -> str:
        """Whose register it stands in."""
        return str(self.sheet.dataset.register.department.slug)


def _pointed(request: ResidentRequest) -> Pointed:
    """By the address: department, dataset, and which record from 1. 404 for what cannot be seen."""
    department, dataset = request.GET.get("department", ""), request.GET.get("dataset", "")
    told = request.GET.get("record", "1")
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < len("100000") else 0
    sheet = sheet_of(request.person, dataset)
    if sheet is None or not covers(request, department):
        raise Http404
    register = sheet.dataset.register
    if register.department.slug != department or register.connection != Connection.CONNECTED:
        raise Http404
    if not (values := record_in(sheet, number)):
        raise Http404
    return Pointed(sheet, number, values)


def _asked(request: ResidentRequest, pk: object) -> HttpResponse:
    response = redirect("my_request", pk)
    response.headers["Location"] += "?asked"
    return response


@resident_page
def correct(request: ResidentRequest) -> HttpResponse:
    """One value of one record: what is held, what is right, and what shows it."""
    if not shows_records(request):
        return not_shown(request)
    if "dataset" not in request.GET:
        return redirect("data")
    pointed = _pointed(request)
    values = [(value.slug, value.label) for value in _kept_here(pointed)]
    form = CorrectForm(request.POST if request.method == "POST" else None, values=values)
    fault = ""
    if form.is_valid():
        try:
            return _send_correction(request, pointed, form.cleaned_data)
        except NotEvidence as found:
            fault = sentence_of(found.flaw)
        except AlreadyToldWrong:
            fault = _(
                "You have told of something else in this data, and it waits for an answer. "
                "Take that request back first."
            )
        except NothingToCorrect:
            fault = _("The register says so already. Write what would be right.")
    context = {**_shown(pointed), "form": form, "fault": fault, "most_files": MOST_FILES}
    context |= {
        "kept_here": _kept_here(pointed),
        "copied": [each for each in pointed.values if each.slug not in dict(values)],
    }
    return TemplateResponse(request, "pages/correct.html", context, status=422 if form.errors or fault else 200)


def _send_correction(request: ResidentRequest, pointed: Pointed, told: dict[str, Any]) -> HttpResponse:
    wrong = Wrong(pointed.number, told["slug"], told["told"], told["said"], hold=told["hold"], files=_files(request))
    row = ask_correction(
        pointed.sheet,
        wrong,
        person=request.person,
        language=language_now(),
        by=request.actor,
        at=timezone.now(),
        at_once=request.power is None,
    )
    return _asked(request, row.pk)


def _files(request: ResidentRequest) -> Any:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_FILES * MOST_BYTES + _FRAME:
        raise NotEvidence(Flaw.TOO_BIG)
    came = [each for each in request.FILES.getlist("evidence") if isinstance(each, UploadedFile)]
    return files_of([(str(each.name or "")[-100:], bytes(each.read())) for each in came])


def _kept_here(pointed: Pointed) -> list[Value]:
    """What the department itself can correct."""
    return [value for value in pointed.values if value.slug not in pointed.sheet.copied]


def _shown(pointed: Pointed) -> dict[str, Any]:
    dataset = pointed.sheet.dataset
    return {
        "dataset": dataset,
        "register": dataset.register,
        "department": dataset.register.department,
        "record": pointed.sheet.records[pointed.number - 1],
        "pulled_at": pointed.sheet.pulled_at,
    }


@resident_page
def not_me(request: ResidentRequest) -> HttpResponse:
    """The record is somebody else's: its keeper looks, and until then nobody is given any of that data."""
    if not shows_records(request):
        return not_shown(request)
    if "dataset" not in request.GET:
        return redirect("data")
    pointed = _pointed(request)
    # An empty press is a press: nothing has to be said.
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        register = pointed.sheet.dataset.register.slug
        said = form.cleaned_data["said"]
        limit = Limit(RequestKind.NOT_ME, pointed.department, Ground.NOT_ME, said, register, pointed.sheet.dataset.slug)
        row, _new = ask_limit(
            limit,
            person=request.person,
            language=language_now(),
            by=request.actor,
            at=timezone.now(),
            at_once=request.power is None,
        )
        return _asked(request, row.pk)
    context = {**_shown(pointed), "form": form}
    return TemplateResponse(request, "pages/not_me.html", context, status=422 if form.errors else 200)
