"""Which makers there are, and which of them this city has an agreement with."""

from datasources.wearables.makers.maker import Maker
from datasources.wearables.makers.oura import OURA
from datasources.wearables.makers.polar import POLAR

MAKERS: dict[str, Maker] = {each.name: each for each in (OURA, POLAR)}


def offered() -> list[Maker]:
    """Those whose client id and secret are set."""
    return [each for each in MAKERS.values() if each.place.client_id and each.place.secret]
