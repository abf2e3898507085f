"""What every answer tells browsers, at both doors."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tests.acting import register
from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.web import ROOT

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
RESIDENTS, STAFFS = "127.0.0.1", "localhost"
DOORS = [(RESIDENTS, "/en/"), (RESIDENTS, "/no-such-page/"), (RESIDENTS, "/api/v1/checks/"), (STAFFS, "/sign-in/")]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "manifest-src": "'self'",
}
# What no browser is to show.
CALLS = dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'")
_LIVE = """
import django
django.setup()
from django.conf import settings
from django.test import Client
from portal.people.doors import cookie_name
answer = Client(HTTP_HOST="127.0.0.1").get("/favicon.ico", secure=True)
print(answer["Strict-Transport-Security"])
for door in ("resident", "staff"):
    print(cookie_name(door, settings.SESSION_COOKIE_NAME), cookie_name(door, settings.CSRF_COOKIE_NAME))
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
print(settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_DOMAIN)
"""


@pytest.mark.security("V3.4.3", "V3.4.4", "V3.4.5", "V3.4.6")
@pytest.mark.django_db
@pytest.mark.parametrize(("host", "path"), DOORS)
def test_every_answer_carries_the_strict_headers(host: str, path: str) -> None:
    answer = Client(HTTP_HOST=host).get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert {name: told for name, told in policy.items() if name in POLICY} == (POLICY if "/api/" not in path else CALLS)
    told = [answer[name] for name in ("X-Content-Type-Options", "Referrer-Policy")]
    assert told == ["nosniff", "same-origin"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()", "payment=()"} <= set(
        answer["Permissions-Policy"].split(", ")
    )
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.security("V3.3.1", "V3.3.3", "V3.4.1")
def test_where_the_portal_is_live_cookies_are_bound_to_the_host_and_https_is_kept_for_two_years() -> None:
    variables = {"PLAIN_HTTP": "false", "PUBLIC_URL": "https://a.example", "STAFF_URL": "https://b.example"}
    argv = [sys.executable, "-c", _LIVE]
    environment = {**os.environ, **variables}
    told = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [
        "max-age=63072000; includeSubDomains",
        "__Host-espoo-resident __Host-espoo-resident-csrf",
        "__Host-espoo-staff __Host-espoo-staff-csrf",
        "True True True",
        "None / None",
    ]


@pytest.mark.security("V13.4.1", "B25")
@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example#127.0.0.1", "[::1]"])
def test_a_host_that_is_not_ours_is_answered_by_nothing(host: str) -> None:
    answer = Client(HTTP_HOST=host).get("/en/")
    assert answer.status_code == 400
    assert host.partition(":")[0] not in answer.content.decode()


@pytest.mark.security("V4.1.3", "B25")
@pytest.mark.django_db
def test_a_forwarded_host_is_not_believed() -> None:
    answer = Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_HOST="evil.example").get("/en/home/")
    assert "evil.example" not in answer["Location"]


@pytest.mark.security("V14.3.2")
@pytest.mark.parametrize(
    "path", ["", "help/", "registers/", "privacy/", "home/", "settings/", "no-such-page/", "usage/"]
)
def test_no_page_of_who_is_signed_in_is_kept_by_a_cache(path: str, resident_in: Enter) -> None:
    assert resident_in("raili").browser.get(f"/en/{path}")["Cache-Control"] == "no-store"


@pytest.mark.security("V3.3.3")
def test_no_cookie_goes_out_but_those_with_a_doors_name(resident_in: Enter) -> None:
    browser = resident_in("raili").browser
    names = set()
    for path in ("", "home/", "settings/", "permissions/", "help/"):
        names |= set(browser.get(f"/en/{path}").cookies)
    assert names <= {"espoo-resident", "espoo-resident-csrf"}
    assert settings.MESSAGE_STORAGE.endswith("SessionStorage")
