"""Data that is wrong: which field, what is right, what shows it; and the source that shows one day that it changed.

GDPR 16, 19 and 18(1)(a). The facts are the keeper's to correct, where they are kept; our copy follows by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.utils.translation import override

from consents.actions.announcing import announce
from consents.actions.limiting import Wanted, hold_back, settle
from consents.enums import AnnouncementKind, Ground
from consents.queries.limiting import who_uses
from consents.rules.limiting import Came
from datasources.queries.sheets import DatasetSheet, sheet_of
from datasources.rules.showing import Value
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, person_key
from portal.keys.seals import place, seal, unseal
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell
from portal.notices.enums import NoticeKind
from portal.requests.actions import Asked, leave, make_request
from portal.requests.correction_models import Correction, Evidence
from portal.requests.enums import RequestKind
from portal.requests.errors import AlreadyToldWrong, NothingToCorrect
from portal.requests.evidence import MOST_FILES, Flaw, NotEvidence, kind_of
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.requests.scanning import scan
from portal.walls import Role, scope

_BATCH = 200


@dataclass(frozen=True)
class Told:
    """What stands sealed: the record as it was shown (label and text), the held text, the right one.

    `language` is that of the texts; `count` in how many records the field had that text.
    """

    label: str
    held: str = field(repr=False)
    told: str = field(repr=False)
    record: list[tuple[str, str]] = field(repr=False)
    count: int
    language: str


@dataclass(frozen=True)
class File:
    """One file as it came, whose kind was looked at."""

    name: str = field(repr=False)
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Wrong:
    """What the person says: the field `slug` of the `record`th record from 1, and what is right; `hold` its use."""

    record: int
    slug: str
    told: str = field(repr=False)
    said: str = field(default="", repr=False)
    hold: bool = False
    files: tuple[File, ...] = ()


def files_of(came: Sequence[tuple[str, bytes]]) -> tuple[File, ...]:
    """Files that may be kept, (name, content) as they came; NotEvidence for the first that may not."""
    if len(came) > MOST_FILES:
        raise NotEvidence(Flaw.TOO_MANY)
    files = tuple(File(name, kind_of(content).value, content) for name, content in came)
    for file in files:
        scan(file.content)
    return files


def record_in(sheet: DatasetSheet, number: int) -> tuple[Value, ...]:
    """What the `number`th record, from 1, shows; nothing when there is no such record."""
    return sheet.records[number - 1].values if 1 <= number <= len(sheet.records) else ()


def ask_correction(
    sheet: DatasetSheet, wrong: Wrong, *, person: UUID, language: str, by: Actor, at: datetime, at_once: bool = True
) -> Request:
    """Within the person's scope. Pressed twice, it is one request.

    AlreadyToldWrong while something else in the same data waits: nothing is added to what the keeper is reading.
    NothingToCorrect when there is no such field to be seen, it says so already, or it is corrected in the population
    register. `at_once`: see `hold_back`.
    """
    values = record_in(sheet, wrong.record)
    kept_here = (each for each in values if each.slug not in sheet.copied)
    value = next((each for each in kept_here if each.slug == wrong.slug), None)
    if value is None or value.text == wrong.told:
        raise NothingToCorrect
    register = sheet.dataset.register
    department, dataset = register.department.slug, sheet.dataset.slug
    asked = Asked(RequestKind.CORRECT, wrong.said, department, register.slug, dataset)
    request, new = make_request(asked, person=person, language=language, by=by, at=at)
    if not new:
        return _the_same(request, wrong)
    told = Told(
        label=value.label,
        held=value.text,
        told=wrong.told,
        record=[(each.label, each.text) for each in values],
        count=_count(sheet, wrong.slug, value.text),
        language=language,
    )
    _keep(request, wrong, told, at=at)
    if wrong.hold:
        wanted = Wanted(department, Ground.ACCURACY, dataset=dataset)
        hold_back(wanted, person=person, request=request.pk, by=by, at=at, at_once=at_once)
    return request


def _the_same(request: Request, wrong: Wrong) -> Request:
    before = correction_of(request)
    if before is None or before.told.told != wrong.told or before.slug != wrong.slug:
        raise AlreadyToldWrong
    return request


def _keep(request: Request, wrong: Wrong, told: Told, *, at: datetime) -> None:
    key = person_key(request.person_id, KeyScope.REQUESTS)
    whose = {"request": request, "person_id": request.person_id, "department": request.department}
    sealed = seal(key, msgspec.json.encode(told), aad=told_place(request.pk))
    Correction.objects.create(**whose, dataset=request.dataset, field=wrong.slug, sealed_told=sealed, asked_at=at)
    for file in wrong.files:
        row = Evidence(id=uuid4(), **whose, kind=file.kind, size=len(file.content), came_at=at)
        row.sealed_name = seal(key, file.name.encode(), aad=evidence_place(row.pk, "name"))
        row.sealed_body = seal(key, file.content, aad=evidence_place(row.pk, "body"))
        row.save(force_insert=True)


def told_place(request: UUID) -> bytes:
    """Where what was told to be wrong stands sealed."""
    return place("requests_correction", "told", request)


def evidence_place(evidence: UUID, part: str) -> bytes:
    """Where the `name` or the `body` of a file stands sealed."""
    return place("requests_evidence", part, evidence)


def _count(sheet: DatasetSheet, slug: str, text: str) -> int:
    return sum(value.slug == slug and value.text == text for each in sheet.records for value in each.values)


# ---- what was told, opened ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """A correction of the field `slug` as a page shows it; `files` are (id, name, kind, size in bytes)."""

    slug: str
    told: Told
    files: list[tuple[UUID, str, str, int]] = field(repr=False)
    promised_at: datetime | None
    seen_at: datetime | None


def told_in(row: Correction, key: bytes) -> Told:
    """What the person said is wrong, opened with their key."""
    return msgspec.json.decode(unseal(key, bytes(row.sealed_told), aad=told_place(row.pk)), type=Told)


def evidence_in(row: Evidence, part: str, key: bytes) -> bytes:
    """The `name` or the `body` of a file that was sent along, opened with the person's key."""
    return unseal(key, bytes(getattr(row, f"sealed_{part}")), aad=evidence_place(row.pk, part))


def correction_of(request: Request) -> Shown | None:
    """Opened within a scope of the person; None where there is none, or no key any more."""
    row = Correction.objects.filter(request=request).first()
    key = existing_person_keys([request.person_id], KeyScope.REQUESTS).get(request.person_id)
    if row is None or key is None:
        return None
    told = msgspec.json.decode(unseal(key, bytes(row.sealed_told), aad=told_place(request.pk)), type=Told)
    files = Evidence.objects.filter(request=request).defer("sealed_body")
    named = [(each.pk, evidence_in(each, "name", key).decode(), each.kind, each.size) for each in files]
    return Shown(row.field, told, named, row.promised_at, row.seen_at)


def take_evidence(
    request: Request, evidence: UUID, *, staff: Sequence[str], by: Actor, at: datetime
) -> tuple[bytes, str] | None:
    """(content, kind) of a file of this request; None: no such file, or no key any more. Opens its own scope."""
    with scope(Role.STAFF, persons=[request.person_id], departments=staff):
        row = Evidence.objects.filter(pk=evidence, request=request).first()
        key = existing_person_keys([request.person_id], KeyScope.REQUESTS).get(request.person_id)
        if row is None or key is None:
            return None
        leave(RequestEntry.EVIDENCE_TAKEN, request, by=by, at=at)
        return evidence_in(row, "body", key), row.kind


# ---- what comes of it -----------------------------------------------------------------------------------------------
def promise(request: UUID, *, at: datetime) -> None:
    """Staff answered that it will be corrected: from now on the source is watched. Worker's scope."""
    Correction.objects.filter(request=request, promised_at=None).update(promised_at=at)


def corrections_waited_for(*, after: UUID | None, limit: int = _BATCH) -> list[Correction]:
    """Those whose source is watched, by id; worker's scope."""
    rows = Correction.objects.filter(promised_at__isnull=False, seen_at=None).order_by("request_id")
    return list((rows.filter(request_id__gt=after) if after else rows)[:limit])


def look_again(correction: Correction, *, by: Actor, at: datetime) -> bool:
    """Whether the source has changed: the person hears of it, and who may use the data. Worker's scope of the person.

    It has when the field reads less often what was wrong than when that was said.
    """
    row = Correction.objects.select_for_update().filter(pk=correction.pk, seen_at=None).first()
    key = existing_person_keys([correction.person_id], KeyScope.REQUESTS).get(correction.person_id)
    if row is None or key is None or row.promised_at is None:
        return False
    told = told_in(row, key)
    with override(told.language):
        sheet = sheet_of(row.person_id, row.dataset)
    if sheet is None or sheet.changed_at is None or sheet.changed_at <= row.asked_at:
        return False
    if _count(sheet, row.field, told.held) >= told.count:
        return False
    _see(row, by=by, at=at)
    return True


def _see(row: Correction, *, by: Actor, at: datetime) -> None:
    row.seen_at = at
    row.save(update_fields=["seen_at"])
    record(
        RequestEntry.CORRECTED,
        by=by,
        about=row.person_id,
        at=at,
        department=row.department,
        datasets=[row.dataset],
        reference=row.request.number,
    )
    tell(row.person_id, NoticeKind.CORRECTED, by=by, at=at, asked_for=True)
    for department, datasets in who_uses([row.dataset], keeper=row.department).items():
        announce(
            AnnouncementKind.DATA_CORRECTED,
            person=row.person_id,
            department=department,
            datasets=datasets,
            must_act=False,
            at=at,
        )
    settle(row.request_id, Came.OVER, by=by, at=at)
