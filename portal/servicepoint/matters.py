"""What an opened person can be helped with: the published questions of the staff member's departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent, Purpose, PurposeText
from consents.queries.brought import uses_what_was_brought
from consents.queries.reading import asked_datasets, consents_of, given_by, questions
from consents.queries.texts import field_names
from consents.queries.voices import deciders_of, voice_about
from consents.rules.acting import OWN, Says, Voice, voice
from portal.pages.data_names import listed
from portal.pages.matters import may_take_back
from portal.pages.permission_cards import in_language
from portal.people.actions import names_of
from portal.people.behalf.powers import birth_of
from portal.people.behalf.rules import Power
from portal.people.models import Person, User
from portal.walls.scope import ALL_DEPARTMENTS

_STANDING = {ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING}


@dataclass(frozen=True)
class AtDesk:
    """Whose matters it is, and, where somebody acts for them, who is at the desk and what they may do."""

    person: UUID
    born: date
    actor: UUID | None = None
    power: Power | None = None

    def says(self, department: str) -> Says:
        """From whose side an answer comes that is given here to a question of this department."""
        if self.power is None:
            return Says(OWN, self.born)
        agree = self.power.must_agree(department)
        return Says(self.power.right.value, self.born, agree, who=str(self.actor))


@dataclass(frozen=True)
class Question:
    """A purpose with its published text, and the person's answer to it, if any.

    `voice`: what whoever is at the desk may do about it; `may_stop`: there is something that they may take back;
    `half`: they said yes, and it waits for another guardian.
    """

    purpose: Purpose
    text: PurposeText
    consent: Consent | None
    voice: Voice
    may_stop: bool = False
    half: bool = False

    @property
    def answers(self) -> bool:
        """It is theirs to answer."""
        return self.voice is Voice.ANSWERS

    @property
    def name(self) -> str:
        """In the language of the page."""
        return in_language(self.text)["name"]

    @property
    def state(self) -> ConsentState | None:
        """How it stands; None: never asked."""
        return ConsentState(self.consent.state) if self.consent else None


def name_of_person(person: UUID) -> str:
    """As strong identification or an identity document told it; within a scope that covers the person."""
    names = names_of(Person.objects.get(pk=person))
    return f"{names.given} {names.family}".strip()


def at_desk(person: UUID, *, actor: UUID | None, power: Power | None) -> AtDesk:
    """Within a scope that covers the person."""
    return AtDesk(person, birth_of(person), actor, power)


def questions_for(side: AtDesk, staff: User, *, today: date) -> list[Question]:
    """Published questions of the staff member's departments that whoever is at the desk may know of, by name.

    Within a scope that covers the person.
    """
    held = {consent.purpose_id: consent for consent in consents_of(side.person)}
    found = []
    alone = set(Purpose.objects.filter(uses_what_was_brought("pk")).values_list("pk", flat=True))
    for purpose, text in questions():
        if purpose.pk in alone:
            # What people bring from watches and phones is answered by their own log-in only.
            continue
        department = purpose.department.slug
        ours = ALL_DEPARTMENTS in staff.departments or department in staff.departments
        if ours and (side.power is None or side.power.covers(department)):
            question = _question(side, purpose, text, held.get(purpose.pk), today=today)
            if _is_known(side, question):
                found.append(question)
    return found


def _question(side: AtDesk, purpose: Purpose, text: PurposeText, consent: Consent | None, *, today: date) -> Question:
    says = side.says(purpose.department.slug)
    if consent is None:
        return Question(purpose, text, None, voice(says, deciders_of(purpose), today=today))
    speaks = voice_about(consent, says, today=today)
    may_stop = may_take_back(consent, says, speaks=speaks is Voice.ANSWERS)
    half = consent.state == ConsentState.PENDING and says.who in given_by(consent)[1]
    return Question(purpose, text, consent, speaks, may_stop, half)


def _is_known(side: AtDesk, question: Question) -> bool:
    """To somebody who acts for the person: what they may answer or read, and what stands and they may take back."""
    if side.power is None:
        return True
    stands = question.state in _STANDING
    offered = side.power.offers(question.purpose.department.slug) or stands
    return offered and (question.voice is not Voice.NOTHING or (stands and question.may_stop))


def data_of(purpose: Purpose) -> tuple[str, ...]:
    """The data that is asked for, needed or not, in the language in force."""
    rows = asked_datasets(purpose)
    names = field_names(f"{row.dataset.slug}.{field}" for row in rows for field in (*row.needed, *row.optional))
    return listed(names, names)


def offered_of(purpose: Purpose) -> Sequence[tuple[str, str]]:
    """(dataset.field, label) of what may be left out."""
    return [
        (f"{row.dataset.slug}.{field.slug}", f"{row.dataset.name}: {field.label}")
        for row in asked_datasets(purpose)
        for field in row.dataset.fields.all()
        if field.slug in row.optional
    ]
