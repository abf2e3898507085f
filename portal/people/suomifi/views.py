"""Two addresses: off to the identity service, and back."""

from typing import Any

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.keys.signing import public_keys
from portal.people.suomifi.adapter import SuomiFiAdapter


class SuomiFiCallbackView(OAuth2CallbackView):
    """Gives the adapter the nonce that this very sign-in was started with."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


oauth2_login = OAuth2LoginView.adapter_view(SuomiFiAdapter)
oauth2_callback = never_cache(SuomiFiCallbackView.adapter_view(SuomiFiAdapter))


@require_GET
def login_keys(request: HttpRequest) -> HttpResponse:
    """Our public keys, which the identity service fetches: one we sign with, one it encrypts to."""
    return JsonResponse({"keys": public_keys("login", "login_encryption")})
