"""The provider: what leaves for the identity service is a signed request object and nothing in clear."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import AuthProcess, ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from portal.i18n.languages import language_now
from portal.people.suomifi.adapter import SuomiFiAdapter
from portal.people.suomifi.requests import request_object


def _text(part: str | bytes) -> str:
    """Allauth makes one half of PKCE as bytes."""
    return part.decode() if isinstance(part, bytes) else part


class SuomiFiProvider(OAuth2Provider):
    """Authorization code with PKCE, state, nonce and a signed request object (FTN profile; RFC 9101, RFC 7636)."""

    id = "suomifi"
    name = "Suomi.fi"
    account_class = ProviderAccount
    oauth2_adapter_class = SuomiFiAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Off to the identity service; nonce and code verifier wait in the session's state."""
        adapter = self.oauth2_adapter_class(request)
        pkce = generate_code_challenge()
        nonce = secrets.token_urlsafe(24)
        # Whatever `process` the form asked for: signing in is the only one there is.
        again = request.POST.get("again") == "1"
        kept = {"pkce_code_verifier": _text(pkce["code_verifier"]), "nonce": nonce, "again": again}
        state = self.stash_redirect_state(request, AuthProcess.LOGIN, next_url, data, **kept)
        claims = {
            "client_id": self.app.client_id,
            "redirect_uri": adapter.get_callback_url(request, self.app),
            "response_type": "code",
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _text(pkce["code_challenge"]),
            "code_challenge_method": "S256",
            "acr_values": " ".join(self.app.settings["acr"]),
            "ui_locales": language_now(),
            # Who is to prove once more who they are is asked, even where the service knows them still.
            **({"prompt": "login"} if again else {}),
        }
        query = {
            "client_id": self.app.client_id,
            "response_type": "code",
            "scope": "openid",
            "request": request_object(claims, audience=self.app.settings["issuer"]),
        }
        return HttpResponseRedirect(f"{adapter.authorize_url}?{urlencode(query)}")

    def extract_uid(self, data: dict[str, str]) -> str:
        """A keyed digest: the identity code is never an account's id."""
        return data["uid"]

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """Nothing is kept: allauth would store the claims in clear."""
        return {}

    def extract_common_fields(self, data: dict[str, str]) -> dict[str, str]:
        """No names on a log-in."""
        return {}

    def extract_email_addresses(self, data: dict[str, str]) -> list[EmailAddress]:
        """No e-mail on a log-in; it stands sealed on the person."""
        return []


provider_classes = [SuomiFiProvider]
