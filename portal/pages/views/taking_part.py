"""A resident proposes, comments, supports, follows and reports; and sees and removes what they wrote."""

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from consents.usecases.actions.taking_part import follow, follow_no_more, report, support, support_no_more
from consents.usecases.actions.writing import Draft, change, remove, send
from consents.usecases.enums import ReportGround, Shown, WordKind
from consents.usecases.errors import NoLongerChanged, NotThere, TooManyToday
from consents.usecases.models import Case, Comment, Word
from consents.usecases.queries.cases import comment_of, is_there, line_of
from consents.usecases.queries.own import can_change, followed_by, part_of, supported_by, words_of
from consents.usecases.queries.sealed import said_in
from consents.usecases.texts import in_language
from portal.i18n.languages import language_now
from portal.pages.case_forms import CommentForm, ProposalForm, ReportForm, WordsForm
from portal.pages.door import ResidentRequest, own_page
from portal.pages.seldom import seldom
from portal.people.behalf.powers import public_name

_A_PAGE, _FEW = 20, 50
_ACTS = {"support": support, "support_no_more": support_no_more, "follow": follow, "follow_no_more": follow_no_more}


@own_page
@seldom
def propose(request: ResidentRequest) -> HttpResponse:
    """A proposal, which a moderator reads before everyone does."""
    form = _filled(ProposalForm, request)
    if form.is_valid() and (sent := _send(request, form)):
        return sent
    return _form_page(request, "cases/propose.html", form)


@own_page
@seldom
def take_part(request: ResidentRequest, case: str) -> HttpResponse:
    """Support, follow, comment on one case."""
    found = is_there(case)
    if found is None:
        raise Http404
    if act := _ACTS.get(request.POST.get("do", "")):
        act(found, person=request.person, by=request.actor, at=timezone.now())
        return redirect("take_part", found.slug)
    form = _filled(CommentForm, request)
    if form.is_valid() and (sent := _send(request, form, case=found)):
        return sent
    line, part = line_of(found, language_now()), part_of(request.person, found.pk)
    return _form_page(request, "cases/take_part.html", form, line=line, part=part)


def _filled(kind: type[WordsForm], request: ResidentRequest, **told: Any) -> WordsForm:
    """With what was sent, if anything was; the name is theirs to show where they may be named."""
    name = public_name(request.person, at=timezone.now())
    sent = request.POST if request.method == "POST" else None
    return kind(sent, name=name, initial={"key": uuid4(), "language": language_now(), **told})


def _send(request: ResidentRequest, form: WordsForm, *, case: Case | None = None) -> HttpResponse | None:
    draft = _draft(form, form.cleaned_data["key"], case.pk if case else None)
    try:
        word = send(draft, person=request.person, by=request.actor, at=timezone.now())
    except TooManyToday:
        form.add_error(None, gettext("You have sent as much as one may in a day. Come back tomorrow."))
        return None
    except NotThere:
        raise Http404 from None
    return _to(word, "sent")


def _draft(form: WordsForm, key: UUID, case: UUID | None) -> Draft:
    return Draft(key, form.said(), Shown(form.cleaned_data["shown"]), form.cleaned_data["language"], case)


def _to(word: UUID, said: str) -> HttpResponse:
    response = redirect("your_words", word)
    response.headers["Location"] += f"?{said}"
    return response


def _form_page(request: ResidentRequest, template: str, form: WordsForm, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "kept": form.kept(), "errors": list(form.errors_told()), **more}
    return TemplateResponse(request, template, context, status=status)


@own_page
def your_cases(request: ResidentRequest) -> HttpResponse:
    """What they wrote, follow and support."""
    page = Paginator(words_of(request.person).defer("sealed_said"), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "followed": [line_of(case, language_now()) for case in followed_by(request.person)[:_FEW]],
        "supported": [line_of(case, language_now()) for case in supported_by(request.person)[:_FEW]],
    }
    return TemplateResponse(request, "cases/yours.html", context)


@own_page
@seldom
def your_words(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What they wrote, how far it is; change it or remove it."""
    word = words_of(request.person).filter(pk=pk).first()
    if word is None:
        raise Http404
    if request.POST.get("do") == "remove":
        remove(word.pk, person=request.person, by=request.actor, at=timezone.now())
        return redirect("your_cases")
    said = said_in(word)
    kind = ProposalForm if word.kind == WordKind.PROPOSAL else CommentForm
    was = {**said.model_dump(), "shown": word.shown, "alias": said.signature, "language": word.language} if said else {}
    form = _filled(kind, request, **was)
    if form.is_valid() and (changed := _change(request, form, word)):
        return changed
    told = {"word": word, "said": said, "may_change": can_change(word, at=timezone.now())}
    told |= {"just_sent": "sent" in request.GET, "just_changed": "changed" in request.GET}
    return _form_page(request, "cases/your_words.html", form, **told)


def _change(request: ResidentRequest, form: WordsForm, word: Word) -> HttpResponse | None:
    try:
        draft = _draft(form, word.pk, word.case_id)
        change(draft, person=request.person, by=request.actor, at=timezone.now())
    except NoLongerChanged:
        form.add_error(None, gettext("It was sent more than a week ago, or staff have taken it over."))
        return None
    return _to(word.pk, "changed")


@own_page
@seldom
def report_comment(request: ResidentRequest, case: str, comment: UUID) -> HttpResponse:
    """A moderator looks at it again; it is reported once, however often it is pressed."""
    found = comment_of(case, comment)
    if found is None:
        raise Http404
    here = reverse("report_comment", args=[case, comment])
    return _report(request, found, here, of="comment", words=found.text, slug=case)


@own_page
@seldom
def report_proposal(request: ResidentRequest, case: str) -> HttpResponse:
    """The same of what a resident proposed, while it stands in their own words."""
    found = is_there(case)
    if found is None or not found.language:
        raise Http404
    text = in_language(found.texts, found.language)[0]
    words = "\n\n".join((text.name, text.problem, text.gains))
    return _report(request, found, reverse("report_proposal", args=[case]), of="proposal", words=words, slug=case)


def _report(request: ResidentRequest, what: Comment | Case, here: str, **told: str) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ground = ReportGround(form.cleaned_data["ground"])
        report(what, ground, person=request.person, by=request.actor, at=timezone.now())
        return redirect(f"{here}?sent")
    sent = "sent" in request.GET
    context = {**told, "form": form, "lang": what.language, "sent": sent, "grounds": ReportGround.choices}
    return TemplateResponse(request, "cases/report.html", context, status=422 if form.errors else 200)
