"""Oura's interface, version 2: https://cloud.ouraring.com/v2/docs, and https://cloud.ouraring.com/docs/authentication."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from datasources.wearables.formats.oura.format import OURA as FORMAT
from datasources.wearables.makers.calling import BRIEFLY, Answer, NoAnswer, NotLet, Withheld, called
from datasources.wearables.makers.maker import Maker, Place, Tokens, asked, page_of, tokens_of
from datasources.wearables.reading.format import Format

_SCOPES = "daily heartrate workout"
_BY_DAY = ("daily_activity", "sleep", "workout")
# An answer has a thousand rows or so, a month of heart rates nine.
_MOST_PAGES = 50


@dataclass(frozen=True)
class Oura(Maker):
    """Access tokens live for a day, a refresh token is good once."""

    @property
    def place(self) -> Place:
        """As the settings say it."""
        api = settings.OURA_API
        return Place(settings.OURA_SITE, api, api, settings.OURA_CLIENT_ID, settings.OURA_CLIENT_SECRET)

    def asking(self, *, state: str, challenge: str, back: str) -> str:
        """Their page."""
        told = {
            "response_type": "code",
            "client_id": self.place.client_id,
            "redirect_uri": back,
            "scope": _SCOPES,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return page_of(self.place.site, "/oauth/authorize", told)

    def traded(self, code: str, *, verifier: str, back: str, at: datetime) -> Tokens:
        """The code is good once."""
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        return tokens_of(self._posted("/oauth/token", told), at=at)

    def renewed(self, tokens: Tokens, *, at: datetime) -> Tokens:
        """With the refresh token, which is used up by it."""
        told = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return tokens_of(self._posted("/oauth/token", told), at=at, before=tokens)

    def answers(self, tokens: Tokens, *, since: date, until: date) -> list[tuple[Format, bytes]]:
        """Days, nights, workouts and heart rates. Days are asked until the one after: its end is not in."""
        after = until + timedelta(days=1)
        days = [("start_date", since.isoformat()), ("end_date", after.isoformat())]
        moments = [("start_datetime", f"{since}T00:00:00+00:00"), ("end_datetime", f"{after}T00:00:00+00:00")]
        kinds = [*((kind, days) for kind in _BY_DAY), ("heartrate", moments)]
        found, refused = list[tuple[Format, bytes]](), list[Exception]()
        for kind, query in kinds:
            try:
                found += [(FORMAT, page) for page in self._pages(kind, query, tokens)]
            except (NotLet, Withheld) as fault:
                refused.append(fault)
        # On Oura's page one may leave out a kind; only where all are refused has the tie ended, or rests.
        if len(refused) == len(kinds):
            raise refused[0]
        return found

    def let_go(self, tokens: Tokens) -> None:
        """The token goes in the body (RFC 7009 §2.1): addresses are written down on their way."""
        self._posted("/oauth/revoke", {"token": tokens.access, "access_token": tokens.access}, within=BRIEFLY)

    def _pages(self, kind: str, query: list[tuple[str, str]], tokens: Tokens) -> list[bytes]:
        url, found, next_page = f"{self.place.api}/v2/usercollection/{kind}", list[bytes](), ""
        while len(found) < _MOST_PAGES:
            answer = asked(url, tokens.access, query=[*query, *([("next_token", next_page)] if next_page else [])])
            told = answer.told()
            if not isinstance(told.get("data"), list):
                raise NoAnswer
            found.append(answer.body)
            next_page = str(told.get("next_token") or "")
            if not next_page:
                break
        return found

    def _posted(self, path: str, told: dict[str, str], *, within: float = 20.0) -> Answer:
        place = self.place
        form = {**told, "client_id": place.client_id, "client_secret": place.secret}
        return called("POST", f"{place.tokens}{path}", headers={}, form=form, within=within)


OURA = Oura("oura", "Oura", days=28)
