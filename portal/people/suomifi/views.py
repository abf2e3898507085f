"""Two addresses: off to the identity service, and back."""

from typing import Any

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.keys.signing import public_keys
from portal.people.suomifi.adapter import SuomiFiAdapter
from portal.people.throttle import View, limited


class SuomiFiLoginView(OAuth2LoginView):
    """Starts by POST only: a link from elsewhere must not sign anybody in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A GET leads to the page with the button."""
        if request.method != "POST":
            return redirect("start")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class SuomiFiCallbackView(OAuth2CallbackView):
    """Gives the adapter the nonce that this very sign-in was started with."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce, self.adapter.again = state.get("nonce", ""), state.get("again", False)
        return state, response


def login_view(adapter: type[SuomiFiAdapter]) -> View:
    """Off to the identity service of `adapter`."""
    return never_cache(limited("sign-in")(SuomiFiLoginView.adapter_view(adapter)))


def callback_view(adapter: type[SuomiFiAdapter]) -> View:
    """Back from it."""
    return never_cache(limited("callback")(SuomiFiCallbackView.adapter_view(adapter)))


oauth2_login = login_view(SuomiFiAdapter)
oauth2_callback = callback_view(SuomiFiAdapter)


@require_GET
def login_keys(request: HttpRequest) -> HttpResponse:
    """Our public keys, which the identity service fetches: one we sign with, one it encrypts to."""
    return JsonResponse({"keys": public_keys("login", "login_encryption")})
