"""One purpose with two optional fields, one person who is asked, and what is done with the permission."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from consents.actions import answering, ending, requesting
from consents.actions.traces import Shown
from consents.enums import Change, OldAnswers, TextState
from consents.models import CATALOGUE, Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from consents.publishing.settling import settle_answers
from consents.queries.rebuilding import Astray, astray
from consents.texts import text_sha256
from datasources.models import Dataset
from portal.ledger.actor import resident, system
from portal.walls import Role, scope
from tests.consents.conftest import swimming

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CITY = system("tests")
DATASET = "sports-courses"
NEEDED = ("sports-courses.course", "sports-courses.starts_on")
OPTIONAL = ("sports-courses.ends_on", "sports-courses.place")
DAYS = 365


class Asked:
    """A resident's side and the city's side, each in its own scope. `consent` is the current row."""

    def __init__(self, *, at: datetime = NOW, person: UUID | None = None) -> None:
        self.person: UUID = person or uuid4()
        with scope(Role.STAFF, departments=["*"]):
            slug = f"reminders-{uuid4().hex[:8]}"
            dataset = Dataset.objects.get(slug=DATASET)
            facts = {"basis": "a", "nature": "consent", "core_process": "customer_relations", "valid_days": DAYS}
            self.purpose = Purpose.objects.create(slug=slug, department=dataset.register.department, **facts)
            short = {kind: [name.split(".")[1] for name in names] for kind, names in _FIELDS.items()}
            PurposeDataset.objects.create(purpose=self.purpose, dataset=dataset, **short)
        self.publish(at=at)
        with scope(Role.RESIDENT, persons=[self.person]):
            self.id = requesting.request_consent(self.purpose, person=self.person, by=CITY, at=at).pk

    def publish(self, *, at: datetime, old_answers: OldAnswers | None = None) -> PurposeText:
        """A new version of the text, which is a change unless it is the first; the one before is replaced."""
        with scope(Role.STAFF, departments=["*"]):
            version = self.purpose.texts.count() + 1
            self.purpose.texts.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
            parts = {language: told | {"name": f"Version {version}"} for language, told in swimming().items()}
            facts = {"parts": parts, "sha256": text_sha256(parts), "state": TextState.PUBLISHED, "published_at": at}
            facts |= {"drafted_by": CATALOGUE, "drafted_at": at}
            if old_answers:
                facts |= {"change": Change.CHANGE, "old_answers": old_answers}
            self.text = PurposeText.objects.create(purpose=self.purpose, version=version, **facts)
        return self.text

    @property
    def consent(self) -> Consent:
        with scope(Role.RESIDENT, persons=[self.person]):
            return Consent.objects.get(pk=self.id)

    @property
    def events(self) -> list[ConsentEvent]:
        with scope(Role.RESIDENT, persons=[self.person]):
            return list(ConsentEvent.objects.filter(consent=self.id).order_by("number"))

    def shown(self, text: PurposeText | UUID | None = None) -> Shown:
        """What the person has before them: the text asked with now, or another."""
        told = text or self.text
        return Shown(text=told if isinstance(told, UUID) else told.pk, language="en")

    def ask(self, *, at: datetime) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            requesting.request_consent(self.purpose, person=self.person, by=CITY, at=at)

    def give(self, optional: Sequence[str] = (), *, at: datetime, text: PurposeText | None = None) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            answering.give(self.id, shown=self.shown(text), optional=optional, by=resident(self.person), at=at)

    def change(self, optional: Sequence[str], *, at: datetime) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            shown = self.shown(self.consent.text_id)
            answering.change(self.id, shown=shown, optional=optional, by=resident(self.person), at=at)

    def renew(self, *, at: datetime) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            answering.renew(self.id, shown=self.shown(self.consent.text_id), by=resident(self.person), at=at)

    def refuse(self, *, at: datetime, text: PurposeText | None = None) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            answering.refuse(self.id, shown=self.shown(text), by=resident(self.person), at=at)

    def withdraw(self, *, at: datetime) -> None:
        with scope(Role.RESIDENT, persons=[self.person]):
            answering.withdraw(self.id, shown=self.shown(), by=resident(self.person), at=at)

    def suspend(self, *, at: datetime) -> None:
        with scope(Role.WORKER):
            ending.suspend(self.id, by=CITY, at=at)

    def resume(self, *, at: datetime) -> None:
        with scope(Role.WORKER):
            ending.resume(self.id, by=CITY, at=at)

    def expire_due(self, *, at: datetime) -> int:
        with scope(Role.WORKER):
            return ending.expire_due(by=CITY, at=at)

    def settle(self, *, at: datetime) -> int:
        with scope(Role.WORKER):
            return settle_answers(self.purpose.pk, by=CITY, at=at)

    def astray(self) -> list[Astray]:
        with scope(Role.WORKER):
            return list(astray())


_FIELDS = {"needed": NEEDED, "optional": OPTIONAL}
YEAR = timedelta(days=DAYS)
