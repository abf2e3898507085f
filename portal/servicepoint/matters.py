"""What an opened person can be helped with: the published questions of the staff member's departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent, Purpose, PurposeText
from consents.queries.reading import asked_datasets, consents_of, questions
from consents.queries.texts import field_names
from consents.queries.voices import deciders_of
from consents.rules.acting import OWN, Says, Voice, voice
from consents.rules.lifecycle import may_withdraw
from portal.pages.data_names import listed
from portal.pages.permission_cards import in_language
from portal.people.actions import names_of
from portal.people.behalf.powers import birth_of
from portal.people.models import Person, User
from portal.walls.scope import ALL_DEPARTMENTS


@dataclass(frozen=True)
class Question:
    """A purpose with its published text, and the person's answer to it, if any. `answers`: it is theirs to answer."""

    purpose: Purpose
    text: PurposeText
    consent: Consent | None
    answers: bool

    @property
    def name(self) -> str:
        """In the language of the page."""
        return in_language(self.text)["name"]

    @property
    def state(self) -> ConsentState | None:
        """How it stands; None: never asked."""
        return ConsentState(self.consent.state) if self.consent else None

    @property
    def may_stop(self) -> bool:
        """There is something to take back; that the person may at any age."""
        return self.state is not None and may_withdraw(self.state)


def name_of_person(person: UUID) -> str:
    """As strong identification or an identity document told it; within a scope that covers the person."""
    names = names_of(Person.objects.get(pk=person))
    return f"{names.given} {names.family}".strip()


def says_of(person: UUID) -> Says:
    """The person answers for themselves."""
    return Says(OWN, birth_of(person))


def questions_for(person: UUID, staff: User, *, today: date) -> list[Question]:
    """Every published question of the staff member's departments, by name; within a scope that covers the person."""
    held = {consent.purpose_id: consent for consent in consents_of(person)}
    side, found = says_of(person), []
    for purpose, text in questions():
        if ALL_DEPARTMENTS in staff.departments or purpose.department.slug in staff.departments:
            answers = voice(side, deciders_of(purpose), today=today) is Voice.ANSWERS
            found.append(Question(purpose, text, held.get(purpose.pk), answers))
    return found


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
