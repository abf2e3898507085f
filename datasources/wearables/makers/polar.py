"""Polar AccessLink, version 3, by the ways that need no transaction: https://www.polar.com/accesslink-api/."""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.conf import settings

from datasources.wearables.formats.polar.format import POLAR as FORMAT
from datasources.wearables.makers.calling import BRIEFLY, Answer, NoAnswer, NotLet, called
from datasources.wearables.makers.maker import Maker, Place, Tokens, asked, page_of, tokens_of
from datasources.wearables.reading.format import Format

_NOTHING_THERE, _ALREADY = 404, 409


@dataclass(frozen=True)
class Polar(Maker):
    """Tokens live for years and are not renewed; a user is registered once before anything is given."""

    @property
    def place(self) -> Place:
        """As the settings say it."""
        who = settings.POLAR_CLIENT_ID, settings.POLAR_CLIENT_SECRET
        return Place(settings.POLAR_SITE, settings.POLAR_TOKENS, settings.POLAR_API, *who)

    def asking(self, *, state: str, challenge: str, back: str) -> str:
        """Their page. One that knows no challenge passes over it (RFC 6749 §3.1)."""
        told = {
            "response_type": "code",
            "client_id": self.place.client_id,
            "redirect_uri": back,
            "scope": "accesslink.read_all",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return page_of(self.place.site, "/oauth2/authorization", told)

    def traded(self, code: str, *, verifier: str, back: str, at: datetime) -> Tokens:
        """We say who we are as RFC 6749 §2.3.1 has it."""
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        who = base64.b64encode(f"{self.place.client_id}:{self.place.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {who}"}
        tokens = tokens_of(called("POST", f"{self.place.tokens}/v2/oauth2/token", headers=headers, form=told), at=at)
        if not tokens.user:
            raise NoAnswer
        return tokens

    def registered(self, tokens: Tokens, *, as_whom: str) -> None:
        """By a name that says nothing; whoever is registered already stays so."""
        headers = {"Authorization": f"Bearer {tokens.access}"}
        called("POST", f"{self.place.api}/v3/users", headers=headers, body={"member-id": as_whom}, also=[_ALREADY])

    def renewed(self, tokens: Tokens, *, at: datetime) -> Tokens:
        """There is no such thing: the person ties it anew."""
        raise NotLet

    def answers(self, tokens: Tokens, *, since: date, until: date) -> list[tuple[Format, bytes]]:
        """Days as they are asked; of nights the latest 28 days come, and of workouts 30."""
        days = [("from", since.isoformat()), ("to", until.isoformat())]
        told = [
            asked(f"{self.place.api}/v3/users/activities", tokens.access, query=days),
            asked(f"{self.place.api}/v3/users/sleep", tokens.access),
            asked(f"{self.place.api}/v3/exercises", tokens.access),
        ]
        return [(FORMAT, each.body) for each in told if _holds_any(each)]

    def let_go(self, tokens: Tokens) -> None:
        """Takes back the registration, and with it the token."""
        headers = {"Authorization": f"Bearer {tokens.access}"}
        url = f"{self.place.api}/v3/users/{quote(tokens.user, safe='')}"
        called("DELETE", url, headers=headers, also=[_NOTHING_THERE], within=BRIEFLY)


def _holds_any(answer: Answer) -> bool:
    """Where there is nothing Polar says 204, and not an empty list."""
    if answer.body and answer.body.lstrip()[:1] not in (b"[", b"{"):
        raise NoAnswer
    return bool(answer.body)


POLAR = Polar("polar", "Polar", days=28)
