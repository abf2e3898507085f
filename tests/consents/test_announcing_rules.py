"""What a department may hear of a change of an answer, and what its systems must act on."""

import pytest

from consents.enums import AnnouncementKind as K
from consents.enums import ConsentState as S
from consents.rules.announcing import Cover, announced

ALL, SOME = ("a.x", "a.y"), ("a.x",)


@pytest.mark.parametrize("before", [None, S.REQUESTED, S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED, S.PENDING])
@pytest.mark.parametrize("after", [S.REQUESTED, S.REFUSED, S.PENDING, S.EXPIRED, S.SUPERSEDED, S.TERMINATED])
def test_of_what_was_not_on_nothing_is_told(before: S | None, after: S) -> None:
    assert announced(Cover(before, ()) if before else None, Cover(after, ())) is None


@pytest.mark.parametrize("before", [None, S.REQUESTED, S.PENDING, S.WITHDRAWN])
def test_a_first_yes_is_told_and_asks_for_nothing(before: S | None) -> None:
    told = announced(Cover(before, ()) if before else None, Cover(S.GIVEN, ALL))
    assert told is not None
    assert (told.kind, told.must_act) == (K.GIVEN, False)


@pytest.mark.parametrize("before", [S.GIVEN, S.SUSPENDED])
@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (S.WITHDRAWN, K.WITHDRAWN),
        (S.REFUSED, K.WITHDRAWN),
        (S.EXPIRED, K.EXPIRED),
        (S.SUPERSEDED, K.SUPERSEDED),
        (S.REQUESTED, K.SUPERSEDED),
        (S.PENDING, K.SUPERSEDED),
        (S.SUSPENDED, K.RESTRICTED),
        (S.TERMINATED, K.TERMINATED),
    ],
)
def test_every_end_of_a_yes_is_told_and_must_be_acted_on(before: S, after: S, kind: K) -> None:
    told = announced(Cover(before, ALL), Cover(after, ()))
    assert told is not None
    assert (told.kind, told.must_act) == (kind, True)


@pytest.mark.parametrize(
    ("before", "was", "now", "kind", "must_act"),
    [
        (S.GIVEN, ALL, ALL, K.RENEWED, False),
        (S.GIVEN, SOME, ALL, K.CHANGED, False),
        (S.GIVEN, ALL, SOME, K.CHANGED, True),
        (S.SUSPENDED, ALL, ALL, K.RESUMED, False),
        (S.SUSPENDED, ALL, SOME, K.RESUMED, True),
    ],
)
def test_a_yes_that_covers_less_must_be_acted_on(
    before: S, was: tuple[str, ...], now: tuple[str, ...], kind: K, must_act: bool
) -> None:
    told = announced(Cover(before, was), Cover(S.GIVEN, now))
    assert told is not None
    assert (told.kind, told.must_act) == (kind, must_act)
