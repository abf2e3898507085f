"""Off to the city's staff provider, and back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.views.decorators.cache import never_cache

from portal.people.citystaff.adapter import CityStaffAdapter
from portal.people.suomifi.views import SuomiFiCallbackView

oauth2_login = OAuth2LoginView.adapter_view(CityStaffAdapter)
oauth2_callback = never_cache(SuomiFiCallbackView.adapter_view(CityStaffAdapter))
