"""Inputs that changing good files brought up, so that each stays mended."""

import io
import json
import zipfile

import pytest

from datasources.wearables.points import Measure
from demo.watches import EXPORTS
from tests.watches.reading import DAYS, taken


def _garmin(**told: object) -> bytes:
    activity = {"activityType": "running", "beginTimestamp": 1774724400000.0, "duration": 2160000.0, **told}
    return json.dumps([{"summarizedActivitiesExport": [activity]}]).encode()


@pytest.mark.security("B21")
@pytest.mark.parametrize("local", [10.0, 1e30, 1774724400000.0 + 25 * 3600 * 1000])
def test_a_local_time_that_no_place_has_is_passed_over(local: float) -> None:
    [figure] = taken(_garmin(startTimeLocal=local)).figures
    assert (figure.measure, figure.value) == (Measure.WORKOUT, 36)


def test_a_file_without_a_name_in_an_archive_is_a_file() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive, archive.open(zipfile.ZipInfo(""), "w") as nameless:
        nameless.write(EXPORTS["gpx"](DAYS))
    assert taken(whole.getvalue()).report.formats == ("GPX",)
