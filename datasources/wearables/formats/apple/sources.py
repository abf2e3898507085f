"""What measured something, as an export names it."""

from datasources.wearables.collecting import shown
from datasources.wearables.points import Device


def named(source: str, device: str) -> tuple[str, Device]:
    """The device is written out as `<<HKDevice: 0x2>, name:Apple Watch, ...>`; older records have none."""
    told = device or source
    kind = Device.WATCH if "Watch" in told else Device.PHONE if "iPhone" in told or "iPod" in told else Device.OTHER
    return shown(source) or "Apple Health", kind
