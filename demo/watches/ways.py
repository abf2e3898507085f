"""Where a made-up run went: a loop by the shore of Espoo. No road follows it, and nobody lives at its ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin

from demo.watches.life import Run

# Of a degree of latitude, on a sphere of the mean radius.
METRES_A_DEGREE = 111_194.93
_BEGIN = 60.1480, 24.7450
_WAVE, _WAVES = 0.6, 9


@dataclass(frozen=True)
class Step:
    """One place: when, where (degrees), how far since the beginning (metres)."""

    at: datetime
    latitude: float
    longitude: float
    metres: float


def way(run: Run, *, every: int = 10) -> Iterator[Step]:
    """A place every so many seconds; the straight ways between them come to the metres of the run."""
    length = run.minutes * 60
    latitude, longitude, before = *_BEGIN, 0.0
    for second in range(0, length + 1, every):
        metres = run.metres * second / length
        share, step = metres / run.metres, metres - before
        heading = 2 * pi * share + _WAVE * sin(2 * pi * _WAVES * share)
        middle = latitude + step * cos(heading) / METRES_A_DEGREE / 2
        latitude += step * cos(heading) / METRES_A_DEGREE
        longitude += step * sin(heading) / METRES_A_DEGREE / cos(radians(middle))
        before = metres
        yield Step(run.begins_at + timedelta(seconds=second), latitude, longitude, metres)


def gpx_of_way(run: Run, *, creator: str) -> str:
    """As phones write a route: places and times, and nothing else."""
    points = "".join(
        f'<trkpt lon="{each.longitude:.6f}" lat="{each.latitude:.6f}"><ele>3.1</ele><time>{each.at:%Y-%m-%dT%H:%M:%SZ}'
        "</time><extensions><speed>2.9</speed></extensions></trkpt>\n"
        for each in way(run)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="{creator}" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Route</name><trkseg>\n{points}</trkseg></trk></gpx>\n'
    )
