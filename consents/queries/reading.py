"""Reading purposes and answers. A read starts from the person; row security holds the same line below."""

from itertools import takewhile
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from consents.enums import Change, ConsentState, TextState
from consents.models import Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from consents.queries.gone import is_asked_for_what_is_gone, needs_what_is_gone
from consents.rules.acting import GUARDIAN, OWN

_WITH_TEXT = ("purpose__department", "text")
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
