"""The provider's protocol side: authorize, pick, token, end of session. One instance an issuer."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from demo.identity.breakage import Break
from demo.identity.clients import Portal, Refused, pkce_holds
from demo.identity.tokens import Signer
from demo.people import everyone, staff

_CODE_LIFE = 60
_SHOWN = 40
IDENTITY_CODE = "urn:oid:1.2.246.21"
GIVEN_NAMES = "urn:oid:1.2.246.575.1.14"
FAMILY_NAME = "urn:oid:2.5.4.4"


@dataclass(frozen=True)
class Someone:
    """One line of the picking page, and what the token will tell."""

    slug: str
    label: str
    told: str
    claims: dict[str, Any] = field(repr=False)


def residents(language: str) -> list[Someone]:
    """All made-up people; those with stories first."""
    return [
        Someone(
            slug=person.slug,
            label=f"{person.given_names} {person.family_name}",
            told=getattr(person.story, language) if person.story else "",
            claims={
                "sub": secrets.token_hex(8),
                IDENTITY_CODE: person.identity_code,
                GIVEN_NAMES: person.given_names,
                FAMILY_NAME: person.family_name,
                "email": person.email,
            },
        )
        for person in everyone()
    ]


def workers(language: str) -> list[Someone]:
    """The made-up staff, with departments, groups and identity code."""
    return [
        Someone(
            slug=who.slug,
            label=who.name,
            told=getattr(who.story, language),
            claims={
                "sub": who.slug,
                IDENTITY_CODE: who.identity_code,
                GIVEN_NAMES: who.name.split()[0],
                FAMILY_NAME: who.name.split()[-1],
                "departments": list(who.departments),
                "groups": list(who.groups),
            },
        )
        for who in staff()
    ]


@dataclass
class _Pending:
    request: dict[str, Any]
    person: Someone | None = None
    broken: Break = Break.NONE
    born: float = field(default_factory=time.time)


def _digest(id_token: str) -> str:
    return hashlib.sha256(id_token.encode()).hexdigest()


class Provider:
    """Remembers what it was asked; forgets a code once it was traded."""

    def __init__(self, issuer: str, portal: Portal, people: Callable[[str], list[Someone]], *, acr: str) -> None:
        self.issuer, self.portal, self.people, self.acr = issuer, portal, people, acr
        self.signer = Signer()
        self.asked: dict[str, _Pending] = {}
        self.codes: dict[str, _Pending] = {}
        # Digests of ID tokens whose session here is open: the token itself is closed to us, too.
        self.open: set[str] = set()

    def authorize(self, query: dict[str, str]) -> str:
        """The id of a pending sign-in; Refused when the request object is not the portal's."""
        if query.get("client_id") != self.portal.client_id:
            raise Refused("unknown client")
        claims = self.portal.signed_claims(query.get("request", ""), audience=self.issuer)
        if claims.get("code_challenge_method") != "S256" or not claims.get("nonce") or not claims.get("state"):
            raise Refused("the request lacks PKCE, nonce or state")
        if not str(claims.get("redirect_uri", "")).startswith(f"{self.portal.base}/"):
            raise Refused("unknown return address")
        session = secrets.token_urlsafe(16)
        self.asked[session] = _Pending(claims)
        return session

    def language(self, session: str) -> str:
        """The language the portal was in."""
        asked = str(self.asked[session].request.get("ui_locales", "en"))[:2]
        return asked if asked in {"fi", "sv", "en"} else "en"

    def shown(self, session: str, query: str) -> list[Someone]:
        """Whom the page lists: those with stories, or those whose name matches."""
        everybody = self.people(self.language(session))
        if query:
            return [who for who in everybody if query.casefold() in who.label.casefold()][:_SHOWN]
        return [who for who in everybody if who.told]

    def pick(self, session: str, slug: str, broken: Break) -> str:
        """Where to send the browser: back to the portal with a code."""
        pending = self.asked.pop(session)
        pending.person = next(who for who in self.people("en") if who.slug == slug)
        pending.broken, pending.born = broken, time.time()
        code = secrets.token_urlsafe(24)
        self.codes[code] = pending
        state = pending.request["state"] if broken is not Break.STATE else "another-state"
        answer = {"code": code if broken is not Break.CODE else "made-up", "state": state}
        return f"{pending.request['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code, once."""
        self.portal.signed_claims(form.get("client_assertion", ""), audience=f"{self.issuer}/token")
        pending = self.codes.pop(form.get("code", ""), None)
        if pending is None or pending.person is None or time.time() - pending.born > _CODE_LIFE:
            raise Refused("unknown or used code")
        if not pkce_holds(form.get("code_verifier", ""), pending.request["code_challenge"]):
            raise Refused("PKCE does not hold")
        if form.get("redirect_uri") != pending.request["redirect_uri"]:
            raise Refused("another return address")
        id_token = self.signer.id_token(
            pending.person.claims,
            issuer=self.issuer,
            audience=self.portal.client_id,
            nonce=pending.request["nonce"],
            acr=self.acr,
            to=self.portal.encryption_key(),
            broken=pending.broken,
        )
        self.open.add(_digest(id_token))
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": id_token,
        }

    def end_session(self, query: dict[str, str]) -> str:
        """Forget the session of the ID token; where to send the browser (OpenID Connect RP-Initiated Logout 1.0)."""
        self.open.discard(_digest(query.get("id_token_hint", "")))
        back = query.get("post_logout_redirect_uri", "")
        return back if back.startswith(f"{self.portal.base}/") else "/health"
