"""Every format that can be read."""

from datasources.wearables.formats.apple.format import APPLE
from datasources.wearables.formats.fit.format import FIT
from datasources.wearables.formats.fitbit.format import FITBIT
from datasources.wearables.formats.garmin.format import GARMIN
from datasources.wearables.formats.google_fit.format import GOOGLE_FIT
from datasources.wearables.formats.gpx.format import GPX
from datasources.wearables.formats.oura.format import OURA
from datasources.wearables.formats.polar.format import POLAR
from datasources.wearables.formats.samsung.format import SAMSUNG
from datasources.wearables.formats.tcx.format import TCX

FORMATS = (APPLE, FIT, TCX, GPX, FITBIT, GARMIN, GOOGLE_FIT, SAMSUNG, OURA, POLAR)
