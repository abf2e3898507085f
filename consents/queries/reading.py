"""Reading purposes and answers. A read starts from the person; row security holds the same line below."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from msgspec import json

from consents.enums import Change, ConsentState, TextState
from consents.models import Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from consents.queries.gone import is_asked_for_what_is_gone, needs_what_is_gone
from consents.rules.acting import GUARDIAN, OWN
from consents.rules.deciding import ConsentFacts, Cover, PurposeFacts
from portal.walls import sent
from portal.walls.sql import theirs

_WITH_TEXT = ("purpose__department", "text")
# By the number that a person's id is: an id itself is looked up by a method of Python's, a thousand times a call.
Answered = dict[int, ConsentFacts]
ENDED = (ConsentState.WITHDRAWN, ConsentState.EXPIRED, ConsentState.SUPERSEDED, ConsentState.TERMINATED)

_YES = {ConsentState.GIVEN, ConsentState.PENDING, ConsentState.SUSPENDED}
_PEOPLE = {OWN, GUARDIAN, "adult-guardian", "continuing-power", "mandate"}

# Texts that ask for something else than the one a consent was given to.
_CHANGED = PurposeText.objects.filter(
    purpose=OuterRef("purpose"),
    version__gt=OuterRef("text__version"),
    published_at__isnull=False,
    change=Change.CHANGE,
)


def consents_of(person: UUID) -> QuerySet[Consent]:
    """Every current answer of this person, with purpose, recipient, the text it was given to, `asked_anew`, `gone`."""
    told = {"asked_anew": Exists(_CHANGED), "gone": needs_what_is_gone("purpose")}
    rows = Consent.objects.filter(person_id=person).select_related(*_WITH_TEXT).annotate(**told)
    # Questions asked in one moment keep their order from page to page.
    return rows.order_by("-requested_at", "purpose__slug")


def requests_waiting(person: UUID) -> QuerySet[Consent]:
    """Questions that wait for this person's answer."""
    return consents_of(person).filter(state=ConsentState.REQUESTED)


def events_of(consent: Consent) -> QuerySet[ConsentEvent]:
    """Every answer ever given to this question, oldest first, with its receipt where it has one."""
    return (
        ConsentEvent.objects.filter(consent=consent, person_id=consent.person_id)
        .select_related("text", "receipt")
        .defer("receipt__sealed")
        .order_by("number")
    )


def given_by(consent: Consent, *, before: ConsentEvent | None = None) -> tuple[str, frozenset[str]]:
    """(right, actors) of the yes that stands: of whoever made it complete, and everyone who said yes to it so far.

    What staff wrote down counts as said by whoever said it. `before`: of the yes that stood until this event. ("",
    nobody) when there is none.
    """
    events = ConsentEvent.objects.filter(consent=consent, person_id=consent.person_id)
    latest = list((events.filter(number__lt=before.number) if before else events).order_by("-number"))
    text = latest[0].text_id if before and latest else consent.text_id
    # Whatever ended it, a day or a job too, ends what was said before.
    of_this_yes = takewhile(lambda event: event.state in _YES and event.text_id == text, latest)
    spoken = ((event.said_right or event.actor_right, event.said_by or event.actor_id) for event in of_this_yes)
    said = [(right, actor) for right, actor in spoken if right in _PEOPLE]
    return (said[0][0], frozenset(actor for _, actor in said)) if said else ("", frozenset())


def is_handed_over(consent: Consent) -> bool:
    """A guardian said yes to what stands; whether the young person now decides is for the caller to know."""
    return given_by(consent)[0] == GUARDIAN


def text_to_answer(consent: Consent) -> PurposeText | None:
    """The published text of the question; none when it is no longer asked."""
    if is_gone(consent):
        return None
    return PurposeText.objects.filter(purpose=consent.purpose_id, state=TextState.PUBLISHED).first()


def is_gone(consent: Consent) -> bool:
    """The purpose needs data that no register holds any more."""
    known = getattr(consent, "gone", None)
    return is_asked_for_what_is_gone(consent.purpose_id) if known is None else bool(known)


def is_asked_anew(consent: Consent) -> bool:
    """The text was changed, not only made clearer, since the version that this answer is about."""
    if (known := getattr(consent, "asked_anew", None)) is not None:
        return bool(known)
    later = PurposeText.objects.filter(purpose=consent.purpose_id, version__gt=consent.text.version)
    return later.filter(published_at__isnull=False, change=Change.CHANGE).exists()


def asked_datasets(purpose: Purpose) -> QuerySet[PurposeDataset]:
    """Which data a purpose uses, with the fields' labels."""
    return (
        PurposeDataset.objects.filter(purpose=purpose)
        .select_related("dataset__register__department")
        .prefetch_related("dataset__fields")
    )


def may_be_given_in_part(purpose: Purpose) -> bool:
    """Some of its data may be left out."""
    return PurposeDataset.objects.filter(purpose=purpose).exclude(optional=[]).exists()


def purposes_by_law() -> QuerySet[Purpose]:
    """Published purposes that rest on law or contract: facts, not switches."""
    published = PurposeText.objects.filter(state=TextState.PUBLISHED)
    return (
        Purpose.objects.exclude(basis="a")
        .filter(closed_at=None, texts__state=TextState.PUBLISHED)
        .select_related("department")
        .prefetch_related(Prefetch("texts", queryset=published, to_attr="published"))
    )


def questions() -> list[tuple[Purpose, PurposeText]]:
    """Every purpose that rests on permission and is asked now, with its published text, by slug."""
    texts = PurposeText.objects.filter(state=TextState.PUBLISHED, purpose__basis="a", purpose__closed_at=None)
    return [(text.purpose, text) for text in texts.select_related("purpose__department").order_by("purpose__slug")]


# Calling an enum takes longer than all else that is done with a row.
_STATES = {state.value: state for state in ConsentState}
# What left the catalogue may be used by nobody, whatever was once allowed; mostly nothing has, which is soon seen.
_OF_PURPOSE = """
p.id, p.basis, d.slug AS recipient, p.closed_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM consents_purposetext t WHERE t.purpose_id = p.id AND t.state = 'published'
) AS closed, (
    SELECT jsonb_object_agg(s.slug, CASE WHEN NOT EXISTS (
        SELECT FROM datasources_field f WHERE f.dataset_id = s.id AND f.retired_at IS NOT NULL
    ) THEN pd.needed || pd.optional ELSE ARRAY(
        SELECT name FROM unnest(pd.needed || pd.optional) WITH ORDINALITY AS named (name, place)
        WHERE NOT EXISTS (
            SELECT FROM datasources_field f WHERE f.dataset_id = s.id AND f.slug = name AND f.retired_at IS NOT NULL
        ) ORDER BY place
    ) END)
    FROM consents_purposedataset pd JOIN datasources_dataset s ON s.id = pd.dataset_id
    WHERE pd.purpose_id = p.id AND s.retired_at IS NULL
)::text AS used
"""
_FROM_PURPOSE = "FROM consents_purpose p JOIN datasources_department d ON d.id = p.department_id WHERE p.slug = %s"
_COLUMNS = 4
# Texts whose yes a later text ended: it is none any more, however late the job.
_ENDED = """
ARRAY(SELECT w.id FROM consents_purposetext w WHERE w.purpose_id = p.id AND w.version < (
    SELECT max(t.version) FROM consents_purposetext t
    WHERE t.purpose_id = p.id AND t.old_answers = 'ended' AND t.published_at IS NOT NULL
)) AS ended
"""
# Whose: everyone whom the scope covers, and nobody else. Thousands answer in a few ways: one row a way, with everyone
# who answered so.
_WHO = "array_agg(c.person_id), array_agg(c.id), array_agg(c.valid_from), array_agg(c.valid_until)"
_ANSWERED = f"""
WITH asked AS MATERIALIZED (SELECT {_OF_PURPOSE}, {_ENDED} {_FROM_PURPOSE})
SELECT asked.basis, asked.recipient, asked.closed, asked.used, answered.* FROM asked LEFT JOIN LATERAL (
    SELECT CASE WHEN c.state = 'given' AND c.text_id = ANY (asked.ended) THEN 'superseded' ELSE c.state END,
           c.datasets, c.fields, {_WHO}
    FROM consents_consent c WHERE c.purpose_id = asked.id AND {theirs("c.person_id")} GROUP BY 1, 2, 3
) AS answered ON true
"""  # noqa: S608


def asked_and_answered(slug: str) -> Callable[[], tuple[PurposeFacts, Answered] | None]:
    """What reads the facts of a purpose, and the facts of those whom the scope covers and who were ever asked."""
    rows = sent(_ANSWERED, [slug], binary=True)

    def read() -> tuple[PurposeFacts, Answered] | None:
        found = rows()
        return (_purpose(slug, *found[0][:_COLUMNS]), _facts(row[_COLUMNS:] for row in found)) if found else None

    return read


def _purpose(slug: str, basis: str, recipient: str, closed: bool, fields: str | None) -> PurposeFacts:  # noqa: FBT001
    used = json.decode(fields or "{}", type=dict[str, tuple[str, ...]])
    return PurposeFacts(slug, basis, recipient, used, closed)


def _facts(rows: Iterable[tuple[Any, ...]]) -> Answered:
    found: Answered = {}
    for state, datasets, fields, *people in rows:
        # Nobody answered: there is the purpose alone.
        if state is not None:
            cover = Cover(_STATES[state], tuple(datasets), tuple(fields))
            for person, consent, begins, ends in zip(*people, strict=True):
                found[person.int] = ConsentFacts(consent, cover, begins, ends)
    return found
