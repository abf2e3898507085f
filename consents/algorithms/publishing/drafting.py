"""Writing an entry and having it approved. Each step runs in the staff's scope, one transaction with its entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.judging import datasets_named, version_judged
from consents.algorithms.kinds import AlgorithmEntry
from consents.algorithms.models import Algorithm, AlgorithmStep, AlgorithmVersion, StateChange
from consents.algorithms.parts import PARTS, Texts, entry_sha256
from consents.algorithms.publishing.steps import by_department, held_algorithm, held_version, leave_step, tell
from consents.enums import UNDER_WAY, StepKind, TextState
from consents.publishing.faults import LintFailed, OwnText, ReasonMissing, SavedMeanwhile, UnderWay
from consents.publishing.steps import by_officer
from consents.texts import LANGUAGES
from portal.ledger.actor import Actor

NOTHING = {language: dict.fromkeys(PARTS, "") for language in LANGUAGES}


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
    return _begun(algorithm, 1, NOTHING, {}, [], by=by, at=at)


@transaction.atomic
def begin_version(algorithm: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """A draft beside the published entry, beginning with what it says. NotTheDepartment; UnderWay if there is one."""
    row = held_algorithm(algorithm)
    by_department(row, by)
    if row.versions.filter(state__in=UNDER_WAY).exists():
        raise UnderWay
    newest = row.versions.order_by("-version")[0]
    return _begun(row, newest.version + 1, newest.parts, newest.facts, newest.datasets, by=by, at=at)


def _begun(
    algorithm: Algorithm,
    version: int,
    parts: Texts,
    facts: Mapping[str, Any],
    datasets: Sequence[str],
    *,
    by: Actor,
    at: datetime,
) -> AlgorithmVersion:
    row = AlgorithmVersion.objects.create(
        algorithm=algorithm,
        version=version,
        parts=parts,
        facts=facts,
        datasets=list(datasets),
        sha256=entry_sha256(parts, facts, datasets),
        drafted_by=by.id,
        drafted_at=at,
    )
    leave_step(row, StepKind.SAVED, AlgorithmEntry.SAVED, by=by, at=at)
    return row


def _whole(parts: Texts) -> dict[str, dict[str, str]]:
    return {language: {part: parts.get(language, {}).get(part, "").strip() for part in PARTS} for language in LANGUAGES}


def _changed(row: AlgorithmVersion, parts: Texts, facts: Mapping[str, Any], datasets: list[str]) -> list[str]:
    """Names of what differs from what is saved."""
    texts = [
        f"{language}.{part}"
        for language in LANGUAGES
        for part in PARTS
        if parts[language][part] != row.parts.get(language, {}).get(part, "")
    ]
    named = [name for name in sorted({*facts, *row.facts}) if facts.get(name) != row.facts.get(name)]
    return texts + named + (["datasets"] if datasets != sorted(row.datasets) else [])


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
    row = held_version(version, TextState.DRAFT)
    by_department(row.algorithm, by)
    if row.revision != revision:
        raise SavedMeanwhile
    datasets_named(datasets)
    new, reads = _whole(parts), sorted(set(datasets))
    changed = _changed(row, new, facts, reads)
    if not changed:
        return row
    row.parts, row.facts, row.datasets = new, dict(facts), reads
    row.sha256 = entry_sha256(new, facts, reads)
    row.revision += 1
    row.drafted_by, row.drafted_at = by.id, at
    row.lint_score = version_judged(row).score
    row.save()
    leave_step(row, StepKind.SAVED, AlgorithmEntry.SAVED, by=by, at=at, counts={"changed": changed})
    return row


def _must_pass(version: AlgorithmVersion) -> int:
    """The score. LintFailed, NoSuchData."""
    report = version_judged(version)
    if not report.passes:
        raise LintFailed(report)
    return report.score


@transaction.atomic
def send_for_approval(version: UUID, *, revision: int, by: Actor, at: datetime) -> AlgorithmVersion:
    """What was read is what is sent: SavedMeanwhile when `revision` is not the last. The checks must pass."""
    row = held_version(version, TextState.DRAFT)
    by_department(row.algorithm, by)
    if row.revision != revision:
        raise SavedMeanwhile
    row.lint_score = _must_pass(row)
    row.state, row.sent_by, row.sent_at = TextState.LINTED, by.id, at
    row.save()
    leave_step(row, StepKind.SENT, AlgorithmEntry.SENT, by=by, at=at, counts={"score": row.lint_score})
    return row


@transaction.atomic
def approve(version: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """By a data protection officer who wrote no word of it (NotTheOfficer, OwnText); the checks must still pass."""
    row = held_version(version, TextState.LINTED)
    by_officer(by)
    writers = AlgorithmStep.objects.filter(version=row, kind=StepKind.SAVED).values_list("by", flat=True)
    if by.id in {row.drafted_by, row.sent_by, *writers}:
        raise OwnText
    row.lint_score = _must_pass(row)
    row.state, row.approved_by, row.approved_at = TextState.APPROVED, by.id, at
    row.save()
    leave_step(row, StepKind.APPROVED, AlgorithmEntry.APPROVED, by=by, at=at)
    return row


@transaction.atomic
def send_back(version: UUID, *, reason: str, by: Actor, at: datetime) -> AlgorithmVersion:
    """To be mended: a draft again, with a reason for its writers. NotTheOfficer, ReasonMissing."""
    row = held_version(version, TextState.LINTED, TextState.APPROVED)
    by_officer(by)
    if not reason.strip():
        raise ReasonMissing
    row.state = TextState.DRAFT
    row.sent_by, row.sent_at, row.approved_by, row.approved_at = "", None, "", None
    row.save()
    leave_step(row, StepKind.SENT_BACK, AlgorithmEntry.SENT_BACK, by=by, at=at, reason=reason.strip())
    return row


@transaction.atomic
def publish(version: UUID, *, by: Actor, at: datetime) -> AlgorithmVersion:
    """Approved becomes published and frozen; the entry before is replaced, and stays to be read."""
    row = held_version(version, TextState.APPROVED)
    by_department(row.algorithm, by)
    row.lint_score = _must_pass(row)
    row.algorithm.versions.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
    row.state, row.published_at = TextState.PUBLISHED, at
    row.save()
    leave_step(row, StepKind.PUBLISHED, AlgorithmEntry.PUBLISHED, by=by, at=at)
    return row
