"""Tying a maker's service to the portal: to its page and back, fetching now, cutting."""

from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from datasources.wearables.actions.tying import ask_now, cut, tie
from datasources.wearables.makers.all import MAKERS, offered
from datasources.wearables.makers.calling import NoAnswer, NotLet, SlowDown
from datasources.wearables.makers.maker import Maker, Tokens
from datasources.wearables.makers.parting import Parting, part
from portal.i18n.languages import language_now
from portal.ledger.actor import resident
from portal.pages.door import ResidentRequest, account_page
from portal.pages.own_devices import devices_page, is_for, may_keep
from portal.pages.tie_flow import Begun, address_back, begin, come_back
from portal.walls import Role, scope

_LONGEST_CODE = 2048


@require_POST
@devices_page
def begin_tie(request: ResidentRequest, maker: str) -> HttpResponse:
    """Off to the maker's own page, where they sign in and say yes or no."""
    chosen = _offered(maker)
    if not may_keep(request):
        return redirect("devices")
    language = language_now()
    state, challenge = begin(request, maker, person=request.person, language=language, at=timezone.now())
    return HttpResponseRedirect(chosen.asking(state=state, challenge=challenge, back=address_back(maker)))


@account_page
def tied(request: ResidentRequest, maker: str) -> HttpResponse:
    """Back from there. The maker is asked outside of every scope; then what it gave is sealed and kept."""
    chosen, now = _offered(maker), timezone.now()
    begun = come_back(request, maker, person=request.me, at=now)
    with scope(Role.RESIDENT, persons=[request.me]):
        if not is_for(request):
            raise Http404
        allowed = may_keep(request)
    code = request.GET.get("code", "")
    if begun is None or not allowed or not code or len(code) > _LONGEST_CODE:
        refused = begun is not None and request.GET.get("error") == "access_denied"
        return _to_devices("tie=refused" if refused else "tie=again", begun)
    tokens = _traded(chosen, code, begun)
    if tokens is None:
        return _to_devices("tie=failed", begun)
    with scope(Role.RESIDENT, persons=[request.me]):
        # The answer took its time: they may have taken the permission back meanwhile.
        kept = may_keep(request) and tie(request.me, maker, tokens, by=resident(request.me), at=timezone.now())
    if not kept:
        part(Parting(maker, tokens))
    return _to_devices("tie=tied" if kept else "tie=again", begun)


@require_POST
@devices_page
def fetch_now(request: ResidentRequest, maker: str) -> HttpResponse:
    """What is new, at once."""
    if maker not in MAKERS:
        raise Http404
    asked = may_keep(request) and ask_now(request.person, maker, by=request.actor, at=timezone.now())
    return _to_devices("tie=fetching" if asked else "tie=later")


@require_POST
@account_page
def cut_tie(request: ResidentRequest, maker: str) -> HttpResponse:
    """Here at once; then the other end is told, and the person is told whether it heard."""
    with scope(Role.RESIDENT, persons=[request.me]):
        if not is_for(request) or maker not in MAKERS:
            raise Http404
        parting = cut(request.me, maker, by=resident(request.me), at=timezone.now())
    heard = parting is None or part(parting)
    return _to_devices("tie=cut" if heard else f"tie=unheard-{maker}")


def _offered(maker: str) -> Maker:
    chosen = next((each for each in offered() if each.name == maker), None)
    if chosen is None:
        raise Http404
    return chosen


def _traded(maker: Maker, code: str, begun: Begun) -> Tokens | None:
    """Tokens of somebody whom the maker knows as ours; None where it gives none, and nothing is left there."""
    now = timezone.now()
    try:
        tokens = maker.traded(code, verifier=begun.verifier, back=address_back(maker.name), at=now)
    except (NoAnswer, NotLet, SlowDown):
        return None
    try:
        maker.registered(tokens, as_whom=str(uuid4()))
    except (NoAnswer, NotLet, SlowDown):
        part(Parting(maker.name, tokens))
        return None
    return tokens


def _to_devices(told: str, begun: Begun | None = None) -> HttpResponse:
    """In the language in which they left."""
    with translation.override(begun.language if begun else translation.get_language()):
        response = redirect("devices")
    response.headers["Location"] += f"?{told}"
    return response
