"""The desk's pages: open a person, write down an answer or a taking back, hand out the receipt, close."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from consents.actions.answering import withdraw
from consents.actions.recording import record_answer
from consents.actions.traces import Shown
from consents.algorithms.sheets import programs_of
from consents.enums import Channel
from consents.errors import ConsentFault, NothingChosen, NotYours, OnlyAdults, TextChanged
from consents.models import Consent
from consents.queries.reading import events_of
from consents.receipts.pdf import printed
from consents.receipts.reading import Opened, opened, receipts_of
from portal.desk.preview import Foretold, foretold
from portal.i18n.languages import language_now
from portal.keys.indexes import blind_index
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.pages.forms import YES
from portal.pages.receipt_sheets import sheet_of, words_of
from portal.people.actors import actor_of
from portal.people.behalf.register import RegisterSilent
from portal.people.models import User
from portal.requests.erasing.actions import ask_receiver
from portal.servicepoint import openings
from portal.servicepoint.actions import open_person, see_whether_to_open
from portal.servicepoint.asked import Asked, forget, keep, kept
from portal.servicepoint.door import DeskRequest, desk, page, register_silent, unavailable, with_person
from portal.servicepoint.errors import NeverHere, NotAvailable, NotOpened, TooNear
from portal.servicepoint.forms import OpenForm, RecordForm, StopAtDeskForm
from portal.servicepoint.kinds import DeskEntry
from portal.servicepoint.matters import Question, data_of, name_of_person, offered_of, questions_for
from portal.servicepoint.second import MAY_BE_AGREED, is_agreed

_NEVER_HERE = _("This person has not been here before. Write both names from the identity document.")


@desk
def start(request: HttpRequest) -> HttpResponse:
    """Whom to open, and why. Codes come in the body, and go nowhere else."""
    form, second = OpenForm(request.POST if request.method == "POST" else None), False
    if form.is_valid():
        now = timezone.now()
        try:
            see_whether_to_open(form.asked, staff=cast("User", request.user), by=actor_of(request), at=now)
        except TooNear as fault:
            form.add_error(None, _("You cannot open this person. Ask another member of staff to help them."))
            second = fault.near in MAY_BE_AGREED
            if second:
                keep(request, form.asked, at=now)
        except NeverHere:
            form.add_error("given_names", _NEVER_HERE)
        else:
            keep(request, form.asked, at=now)
            return redirect("desk_before")
    title = gettext("Service point")
    return page(request, "start", title=title, form=form, second=second, status=422 if form.errors else 200)


@desk
def before(request: HttpRequest) -> HttpResponse:
    """The exact sentence that the person will read; then they are opened, or not."""
    now, by = timezone.now(), actor_of(request)
    asked = kept(request, at=now)
    if asked is None or request.POST.get("do") == "leave":
        forget(request)
        return redirect("desk")
    if request.POST.get("do") != "open":
        told = _foretold(asked, cast("User", request.user), by, now)
        return page(request, "before", title=gettext("Before you open the person"), told=told)
    forget(request)
    try:
        opening = open_person(asked, staff=cast("User", request.user), by=by, at=now)
    except NotAvailable:
        return unavailable(request)
    except RegisterSilent:
        return register_silent(request)
    except NotOpened:
        return redirect("desk")
    openings.begin(request, opening, at=now)
    return redirect("desk_person")


def _foretold(asked: Asked, staff: User, by: Actor, at: datetime) -> list[tuple[str, list[str]]]:
    """(language, what the person reads and, where somebody acts for them, what that one reads in their own log)."""
    kinds = [DeskEntry.OPENED, DeskEntry.ASKED_REGISTER] if asked.acting_code else [DeskEntry.OPENED]
    counts: dict[str, Json] = {"reason": asked.reason}
    if is_agreed(blind_index(asked.identity_code), staff=staff, by=by, at=at):
        counts["two"] = True
    entries = [Foretold(kind, by, by.unit, asked.case, counts) for kind in kinds]
    return [
        (language, [foretold(entry, language=language, at=at) for entry in entries])
        for language, _name in settings.LANGUAGES
    ]


@require_POST
@desk
def close(request: HttpRequest) -> HttpResponse:
    """Nobody is open any more."""
    openings.end(request)
    return redirect("desk")


@with_person
def person(request: DeskRequest) -> HttpResponse:
    """Who is open, how each question of one's departments stands, and what can be written down."""
    asked = questions_for(request.side, request.user, today=timezone.localdate())
    return page(request, "person", questions=asked, **_whose(request))


def _whose(request: DeskRequest) -> dict[str, Any]:
    """Whose matters they are, and who acts for them, by which right."""
    actor, power, name = request.side.actor, request.side.power, name_of_person(request.person)
    told = {"title": name, "person_name": name}
    return told | ({"acting_name": name_of_person(actor), "right": power.right} if actor and power else {})


def _question(request: DeskRequest, pk: UUID) -> Question:
    asked = questions_for(request.side, request.user, today=timezone.localdate())
    found = next((each for each in asked if each.purpose.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _language(request: HttpRequest) -> str:
    """In which the person hears the text: it is chosen, and goes along with the answer."""
    told = request.POST.get("language") or request.GET.get("language") or language_now()
    return told if told in {"fi", "sv", "en"} else "fi"


def _told(fault: ConsentFault) -> str:
    match fault:
        case TextChanged():
            return gettext("The text changed after you opened the page. Read it again and then answer.")
        case NotYours():
            return gettext("This is for somebody else to answer.")
        case NothingChosen():
            return gettext("Choose what the person gives, or record a no.")
        case OnlyAdults():
            return gettext("Only adults are asked this.")
        case _:
            return gettext("This cannot be done any more. Look how it stands now.")


def _form_page(
    request: DeskRequest, question: Question, form: RecordForm, *, name: str, fault: str = ""
) -> HttpResponse:
    """The very text; then, once the form is whole, what will be written down, to be confirmed."""
    language = _language(request)
    # A text is shown as the person hears it: what they take back, as they once answered it.
    text = question.consent.text if name == "stop" and question.consent else question.text
    with override(language):
        data = data_of(question.purpose)
        programs = programs_of([question.purpose.pk]).get(question.purpose.pk, [])
    confirming = form.is_bound and form.is_valid() and not fault
    context = {
        "question": question,
        "address": request.path,
        "parts": text.parts[language],
        "data": data,
        "programs": programs,
        "language": language,
        "form": form,
        "fault": fault,
        "confirming": confirming,
        **_whose(request),
        "title": text.parts[language]["name"],
    }
    status = 409 if fault else (422 if form.errors else 200)
    return page(request, name, status=status, **context)


def _shown(request: DeskRequest, said: dict[str, Any]) -> Shown:
    return Shown(
        text=said["text"],
        language=said["language"],
        channel=Channel(said["channel"]),
        desk_reason=request.opening.reason,
        paper=said["paper"],
        write_home=said["write_home"] == YES,
    )


def _is_confirmed(request: HttpRequest, form: RecordForm) -> bool:
    return form.is_bound and form.is_valid() and request.POST.get("confirmed") == YES


@with_person
def answer(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A yes or a no: read, filled in, looked at once more, and written down."""
    question = _question(request, pk)
    if not question.answers:
        raise Http404
    initial = {"text": question.text.pk, "language": _language(request)}
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, offered=offered_of(question.purpose), initial=initial)
    if not _is_confirmed(request, form):
        return _form_page(request, question, form, name="answer")
    said = form.cleaned_data
    by, now = actor_of(request, unit=question.purpose.department.slug), timezone.now()
    try:
        consent = record_answer(
            question.purpose,
            person=request.person,
            yes=said["answer"] == YES,
            optional=said.get("optional", ()),
            shown=_shown(request, said),
            says=request.side.says(question.purpose.department.slug),
            by=by,
            at=now,
        )
    except ConsentFault as fault:
        return _form_page(request, question, form, name="answer", fault=_told(fault))
    return _to_receipt(consent)


@with_person
def stop(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Taking back what is on: looked at once more, and written down."""
    question = _question(request, pk)
    if question.consent is None or not question.may_stop:
        raise Http404
    initial = {"text": question.consent.text_id, "language": _language(request)}
    form = StopAtDeskForm(request.POST if request.method == "POST" else None, initial=initial)
    if not _is_confirmed(request, form):
        return _form_page(request, question, form, name="stop")
    by, now = actor_of(request, unit=question.purpose.department.slug), timezone.now()
    try:
        shown, says = _shown(request, form.cleaned_data), request.side.says(question.purpose.department.slug)
        # Both in the transaction of the page: both, or neither.
        consent = withdraw(question.consent.pk, shown=shown, says=says, by=by, at=now)
        if form.cleaned_data["erase"]:
            _ask_to_erase(question.consent, language=shown.language, by=by, at=now)
    except ConsentFault as fault:
        return _form_page(request, question, form, name="stop", fault=_told(fault))
    return _to_receipt(consent)


def _ask_to_erase(stopped: Consent, *, language: str, by: Actor, at: datetime) -> None:
    """As on the resident's own page; `stopped` is as it was while it was on."""
    ask_receiver(
        stopped.person_id,
        department=stopped.recipient,
        aim=stopped.purpose.slug,
        datasets=stopped.datasets,
        language=language,
        by=by,
        at=at,
    )


def _to_receipt(consent: Consent) -> HttpResponse:
    event = events_of(consent).last()
    if event is None or not hasattr(event, "receipt"):
        return redirect("desk_person")
    return redirect("desk_receipt", event.receipt.pk)


def _receipt(request: DeskRequest, pk: UUID) -> Opened:
    """Of what this desk may write down for whoever is there: no other department's, nothing beyond a mandate."""
    asked = questions_for(request.side, request.user, today=timezone.localdate())
    theirs = receipts_of(request.person).filter(consent__purpose__in=[each.purpose.pk for each in asked])
    return opened(get_object_or_404(theirs, pk=pk))


@with_person
def receipt(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What was written down, as it was signed, to be printed at once."""
    found = _receipt(request, pk)
    with override(_language(request)):
        sheet = sheet_of(found.receipt, acting=request.side.actor is not None)
    return page(request, "receipt", title=gettext("Written down"), sheet=sheet, receipt=found)


@with_person
def receipt_pdf(request: DeskRequest, pk: UUID) -> HttpResponse:
    """For the person to take along; the signed file is attached to it."""
    found = _receipt(request, pk)
    with override(_language(request)):
        sheet = sheet_of(found.receipt, acting=request.side.actor is not None)
        content = printed(words_of(sheet), found.file, verify_at=sheet.verify_at)
    headers = {"Content-Disposition": f'inline; filename="receipt-{str(pk)[:8]}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
