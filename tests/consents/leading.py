"""A department's service that leads people here and back: a client with a key, and an address that two confirmed."""

import base64
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey

from consents.errands.keeping import confirm_address, propose_address
from consents.models import Errand
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.subjects import by_code
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.residents import CODES

BACK = "https://sports.example/courses/"
ONE = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="sports", role="keeper")
OTHER = Actor(ActorKind.STAFF, "keeper-2", Right.OFFICE, unit="sports", role="keeper")
PURPOSE = "swimming-reminders"


class Service:
    """Of sports, by default; its name is what people read."""

    def __init__(self, *, department: str = "sports", confirmed: bool = True, **more: Any) -> None:
        self.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        facts = {"scopes": ["consents:request"], "jwks": {"keys": [self.key.as_dict(private=False)]}} | more
        with scope(Role.STAFF, departments=["*"]):
            self.client = Client.objects.create(name="Course desk", department=department, **facts)
            row = propose_address(self.client.pk, department, BACK, by=ONE, at=timezone.now())
            if confirmed:
                confirm_address(row.pk, by=OTHER, at=timezone.now())
        self.address: UUID = row.pk

    def claims(self, *, began: int = 0, ends: int = 600, **other: Any) -> dict[str, Any]:
        """Of a link that holds; None leaves one out. `began` and `ends`: seconds from now."""
        now = int(time.time())
        good = {
            "iss": str(self.client.pk),
            "aud": f"{settings.PUBLIC_URL}/errand/",
            "iat": now + began,
            "exp": now + ends,
            "jti": str(uuid4()),
            "purpose": PURPOSE,
            "return_to": f"{BACK}autumn",
            "state": "visitor-7f3a",
        }
        return {name: value for name, value in {**good, **other}.items() if value is not None}

    def link(self, *, key: ECKey | None = None, header: dict[str, str] | None = None, **other: Any) -> str:
        """The signed link."""
        signs = key or self.key
        head = {"alg": "ES256", "kid": signs.kid or "", "typ": "errand+jwt"} | (header or {})
        return str(jwt.encode(head, self.claims(**other), signs))


def pseudonym(slug: str, department: str = "sports") -> str:
    """By which a department names one of the demo's people."""
    return by_code(department, CODES[slug]).subject


def result_in(location: str) -> dict[str, Any]:
    """The claims of a result, unread by any key."""
    payload = parse_qs(urlsplit(location).query)["result"][0].split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return told


def errand_of(person: UUID, purpose: UUID) -> UUID:
    """One that this person has taken on."""
    now = timezone.now()
    facts = {"client": uuid4(), "service": "Course desk", "purpose_id": purpose, "jti_sha256": uuid4().bytes}
    errand = Errand(**facts, return_to=BACK, state="visitor", begun_at=now, ends_at=now + timedelta(hours=1))
    with scope(Role.API):
        errand.save(force_insert=True)
    with scope(Role.RESIDENT, persons=[person]):
        Errand.objects.filter(pk=errand.pk).update(person_id=person, joined_at=now)
    return errand.pk
