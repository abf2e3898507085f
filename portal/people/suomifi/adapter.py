"""The calls behind the redirect: code for token, token for a person."""

from typing import Any

import httpx2
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.urls import reverse
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.keys.indexes import NotAnIdentityCode
from portal.people.behalf.sessions import keep_over_sign_in
from portal.people.codes import account_id
from portal.people.refusals import SignInRefused
from portal.people.session_secrets import keep_id_token
from portal.people.suomifi.requests import client_assertion
from portal.people.suomifi.tokens import Expected, TokenRefused, arrival, believed

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SECONDS = 10


class SuomiFiAdapter(OAuth2Adapter):
    """Refusals become SignInRefused, whose text is a slug and never a claim."""

    provider_id = "suomifi"
    nonce, again = "", False

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.issuer: str = self.get_provider().app.settings["issuer"]
        self.authorize_url = f"{self.issuer}/authorize"
        self.access_token_url = f"{self.issuer}/token"

    def public_url(self) -> str:
        """The door this provider belongs to."""
        return str(settings.PUBLIC_URL)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The one registered address: never built from the request's host."""
        return f"{self.public_url()}{reverse(f'{self.provider_id}_callback')}"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Trade the code; we prove who we are by a signed assertion."""
        form = {
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": self.get_callback_url(request, app),
            "code_verifier": pkce_code_verifier or "",
            "client_assertion_type": _ASSERTION,
            "client_assertion": client_assertion(app.client_id, audience=self.access_token_url),
        }
        try:
            answer = httpx2.post(self.access_token_url, data=form, timeout=_SECONDS)
            got = answer.json() if answer.is_success else {}
        except (httpx2.HTTPError, ValueError):
            raise SignInRefused("service-away") from None
        if not isinstance(got, dict) or not isinstance(got.get("id_token"), str):
            raise SignInRefused("code-refused")
        return {"id_token": got["id_token"]}

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Nothing is asked for with the access token, so it is not kept for a moment."""
        return SocialToken(token="")

    def _keys(self) -> KeySet:
        try:
            answer = httpx2.get(f"{self.issuer}/jwks", timeout=_SECONDS)
            return KeySet.import_key_set(answer.raise_for_status().json())
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError):
            raise SignInRefused("service-away") from None

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Check the ID token and hand on only a keyed digest; who it is waits on the request for the adapter."""
        id_token = kwargs["response"]["id_token"]
        expected = Expected(
            issuer=self.issuer,
            client_id=app.client_id,
            nonce=self.nonce,
            acr=tuple(app.settings["acr"]),
        )
        try:
            claims = believed(id_token, keys=self._keys(), expected=expected)
            came = arrival(claims)
            uid = account_id(self.provider_id, came.identity_code)
        except TokenRefused as refused:
            raise SignInRefused(str(refused)) from None
        except NotAnIdentityCode:
            raise SignInRefused("no-identity-code") from None
        request.arrival, request.claims = came, claims  # type: ignore[attr-defined]
        # Whoever was signed in in this browser is so no more; what is kept from here on is the newcomer's.
        if request.user.is_authenticated:
            if self.again:
                keep_over_sign_in(request)
            logout(request)
        keep_id_token(request, id_token)
        return self.get_provider().sociallogin_from_response(request, {"uid": uid})
