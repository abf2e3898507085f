"""What a department's systems are to hear of a change, and whether they must say that they acted on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from consents.enums import AnnouncementKind, ConsentState

# Systems act on what ended within a week; after that the city's staff asks them.
ACT_WITHIN = timedelta(days=7)

_RELIED_ON = {ConsentState.GIVEN, ConsentState.SUSPENDED}
# How it looks outside that a yes is no more: a no to the next text is a yes taken back, like any other.
_ENDS: Mapping[ConsentState, AnnouncementKind] = {
    ConsentState.WITHDRAWN: AnnouncementKind.WITHDRAWN,
    ConsentState.REFUSED: AnnouncementKind.WITHDRAWN,
    ConsentState.EXPIRED: AnnouncementKind.EXPIRED,
    ConsentState.SUPERSEDED: AnnouncementKind.SUPERSEDED,
    ConsentState.REQUESTED: AnnouncementKind.SUPERSEDED,
    ConsentState.PENDING: AnnouncementKind.SUPERSEDED,
    ConsentState.SUSPENDED: AnnouncementKind.RESTRICTED,
    ConsentState.TERMINATED: AnnouncementKind.TERMINATED,
}


@dataclass(frozen=True)
class Cover:
    """A permission at one moment: its state, and the `dataset.field` names that it covers."""

    state: ConsentState
    fields: Collection[str]


@dataclass(frozen=True)
class Told:
    """`must_act`: something that a system may have relied on is gone."""

    kind: AnnouncementKind
    must_act: bool


def announced(before: Cover | None, after: Cover) -> Told | None:
    """None when a department may not know: a question, a no, and half a yes look like nothing at all outside."""
    was_on = before is not None and before.state in _RELIED_ON
    if after.state is ConsentState.GIVEN:
        return _of_a_yes(before if was_on else None, after)
    return Told(_ENDS[after.state], must_act=True) if was_on else None


def _of_a_yes(before: Cover | None, after: Cover) -> Told:
    if before is None:
        return Told(AnnouncementKind.GIVEN, must_act=False)
    less = not set(before.fields) <= set(after.fields)
    if before.state is ConsentState.SUSPENDED:
        return Told(AnnouncementKind.RESUMED, must_act=less)
    alike = set(before.fields) == set(after.fields)
    return Told(AnnouncementKind.RENEWED if alike else AnnouncementKind.CHANGED, must_act=less)
