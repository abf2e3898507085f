"""The city's staff provider."""

from portal.people.citystaff.adapter import CityStaffAdapter
from portal.people.suomifi.provider import SuomiFiProvider


class CityStaffProvider(SuomiFiProvider):
    """Sends departments, groups and the identity code, so that one's own, family's and colleagues' data are known."""

    id = "citystaff"
    name = "City staff"
    oauth2_adapter_class = CityStaffAdapter


provider_classes = [CityStaffProvider]
