"""A route in words: when, how long, how far, where it ends; and what became of the routes of a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from datasources.wearables.points import RouteCounts, RouteLeft
from datasources.wearables.routes.measuring import KILOMETRE, ends_of, kilometres_of
from datasources.wearables.routes.shapes import Route, Told
from portal.i18n.dates import moment_text
from portal.pages.measured import DEVICES, whole_text

_NBSP = "\N{NO-BREAK SPACE}"
_MINUTE, _HOUR = 60, 3600
# Nearer than this a watch does not know where it is.
_SAME_PLACE = 50
# From north over east; `ends_of` counts so.
_ENDS: tuple[str | Promise, ...] = (
    _("It ends %(distance)s to the north of where it began."),
    _("It ends %(distance)s to the north-east of where it began."),
    _("It ends %(distance)s to the east of where it began."),
    _("It ends %(distance)s to the south-east of where it began."),
    _("It ends %(distance)s to the south of where it began."),
    _("It ends %(distance)s to the south-west of where it began."),
    _("It ends %(distance)s to the west of where it began."),
    _("It ends %(distance)s to the north-west of where it began."),
)
_LEFT: Mapping[RouteLeft, str | Promise] = {
    RouteLeft.NOT_WANTED: _("Left out, because you did not ask for them"),
    RouteLeft.NO_PLACES: _("Left out: without a way from one place to another"),
    RouteLeft.WRONG_TIME: _("Left out: their times cannot be right"),
    RouteLeft.TOO_LONG: _("Left out: longer than can be kept"),
    RouteLeft.TOO_MANY: _("Left out: you have as many routes here as can be kept. Delete some to keep others."),
}


@dataclass(frozen=True)
class KilometreTold:
    """A row of the table: up to where, when after the beginning, how long it took."""

    until: str
    at: str
    took: str


def when_text(told: Told) -> str:
    """When it began, by the clock here."""
    return moment_text(told.begun_at) if told.begun_at else gettext("Time not known")


def length_text(metres: float) -> str:
    """430 m · 5,2 km · 6 km."""
    if metres < KILOMETRE:
        return f"{round(metres)}{_NBSP}m"
    if metres % KILOMETRE == 0:
        return f"{whole_text(metres / KILOMETRE)}{_NBSP}km"
    return f"{number_format(metres / KILOMETRE, 1, use_l10n=True)}{_NBSP}km"


def clock_text(seconds: float) -> str:
    """45 s · 5 min 57 s · 1 h 4 min 10 s."""
    hours, rest = divmod(round(seconds), _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    parts = [(hours, "h"), (minutes, "min"), (left, "s")]
    return _NBSP.join(f"{number}{_NBSP}{unit}" for number, unit in parts if number) or f"0{_NBSP}s"


def facts_of(told: Told) -> str:
    """Length, duration and what measured it, for a list."""
    duration = [clock_text(told.seconds)] if told.seconds else []
    return " · ".join([length_text(told.metres), *duration, source_text(told)])


def source_text(told: Told) -> str:
    """What measured it."""
    return f"{told.source} ({DEVICES[told.device]})"


def went(told: Told) -> str:
    """The finding."""
    length = length_text(told.metres)
    if not told.seconds:
        return gettext("You went %(length)s.") % {"length": length}
    return gettext("You went %(length)s in %(time)s.") % {"length": length, "time": clock_text(told.seconds)}


def end_text(route: Route) -> str:
    """Where it ends, seen from where it began: in words for whoever does not see the line."""
    ends = ends_of(route)
    if ends.metres < _SAME_PLACE:
        return gettext("It ends where it began.")
    return str(_ENDS[ends.direction]) % {"distance": length_text(ends.metres)}


def kilometres_told(route: Route) -> list[KilometreTold]:
    """Empty where the file tells no times."""
    found, gone = [], 0
    for each in kilometres_of(route):
        gone += each.metres
        if each.until is not None and each.took is not None:
            found.append(KilometreTold(length_text(gone), clock_text(each.until), clock_text(each.took)))
    return found


def routes_said(counts: RouteCounts) -> str:
    """What became of the routes of a file, in a sentence or two; empty where it told none."""
    said = []
    if counts.kept:
        kept = ngettext("%(n)s route was kept for you.", "%(n)s routes were kept for you.", counts.kept)
        said.append(kept % {"n": whole_text(counts.kept)})
    if left := sum(counts.left.values()):
        dropped = ngettext("%(n)s route was left out.", "%(n)s routes were left out.", left)
        said.append(dropped % {"n": whole_text(left)})
    return " ".join(said)


def route_counts(counts: RouteCounts) -> list[tuple[str | Promise, str]]:
    """(what became of them, how many); the first is the sum of the others but the last, which is of places."""
    rows: list[tuple[str | Promise, int]] = [
        (gettext("Routes in the file"), counts.found),
        (gettext("Kept for you"), counts.kept),
        (gettext("Were here before"), counts.merged),
        *((_LEFT[why], counts.left[why]) for why in RouteLeft if why in counts.left),
        (gettext("Places on the routes that cannot be, left out"), counts.places_left),
    ]
    return [(words, whole_text(number)) for words, number in rows if number]
