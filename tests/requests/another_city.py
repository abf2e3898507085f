"""Another city, made up by the tests: trusted, with a key of its own, asking as its programs do."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from datasources.transfers.models import CityKeys
from portal.pages.tasks import make_move
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.residents import Resident

HERE = "http://127.0.0.1:8000"
TURKU_URL, OULU_URL = "https://turku.example", "https://oulu.example"
TOKEN_URL = f"{HERE}/transfers/token"
TRUSTED = "\n".join(
    f'[[city]]\nslug = "{slug}"\nurl = "{url}"\nname = {{ fi = "{fi}", sv = "{sv}", en = "{fi}" }}'
    for slug, url, fi, sv in (("turku", TURKU_URL, "Turku", "Åbo"), ("oulu", OULU_URL, "Oulu", "Uleåborg"))
)


@dataclass
class City:
    """A trusted city's programs: `ask` in the resident's browser, `token` and `package` from its worker."""

    slug: str
    url: str
    key: ECKey
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    programs: Client = field(default_factory=lambda: Client(HTTP_HOST="127.0.0.1"))

    @property
    def redirect_uri(self) -> str:
        return f"{self.url}/transfers/arrived"

    def question(self, **bend: Any) -> dict[str, Any]:
        """What its redirect asks; `None` leaves a part out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        told = {
            "response_type": "code",
            "client_id": self.slug,
            "redirect_uri": self.redirect_uri,
            "scope": "package",
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": "en",
        }
        return {name: value for name, value in (told | bend).items() if value is not None}

    def ask(self, browser: Client, **bend: Any) -> Any:
        """The browser is sent here."""
        return browser.get(f"/transfers/authorize?{urlencode(self.question(**bend), doseq=True)}")

    def page(self, one: Resident) -> str:
        """The address of the page on which they answer."""
        answer = self.ask(one.browser)
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])

    def assertion(self, *, key: ECKey | None = None, header: dict[str, Any] | None = None, **bend: Any) -> str:
        now = int(timezone.now().timestamp())
        claims = {"iss": self.slug, "sub": self.slug, "aud": TOKEN_URL, "iat": now, "exp": now + 60}
        claims |= {"jti": secrets.token_urlsafe(16)} | bend
        signer = key or self.key
        return jwt.encode({"alg": "ES256", "kid": self.key.kid} | (header or {}), claims, signer)

    def form(self, code: str, /, **bend: Any) -> dict[str, Any]:
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": self.verifier,
            "redirect_uri": self.redirect_uri,
            "client_id": self.slug,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
        }
        return {name: value for name, value in (told | bend).items() if value is not None}

    def trade(self, code: str, /, **bend: Any) -> Any:
        """The code for a token."""
        return self.programs.post("/transfers/token", self.form(code, **bend))

    def token(self, code: str) -> str:
        answer = self.trade(code)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    def fetch(self, token: str) -> Any:
        """The package, or what is said instead of it."""
        return self.programs.get("/transfers/package", headers={"Authorization": f"Bearer {token}"})


def returned(answer: Any) -> dict[str, str]:
    """What the browser brings back to the city that asked."""
    assert answer.status_code == 302, answer.content
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def agreed(city: City, one: Resident, *items: str) -> str:
    """They say yes; the code."""
    answer = one.browser.post(city.page(one), {"items": items or ["library-loans"], "yes": "yes"})
    return returned(answer)["code"]


def newest_request(one: Resident) -> Any:
    """Of theirs, with its choice."""
    with scope(Role.WORKER):
        return Request.objects.filter(person_id=one.person).select_related("leaving").latest("received_at")


def is_made(one: Resident) -> None:
    """What the worker does when it is rung."""
    make_move(request_id=str(newest_request(one).pk))


def trust(settings: LazySettings, folder: Path) -> None:
    """The list of trusted cities."""
    file = folder / "trusted.toml"
    file.write_text(TRUSTED)
    settings.TRUSTED_CITIES_FILE = file


def known_city(slug: str, url: str, *, at: datetime | None = None) -> City:
    """One whose keys were fetched just now."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    now = at or timezone.now()
    told = key.as_dict(private=False)
    published = {word: told[word] for word in ("kty", "crv", "x", "y", "kid", "use")}
    with scope(Role.WORKER):
        CityKeys.objects.create(city=slug, keys=[published], asked_at=now, fetched_at=now + timedelta(seconds=1))
    return City(slug, url, key)


@pytest.fixture
def turku(db: None, settings: LazySettings, tmp_path: Path) -> City:
    """Trusted here."""
    trust(settings, tmp_path)
    return known_city("turku", TURKU_URL)


@pytest.fixture
def oulu(turku: City) -> City:
    """Another one."""
    return known_city("oulu", OULU_URL)
