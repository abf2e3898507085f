"""Bring purposes from a file into the database; a text that changed becomes a new published version."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consents.enums import Donation, Nature, TextState
from consents.kinds import ConsentEntry
from consents.models import CATALOGUE, DonationModule, Purpose, PurposeDataset, PurposeText
from consents.rules.giving import Module, flaw_of_modules
from consents.signals import names_algorithms
from consents.texts import LANGUAGES, Parts, Words, text_sha256
from datasources.enums import Basis, CoreProcess
from datasources.models import Dataset, Department
from portal.cities import city_file
from portal.ledger.actions import record
from portal.ledger.actor import Actor

_HERE = Path(__file__).resolve().parent


class PurposeFault(Exception):
    """A file of purposes cannot be loaded; the message names the place and what is wrong."""


def purposes_of(slug: str) -> Path:
    """The file of a city's purposes; NoSuchCity when there is no such city."""
    return city_file(slug, "purposes.toml", catalogue=_HERE)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatasetUse(_Part):
    """Which fields of a dataset are needed, and which may be left out."""

    slug: str
    needed: list[str]
    optional: list[str] = []


class ModuleWords(_Part):
    """What a part of a donation is called, and what it is used for, in one language."""

    name: Words
    why: Words


class ModuleFile(_Part):
    """One part of a donation; `fields` read `dataset.field`."""

    slug: str
    fields: list[str]
    fi: ModuleWords
    sv: ModuleWords
    en: ModuleWords


class PurposeFile(_Part):
    """One purpose."""

    slug: str
    department: str
    basis: Basis
    nature: Nature
    core_process: CoreProcess
    valid_days: int | None = None
    child_decides_from: int = Field(default=13, ge=0, le=15)
    guardian_too: bool = False
    adults_only: bool = False
    special_category: bool = False
    remind_days: list[int] | None = None
    ask_on_arrival: bool = False
    free_because: str = ""
    donation: Donation | None = None
    research_plan: str = ""
    research_leader: str = ""
    module: list[ModuleFile] = []
    suggested_by_algorithm: bool = False
    direct_marketing: bool = False
    algorithms: list[str] = []
    dataset: list[DatasetUse]
    fi: Parts
    sv: Parts
    en: Parts


class _File(_Part):
    purpose: list[PurposeFile]


def read_purposes(path: Path) -> list[PurposeFile]:
    """Every purpose of a file, checked."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text())).purpose
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise PurposeFault(f"{path.name}: it cannot be read ({fault}).") from None
    except ValidationError as fault:
        said = [f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}" for each in fault.errors()]
        raise PurposeFault(f"{path.name}: {'; '.join(said[:5])}") from None


def _algorithms(file: PurposeFile) -> None:
    if file.suggested_by_algorithm and not file.algorithms:
        raise PurposeFault(f"{file.slug}: a program makes suggestions; name its entry in the register of algorithms.")


def _datasets(purpose: Purpose, file: PurposeFile) -> None:
    for use in file.dataset:
        dataset = Dataset.objects.filter(slug=use.slug).prefetch_related("fields").first()
        if dataset is None:
            raise PurposeFault(f"{file.slug}: there is no dataset {use.slug}.")
        known = {field.slug for field in dataset.fields.all()}
        if odd := {*use.needed, *use.optional} - known:
            raise PurposeFault(f"{file.slug}: {use.slug} has no field {', '.join(sorted(odd))}.")
        PurposeDataset.objects.update_or_create(
            purpose=purpose, dataset=dataset, defaults={"needed": use.needed, "optional": use.optional}
        )


def _modules(purpose: Purpose, file: PurposeFile) -> None:
    optional = [f"{use.slug}.{field}" for use in file.dataset for field in use.optional]
    needed = any(use.needed for use in file.dataset)
    modules = [Module(each.slug, each.fields) for each in file.module]
    if flaw := flaw_of_modules(modules, optional, needed=needed, donation=file.donation is not None):
        raise PurposeFault(f"{file.slug}: {flaw}")
    wanted = [
        (each.slug, each.fields, {language: getattr(each, language).model_dump() for language in LANGUAGES})
        for each in file.module
    ]
    there = DonationModule.objects.filter(purpose=purpose).order_by("position")
    if list(there.values_list("slug", "fields", "parts")) == wanted:
        return
    # What people were asked for stays as it was; the database holds it too.
    if purpose.texts.filter(published_at__isnull=False).exists():
        raise PurposeFault(f"{file.slug}: its parts were published; other parts need a purpose of their own.")
    there.delete()
    for position, (slug, fields, parts) in enumerate(wanted):
        DonationModule.objects.create(purpose=purpose, slug=slug, position=position, fields=fields, parts=parts)


def _publish(purpose: Purpose, file: PurposeFile, *, by: Actor, at: datetime) -> bool:
    # A part that a text need not have is left out, so that texts from before it was thought of stay what they are.
    parts: dict[str, Any] = {
        language: getattr(file, language).model_dump(exclude_defaults=True) for language in LANGUAGES
    }
    digest = text_sha256(parts)
    newest = purpose.texts.first()
    if newest is not None and newest.sha256 == digest:
        return False
    purpose.texts.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
    version = newest.version + 1 if newest else 1
    PurposeText.objects.create(
        purpose=purpose,
        version=version,
        parts=parts,
        sha256=digest,
        state=TextState.PUBLISHED,
        drafted_by=CATALOGUE,
        drafted_at=at,
        published_at=at,
    )
    record(
        ConsentEntry.PURPOSE_PUBLISHED,
        by=by,
        at=at,
        department=file.department,
        purpose=file.slug,
        datasets=[use.slug for use in file.dataset],
        counts={"version": version},
    )
    return True


def _taken_over(slug: str) -> bool:
    """Staff began a text of their own, or closed the purpose: from then on the file does not rule it."""
    theirs = PurposeText.objects.filter(purpose__slug=slug).exclude(drafted_by=CATALOGUE)
    return theirs.exists() or Purpose.objects.filter(slug=slug, closed_at__isnull=False).exists()


def load(path: Path, *, by: Actor, at: datetime) -> int:
    """Load and publish; how many texts are new. Within the staff's scope."""
    new = 0
    for file in read_purposes(path):
        department = Department.objects.filter(slug=file.department).first()
        if department is None:
            raise PurposeFault(f"{file.slug}: there is no department {file.department}.")
        if _taken_over(file.slug):
            continue
        _algorithms(file)
        purpose, _ = Purpose.objects.update_or_create(
            slug=file.slug,
            defaults={
                "department": department,
                "basis": file.basis,
                "nature": file.nature,
                "core_process": file.core_process,
                "valid_days": file.valid_days,
                "child_decides_from": file.child_decides_from,
                "guardian_too": file.guardian_too,
                "adults_only": file.adults_only,
                "special_category": file.special_category,
                "remind_days": file.remind_days or ([30, 7] if file.special_category else [30]),
                "ask_on_arrival": file.ask_on_arrival,
                "free_because": file.free_because,
                "donation": file.donation or "",
                "research_plan": file.research_plan,
                "research_leader": file.research_leader,
                "suggested_by_algorithm": file.suggested_by_algorithm,
                "direct_marketing": file.direct_marketing,
            },
        )
        _datasets(purpose, file)
        _modules(purpose, file)
        names_algorithms.send(Purpose, purpose=purpose, slugs=file.algorithms, at=at)
        new += _publish(purpose, file, by=by, at=at)
    return new
