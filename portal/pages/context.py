"""What every page's frame needs; no query."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_path

from portal.cities import city
from portal.people.behalf.sessions import acting_name, earlier_accounts, reads_earlier
from portal.people.session_secrets import name_of

_NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}


# Where an account that was joined held what is read there still.
_EARLIER_PARTS = ("usage", "permissions")
# Which entry of the menu a page belongs to, where its address does not say it.
_PARTS = {"devices": "data", "rights": "requests", "requests": "permissions"}


@dataclass(frozen=True)
class LanguageLink:
    """This page in another language."""

    code: str
    name: str
    url: str
    current: bool


def _languages(request: HttpRequest) -> list[LanguageLink]:
    """None where the address belongs to no language, as in the middle of a sign-in."""
    now = get_language_from_path(request.path)
    if now is None:
        return []
    # Not by the table of addresses: a page that was not found has its languages too.
    rest = request.get_full_path().removeprefix(f"/{now}")
    return [LanguageLink(code, name, f"/{code}{rest}", code == now) for code, name in _NAMES.items()]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """City, languages, whether someone is signed in, and for how long. The staff's name is opened where it is shown."""
    _, _, part, *_ = [*request.path.split("/"), "", ""]
    return {
        "part": _PARTS.get(part, part),
        "reads_earlier": reads_earlier(request) is not None,
        "earlier_accounts": earlier_accounts(request) if part in _EARLIER_PARTS else [],
        "city": city(),
        "demo_notice": settings.DEMO_NOTICE,
        "languages": _languages(request),
        "acting_name": acting_name(request),
        "staff_name": lambda: name_of(request),
        "signed_in": getattr(getattr(request, "user", None), "person_id", None) is not None,
        "idle_minutes": settings.SESSION_IDLE_SECONDS["resident"] // 60,
        "idle_seconds": settings.SESSION_IDLE_SECONDS["resident"],
        "warn_seconds": settings.SESSION_WARNING_SECONDS,
    }
