"""Writing an entry and having it approved. Each step runs in the staff's scope, one transaction with its entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.judging import datasets_named, version_judged
from consents.algorithms.kinds import AlgorithmEntry
from consents.algorithms.models import Algorithm, AlgorithmVersion, StateChange
from consents.algorithms.parts import PARTS, Texts, entry_sha256
from consents.algorithms.publishing.steps import by_department, held_algorithm, tell
from consents.enums import UNDER_WAY, StepKind
from consents.manuscripts import writing
from consents.manuscripts.faults import UnderWay
from consents.manuscripts.steps import Kind
from consents.texts import LANGUAGES
from portal.ledger.actor import Actor

NOTHING = {language: dict.fromkeys(PARTS, "") for language in LANGUAGES}
ENTRIES = Kind(
    model=AlgorithmVersion,
    columns=("parts", "facts", "datasets"),
    part_names=PARTS,
    entries={
        StepKind.SAVED: AlgorithmEntry.SAVED,
        StepKind.SENT: AlgorithmEntry.SENT,
        StepKind.APPROVED: AlgorithmEntry.APPROVED,
        StepKind.SENT_BACK: AlgorithmEntry.SENT_BACK,
        StepKind.PUBLISHED: AlgorithmEntry.PUBLISHED,
    },
    subject_held=held_algorithm,
    by_department=by_department,
    sha256=lambda row: entry_sha256(row.parts, row.facts, row.datasets),
    judged=version_judged,
    # The checks see all of an entry.
    fit=lambda _: None,
    named=lambda row: {"datasets": row.datasets, "reference": f"algorithm {row.algorithm.slug}"},
)


@transaction.atomic
def make_algorithm(algorithm: Algorithm, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """Save a new algorithm of one's own department, as an idea, and begin its first entry."""
    by_department(algorithm, by)
    algorithm.state, algorithm.state_since_at = AlgorithmState.IDEA, at
    algorithm.save(force_insert=True)
    entry = tell(algorithm, AlgorithmEntry.MADE, by=by, at=at)
    StateChange.objects.create(
        algorithm=algorithm,
        after=AlgorithmState.IDEA,
        reason=dict.fromkeys(LANGUAGES, ""),
        at=at,
        by=by.id,
        entry_id=entry,
    )
    return writing.begin(ENTRIES, algorithm, version=1, parts=NOTHING, facts={}, by=by, at=at)


@transaction.atomic
def begin_version(algorithm: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """A draft beside the published entry, beginning with what it says. NotTheDepartment; UnderWay if there is one."""
    row = held_algorithm(algorithm)
    by_department(row, by)
    if row.versions.filter(state__in=UNDER_WAY).exists():
        raise UnderWay
    newest = row.versions.order_by("-version")[0]
    said = {column: getattr(newest, column) for column in ENTRIES.columns}
    return writing.begin(ENTRIES, row, version=newest.version + 1, **said, by=by, at=at)


@transaction.atomic
def draft_entry(
    version: UUID,
    *,
    parts: Texts,
    facts: Mapping[str, Any],
    datasets: Sequence[str],
    revision: int,
    by: Actor,
    at: datetime,
) -> AlgorithmVersion:
    """Save a draft; `revision` is the one that was before the writer. Nothing changed is nothing saved.

    SavedMeanwhile when someone saved after that; NotNow when it was sent; NotTheDepartment, NoSuchData.
    """
    row = writing.held_draft(ENTRIES, version, revision=revision, by=by)
    datasets_named(datasets)
    new, reads = writing.whole(ENTRIES, parts), sorted(set(datasets))
    changed = writing.parts_changed(ENTRIES, row, new)
    changed += [name for name in sorted({*facts, *row.facts}) if facts.get(name) != row.facts.get(name)]
    if reads != sorted(row.datasets):
        changed.append("datasets")
    written = {"parts": new, "facts": dict(facts), "datasets": reads}
    return writing.save(ENTRIES, row, written, changed=changed, by=by, at=at)


def send_for_approval(version: UUID, *, revision: int, by: Actor, at: datetime) -> AlgorithmVersion:
    """SavedMeanwhile, NotNow, NotTheDepartment, LintFailed, NoSuchData."""
    return writing.send_for_approval(ENTRIES, version, revision=revision, by=by, at=at)


def approve(version: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """NotNow, NotTheOfficer, OwnText; the checks must still pass."""
    return writing.approve(ENTRIES, version, by=by, at=at)


def send_back(version: UUID, *, reason: str, by: Actor, at: datetime) -> AlgorithmVersion:
    """NotNow, NotTheOfficer, ReasonMissing."""
    return writing.send_back(ENTRIES, version, reason=reason, by=by, at=at)


def publish(version: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """NotNow, NotTheDepartment; the checks must still pass."""
    return writing.publish(ENTRIES, version, by=by, at=at)
