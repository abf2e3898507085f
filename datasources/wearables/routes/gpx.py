"""A route as a file to keep: GPX 1.1, https://www.topografix.com/GPX/1/1/."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from datasources.wearables.routes.shapes import Place, Route

TYPE = "application/gpx+xml"


def gpx_of(route: Route, *, creator: str) -> bytes:
    """One track, a segment a piece. `creator` is who writes it; `src` tells what measured it."""
    return "".join(_lines(route, creator)).encode()


def _lines(route: Route, creator: str) -> Iterator[str]:
    begun_at = route.told.begun_at
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" '
        f'creator={quoteattr(creator)} xmlns="http://www.topografix.com/GPX/1/1">\n'
    )
    if begun_at:
        yield f"<metadata><time>{_moment(begun_at)}</time></metadata>\n"
    yield f"<trk><src>{escape(route.told.source)}</src>\n"
    for piece in route.pieces:
        yield "<trkseg>\n"
        yield from (_point(place, begun_at) for place in piece)
        yield "</trkseg>\n"
    yield "</trk></gpx>\n"


def _point(place: Place, begun_at: datetime | None) -> str:
    told = f'<trkpt lat="{place.latitude:.6f}" lon="{place.longitude:.6f}"'
    if begun_at is None or place.seconds is None:
        return f"{told}/>\n"
    return f"{told}><time>{_moment(begun_at + timedelta(seconds=place.seconds))}</time></trkpt>\n"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
