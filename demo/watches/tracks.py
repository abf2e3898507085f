"""TCX and GPX of one run."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from demo.watches.life import Day, Run
from demo.watches.ways import Step, way


def _seconds(run: Run) -> Iterator[tuple[Step, int]]:
    """(place, heart rate)."""
    for step in way(run):
        yield step, 130 + int((step.at - run.begins_at).total_seconds()) % 30


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def tcx_activity(days: Sequence[Day]) -> bytes:
    """As Garmin Connect writes it, of the first run: a mark at the beginning, a line before the declaration."""
    run = next(day.run for day in days if day.run)
    points = "".join(
        f"<Trackpoint><Time>{_iso(step.at)}</Time><Position><LatitudeDegrees>{step.latitude:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{step.longitude:.7f}</LongitudeDegrees></Position><DistanceMeters>{step.metres:.1f}"
        f"</DistanceMeters><HeartRateBpm><Value>{beats}</Value></HeartRateBpm><Extensions><ns3:TPX><ns3:Speed>2.9"
        "</ns3:Speed></ns3:TPX></Extensions></Trackpoint>\n"
        for step, beats in _seconds(run)
    )
    begin = _iso(run.begins_at)
    return (
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">\n'
        f'<Activities><Activity Sport="Running"><Id>{begin}</Id><Lap StartTime="{begin}">'
        f"<TotalTimeSeconds>{run.minutes * 60}.0</TotalTimeSeconds><DistanceMeters>{run.metres}.0</DistanceMeters>"
        f"<Calories>300</Calories><Track>\n{points}</Track></Lap>"
        "<Creator><Name>Forerunner 245</Name></Creator></Activity></Activities></TrainingCenterDatabase>\n"
    ).encode()


def gpx_track(days: Sequence[Day]) -> bytes:
    """Of the first run."""
    run = next(day.run for day in days if day.run)
    points = "".join(
        f'<trkpt lat="{step.latitude:.9f}" lon="{step.longitude:.9f}"><ele>10</ele><time>{_iso(step.at)}</time>'
        f"<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>{beats}</gpxtpx:hr></gpxtpx:TrackPointExtension>"
        "</extensions></trkpt>\n"
        for step, beats in _seconds(run)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="StravaGPX" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<metadata><time>{_iso(run.begins_at)}</time></metadata><trk><name>Iltalenkki</name><type>running</type>"
        f"<trkseg>\n{points}</trkseg></trk></gpx>\n"
    ).encode()
