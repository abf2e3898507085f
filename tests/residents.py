"""The city described, and residents signed in, without the identity service: for tests and benches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from consents.catalogue.loader import load as load_purposes
from consents.usecases.loader import load as load_usecases
from datasources.catalogue.loader import load as load_catalogue
from demo.people import everyone
from portal.cities import CATALOGUE, city_folder
from portal.ledger.actor import resident, system
from portal.people.actions import Arrival, Names, find_or_make, sign_in
from portal.people.doors import RESIDENT, cookie_name
from portal.people.models import User, UserKind
from portal.people.signals import signed_in
from portal.walls import Role, scope

CODES = {person.slug: person.identity_code for person in everyone()}
PURPOSES = CATALOGUE.parent.parent / "consents" / "catalogue" / "espoo" / "purposes.toml"
USE_CASES = PURPOSES.with_name("usecases.toml")


def _cookie() -> str:
    """The name of a session's cookie at the residents' door of this city."""
    return cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)


@dataclass(frozen=True)
class Resident:
    """A browser with a session, and whose it is."""

    browser: Client
    person: UUID


def describe_city(*, purposes: Path | None = PURPOSES) -> None:
    """Catalogue, purposes and use cases into an empty database, as `loaded_city` has them; None: only the first."""
    with scope(Role.STAFF, departments=["*"]):
        load_catalogue(city_folder(settings.CITY), reach={}, by=system("tests"), at=timezone.now())
        if purposes:
            load_purposes(purposes, by=system("tests"), at=timezone.now())
            load_usecases(USE_CASES, by=system("tests"), at=timezone.now())


def arrived(slug: str = "raili") -> UUID:
    """Someone of the demo's people is known here, without having been asked anything."""
    return find_or_make(Arrival(CODES[slug], Names("Testi", slug)), at=timezone.now()).pk


def identified(browser: Client, *, at: datetime) -> None:
    """The session of a browser says that its person proved just then who they are."""
    session = browser.session
    session["identified_at"] = at.isoformat()
    session.save()


def grow_old(one: Resident) -> None:
    """Their sign-in was a while ago: acts that cannot be taken back ask for a new one."""
    one.browser.cookies[settings.SESSION_COOKIE_NAME] = one.browser.cookies[_cookie()].value
    identified(one.browser, at=timezone.now() - timedelta(seconds=settings.FRESH_SIGN_IN_SECONDS + 1))
    del one.browser.cookies[settings.SESSION_COOKIE_NAME]


def enter(slug: str, *, code: str = "") -> Resident:
    """Someone of the demo's people, or with a code of their own: arrived, asked what everyone is, and signed in."""
    arrival = Arrival(code or CODES[slug], Names("Testi", slug))
    now = timezone.now()
    person = find_or_make(arrival, at=now)
    sign_in(person, arrival, by=resident(person.pk), at=now, method="loa2")
    signed_in.send(sender=None, person=person.pk, at=now)
    user = User.objects.create(username=f"test-{slug}", kind=UserKind.RESIDENT, person=person)
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    identified(browser, at=now)
    session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    browser.cookies[_cookie()] = session.value
    return Resident(browser, person.pk)
