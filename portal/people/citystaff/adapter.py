"""The calls behind the staff's redirect."""

from django.conf import settings

from portal.people.suomifi.adapter import SuomiFiAdapter


class CityStaffAdapter(SuomiFiAdapter):
    """Comes back to the staff's door."""

    provider_id = "citystaff"

    def public_url(self) -> str:
        """The staff's address."""
        return str(settings.STAFF_URL)
