"""Which source is believed where several measured the same time."""

from collections.abc import Sequence

from datasources.wearables.points import Device

# Names of sources and kinds of devices, the most believed first; what is not named comes after, watches before phones.
Priority = Sequence[str]
DEFAULT: tuple[Device, ...] = (Device.WATCH, Device.OTHER, Device.PHONE)


def rank(source: str, device: str, priority: Priority, *, by_hand: bool) -> tuple[bool, int, int, str]:
    """The lower, the more believed; never the same for two sources. What was measured comes before what was written."""
    named = [place for place, word in enumerate(priority) if word in (source, device)]
    return by_hand, named[0] if named else len(priority), DEFAULT.index(Device(device)), source
