"""Pages for everyone: start, registers, help, and the ends of a session."""

from base64 import b64encode
from collections import defaultdict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import cache_control

from consents.queries.limiting import marketing_with
from datasources.queries.health import health_of_department
from datasources.queries.holdings import public_register, public_registers
from portal.cities import city
from portal.i18n.languages import language_now
from portal.ledger.queries import cosignatures_of, seals
from portal.pages.rights_told import rights_told
from portal.privacy.page import classes_told

_LOCKS = 20


def choose_language(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the start page in the browser's language."""
    return redirect(f"/{get_language_from_request(request)}/")


def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Home in the browser's language, when no page asked for the sign-in."""
    return redirect(f"/{get_language_from_request(request)}/home/")


def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the way in."""
    wanted = request.GET.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return render(request, "pages/start.html", {"next": wanted if safe else reverse("home")})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and how long: the policy that the retention job executes."""
    return render(request, "pages/privacy.html", {"classes": classes_told()})


def locks(request: HttpRequest) -> HttpResponse:
    """The newest seals of the log, with their fingerprints in base64 as their notes have them."""
    newest = list(seals().only("size", "root", "signed_at")[:_LOCKS])
    by = defaultdict(list)
    for each in cosignatures_of([seal.size for seal in newest]):
        by[each.size].append(each)
    told = [(seal, b64encode(seal.root).decode(), by[seal.size]) for seal in newest]
    return render(request, "pages/seals.html", {"seals": told, "witnessed": bool(by)})


def registers(request: HttpRequest) -> HttpResponse:
    """Every register the city describes."""
    return render(request, "pages/registers.html", {"registers": public_registers()})


def register(request: HttpRequest, slug: str) -> HttpResponse:
    """One register: the parts of its privacy notice."""
    found = public_register(slug)
    if found is None:
        raise Http404
    health = health_of_department(found.department, at=timezone.now())
    marketing = marketing_with(slug, language_now())
    context = {"register": found, "health": health, "rights": rights_told(found.basis), "marketing": marketing}
    return render(request, "pages/register.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    """Where a person helps."""
    return render(request, "pages/help.html")


def signed_out(request: HttpRequest) -> HttpResponse:
    """After signing out."""
    return render(request, "pages/signed_out.html")


def session_ended(request: HttpRequest) -> HttpResponse:
    """After sitting idle, or simply long."""
    return render(request, "pages/session_ended.html", {"minutes": settings.SESSION_IDLE_SECONDS["resident"] // 60})


@cache_control(public=True, max_age=3600)
def city_css(request: HttpRequest) -> HttpResponse:
    """/city.css: the city's colours, for the style sheet."""
    colours = city().colours
    rules = f":root {{ --main: {colours.main}; --dark: {colours.dark}; --accent: {colours.accent}; }}\n"
    return HttpResponse(rules, content_type="text/css")


def mark(request: HttpRequest) -> HttpResponse:
    """/favicon.ico: browsers ask for it on pages that name no mark of their own."""
    return redirect(static("mark.svg"))
