"""Routes of made-up exports: told by each format that has them, thinned without leaving the line, drawn and written."""

import io
import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from datasources.wearables.points import Device, RouteLeft
from datasources.wearables.routes.drawing import sketch_of
from datasources.wearables.routes.gathering import MOST_PLACES, Gathered, Gatherer
from datasources.wearables.routes.gpx import gpx_of
from datasources.wearables.routes.measuring import between, ends_of, kilometres_of, on_ground
from datasources.wearables.routes.shapes import Place, Route, unpacked
from datasources.wearables.routes.thinning import TOLERANCE, Thinning
from datasources.wearables.troubles import Unusable
from demo.watches import EXPORTS
from demo.watches.garmin import packed as archive
from portal.pages.route_pictures import route_svg
from tests.watches.reading import DAYS, HERE

BEGAN = datetime(2026, 5, 4, 8, tzinfo=UTC)
RUNS = [day.run for day in DAYS if day.run]
# As many routes as the maker's export tells.
TELL = {"apple": 2, "fit": 1, "garmin": 2, "gpx": 1, "polar": 2, "samsung": 2, "tcx": 1}


def gathered_from(content: bytes, *, wanted: bool = True) -> Gatherer:
    routes = Gatherer(wanted=wanted)
    list(read(io.BytesIO(content), Collector(HERE, routes=routes)))
    return routes


def whole(each: Gathered) -> Route:
    return Route(each.told, unpacked(each.body))


def only(content: bytes) -> Route:
    [found] = gathered_from(content).gathered()
    return whole(found)


def track(*points: str, more: str = "") -> bytes:
    """A GPX of one piece; each point as `lat lon`, or `lat lon seconds`."""
    told = []
    for latitude, longitude, *seconds in (each.split() for each in points):
        time = f"<time>{BEGAN + timedelta(seconds=int(seconds[0])):%Y-%m-%dT%H:%M:%SZ}</time>" if seconds else ""
        told.append(f'<trkpt lat="{latitude}" lon="{longitude}">{time}</trkpt>')
    return f'<gpx creator="Kello"><trk><trkseg>{"".join(told)}</trkseg>{more}</trk></gpx>'.encode()


def walked(*steps: tuple[float, float], seconds: int = 1) -> Route:
    """From 60 N 24 E on, by metres to the east and north."""
    routes = Gatherer(wanted=True)
    routes.begin()
    latitude, longitude = 60.0, 24.0
    for number, (east, north) in enumerate([(0, 0), *steps]):
        latitude += north / 111_195
        longitude += east / 111_195 / math.cos(math.radians(latitude))
        routes.place(latitude, longitude, BEGAN + timedelta(seconds=number * seconds))
    routes.end("Kello", Device.WATCH)
    [found] = routes.gathered()
    return whole(found)


@pytest.mark.parametrize("maker", EXPORTS)
def test_a_route_is_told_by_the_formats_that_have_it_and_kept_only_where_it_is_wanted(maker: str) -> None:
    routes, dropped = gathered_from(EXPORTS[maker](DAYS)), gathered_from(EXPORTS[maker](DAYS), wanted=False)
    count = TELL.get(maker, 0)
    assert (routes.found, dropped.found, list(dropped.gathered())) == (count, count, [])
    assert dropped.counts().left == ({RouteLeft.NOT_WANTED: count} if count else {})
    for run, route in zip(RUNS, map(whole, routes.gathered()), strict=False):
        assert (route.told.begun_at, abs(route.told.metres - run.metres) <= 4) == (run.begins_at, True)
        assert abs((route.told.seconds or 0) - run.minutes * 60) <= 1
        # A loop by the shore.
        first = [round(degrees, 3) for degrees in next(route.places)[:2]]
        assert (first, ends_of(route).metres < 5) == ([60.148, 24.745], True)


def test_apples_export_tells_what_measured_the_route_that_stands_beside_it() -> None:
    sources = {(each.told.source, each.told.device) for each in gathered_from(EXPORTS["apple"](DAYS)).gathered()}
    assert sources == {("Ainon Apple\N{NO-BREAK SPACE}Watch".replace("\N{NO-BREAK SPACE}", " "), Device.WATCH)}


def test_what_cannot_be_is_left_out_and_counted() -> None:
    routes = gathered_from(track("91 24 0", "nan 24 1", "60 24 2", "60 181 3", "60.01 24 4", "x 24 5", "60.02 24 6"))
    [found] = routes.gathered()
    assert ([round(place.latitude, 2) for place in whole(found).places][::2], routes.places_left) == ([60.0, 60.02], 4)


@pytest.mark.parametrize(
    "content",
    [track("91 24 0", "nan 24 1"), track("60 24 0"), track("60 24 0", "60 24 9")],
)
def test_what_goes_nowhere_is_no_route(content: bytes) -> None:
    assert gathered_from(content).counts().left == {RouteLeft.NO_PLACES: 1}


def test_a_route_without_times_is_kept_without_times() -> None:
    route = only(track("60 24", "60.01 24", "60.01 24.01"))
    assert (route.told.begun_at, route.told.seconds, {place.seconds for place in route.places}) == (None, None, {None})
    assert {each.until for each in kilometres_of(route)} == {None}


def test_a_time_that_goes_back_is_dropped_and_its_place_stays() -> None:
    route = only(track("60 24 100", "60.01 24 160", "60.02 24.01 130", "60.03 24 220"))
    assert [place.seconds for place in route.places] == [0, 60, None, 120]
    backwards = only(track("60 24 100", "60.01 24 50", "60.02 24.01 0"))
    assert (backwards.told.begun_at, backwards.told.seconds) == (BEGAN, 100)
    assert [place.seconds for place in backwards.places] == [100, None, None]


def test_between_two_pieces_nobody_knows_the_way() -> None:
    more = '<trkseg><trkpt lat="60.5" lon="24"/><trkpt lat="60.51" lon="24"/></trkseg>'
    route = only(track("60 24 0", "60.01 24 60", more=more))
    assert ([len(piece) for piece in route.pieces], 2200 < route.told.metres < 2250) == ([2, 2], True)


def test_a_route_that_breaks_off_is_as_long_as_it_was_read() -> None:
    content = EXPORTS["gpx"](DAYS)
    half = only(content[: len(content) // 2])
    assert 0.3 * RUNS[0].metres < half.told.metres < 0.6 * RUNS[0].metres


def test_a_file_with_nothing_but_a_route_is_refused_where_it_is_not_wanted() -> None:
    content = track("60 24 0", "60.01 24 60").replace(b'"Kello"', b'"Apple Health Export"')
    assert gathered_from(content).found == 1
    with pytest.raises(Unusable, match="nothing_found"):
        gathered_from(content, wanted=False)


def test_a_million_places_take_the_memory_of_those_that_stay() -> None:
    routes = Gatherer(wanted=True)
    routes.begin()
    for number in range(1_000_000):
        # Up and down by more than may be left out: nothing of it is straight.
        routes.place(60 + number % 2 / 1000, 24 + number / 100_000, BEGAN)
    routes.end("Kello", Device.WATCH)
    assert (routes.counts().left, list(routes.gathered())) == ({RouteLeft.TOO_LONG: 1}, [])
    assert MOST_PLACES < 1_000_000


_STEPS = st.lists(st.tuples(st.floats(-40, 40), st.floats(-40, 40)), min_size=2, max_size=120)


# Eight metres out, back and three metres to the other side.
@example([(0, 0), (-8, 0), (11, 0)])
@given(_STEPS)
def test_what_was_left_out_lies_within_five_metres_of_the_line(steps: list[tuple[float, float]]) -> None:
    thinning, latitude, longitude, places = Thinning(), 60.0, 24.0, []
    for number, (east, north) in enumerate(steps):
        latitude, longitude = latitude + north / 111_195, longitude + east / 55_600
        places.append(Place(latitude, longitude, 0, number))
        thinning.add(places[-1])
    stay = thinning.end()
    assert (stay[0], stay[-1]) == (places[0], places[-1])
    for one, other in pairwise(stay):
        between_them = places[places.index(one) : places.index(other) + 1]
        assert max(_away(place, one, other) for place in between_them) <= TOLERANCE * 1.5


def _away(place: Place, one: Place, other: Place) -> float:
    """Metres from the straight way between two places."""
    east, north = on_ground(one[:2], place.latitude, place.longitude)
    to_east, to_north = on_ground(one[:2], other.latitude, other.longitude)
    length = to_east**2 + to_north**2
    share = min(max((east * to_east + north * to_north) / length, 0), 1) if length else 0
    return math.hypot(east - share * to_east, north - share * to_north)


def test_a_straight_way_keeps_few_places_and_each_kilometre_has_its_time() -> None:
    route = walked(*[(0.0, 3.0)] * 1000, seconds=2)
    assert len(list(route.places)) < 50
    told = [(each.number, each.metres, round(each.until or 0, -1)) for each in kilometres_of(route)]
    assert told == [(1, 1000, 670), (2, 1000, 1330), (3, 1000, 2000)]


@pytest.mark.parametrize(
    ("steps", "direction"), [((0, 900), 0), ((900, 900), 1), ((900, 0), 2), ((0, -900), 4), ((-900, 0), 6)]
)
def test_where_it_ends_is_told_from_where_it_began(steps: tuple[int, int], direction: int) -> None:
    assert ends_of(walked(steps)).direction == direction


@pytest.mark.parametrize("number", [3, 20_000])
def test_a_picture_is_small_and_carries_no_style_and_nothing_fetched(number: int) -> None:
    route = walked(*[(8.0 * math.cos(each / 9), 8.0 * math.sin(each / 7)) for each in range(number)])
    picture = route_svg(sketch_of(route), title="<b>&")
    assert (len(picture) <= 15_000, "style" in picture, "<b>" in picture, "href" in picture) == (True, *[False] * 3)


def test_a_line_over_the_line_of_dates_is_drawn_in_one_piece() -> None:
    route = only(track("10 179.99 0", "10 -179.99 60", "10.01 -179.98 90"))
    assert (sketch_of(route).metres, 2000 < route.told.metres < 3800) == (1000, True)


def test_the_file_to_keep_is_gpx_and_gives_the_same_route_again() -> None:
    route = only(EXPORTS["tcx"](DAYS))
    content = gpx_of(route, creator='Oma "<data>"')
    root = etree.fromstring(content)
    assert (root.get("version"), root.tag, root.get("creator")) == (
        *("1.1", "{http://www.topografix.com/GPX/1/1}gpx"),
        'Oma "<data>"',
    )
    again = only(content)
    assert [place[:2] for place in again.places] == [place[:2] for place in route.places]
    assert (again.told.begun_at, again.told.seconds) == (route.told.begun_at, route.told.seconds)


def test_polars_export_tells_a_route_in_the_local_time_of_its_training() -> None:
    [first, *_] = gathered_from(EXPORTS["polar"](DAYS)).gathered()
    assert first.told.begun_at == RUNS[0].begins_at


def test_exports_in_one_archive_tell_all_their_routes() -> None:
    both = archive({"a.gpx": EXPORTS["gpx"](DAYS), "b.fit": EXPORTS["fit"](DAYS), "c.zip": EXPORTS["polar"](DAYS)})
    assert gathered_from(both).found == 4


def test_metres_along_the_surface() -> None:
    assert round(between((60.0, 24.0), (60.0, 25.0))) == 55_597
