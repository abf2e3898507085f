"""Off to the city's staff provider, and back."""

from portal.people.citystaff.adapter import CityStaffAdapter
from portal.people.suomifi.views import callback_view, login_view

oauth2_login = login_view(CityStaffAdapter)
oauth2_callback = callback_view(CityStaffAdapter)
