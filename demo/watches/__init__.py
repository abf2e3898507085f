"""Exports as watches and phones make them, of made-up days: `EXPORTS` gives bytes for each maker.

`python -m demo.watches apple export.zip 30` writes one of thirty days.
"""

from collections.abc import Callable, Sequence

from demo.watches.apple import apple_export
from demo.watches.fit import fit_activity
from demo.watches.garmin import garmin_export
from demo.watches.life import Day, days
from demo.watches.others import fitbit_export, google_fit_export, oura_export, polar_export, samsung_export
from demo.watches.tracks import gpx_track, tcx_activity

EXPORTS: dict[str, Callable[[Sequence[Day]], bytes]] = {
    "apple": apple_export,
    "fit": fit_activity,
    "fitbit": fitbit_export,
    "garmin": garmin_export,
    "google_fit": google_fit_export,
    "gpx": gpx_track,
    "oura": oura_export,
    "polar": polar_export,
    "samsung": samsung_export,
    "tcx": tcx_activity,
}

__all__ = ["EXPORTS", "Day", "apple_export", "days", "fit_activity"]
