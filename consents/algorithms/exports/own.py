"""Our own form: everything that an entry holds, in three languages, with its history."""

from typing import Any

from consents.algorithms.exports.telling import Telling
from consents.algorithms.models import AlgorithmVersion
from consents.algorithms.reading import Entry

FORMAT = "algorithm-register-1"


def own(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """Every version that was published, newest first, with its fingerprint; every state, oldest first, with why."""
    algorithm = entry.algorithm
    return {
        "format": FORMAT,
        "id": str(algorithm.pk),
        "slug": algorithm.slug,
        "address": Telling(entry, language, base).page,
        "department": algorithm.department.slug,
        "state": algorithm.state,
        "state_since": algorithm.state_since_at.isoformat(),
        "entry": _version(entry.now),
        "datasets": [{"slug": each.slug, "register": each.register, "name": dict(each.name)} for each in entry.data],
        "purposes": [{"slug": each.slug, "basis": each.basis, "name": dict(each.name)} for each in entry.purposes],
        "states": [
            {"before": each.before, "after": each.after, "at": each.at.isoformat(), "reason": each.reason}
            for each in entry.changes
        ],
        "history": [_version(each) for each in entry.versions if each.pk != entry.now.pk],
    }


def own_flat(entry: Entry, *, language: str, base: str) -> dict[str, Any]:
    """For a table: the entry as it is now, one language, without its history."""
    told = own(entry, language=language, base=base)
    now = told.pop("entry")
    del told["history"], told["states"]
    told["datasets"] = [each["slug"] for each in told["datasets"]]
    told["purposes"] = [each["slug"] for each in told["purposes"]]
    return {**told, "version": now["version"], "sha256": now["sha256"], **now["facts"], **now["parts"][language]}


def _version(row: AlgorithmVersion) -> dict[str, Any]:
    return {
        "version": row.version,
        "published_at": row.published_at.isoformat() if row.published_at else "",
        "sha256": row.sha256,
        "parts": row.parts,
        "facts": row.facts,
        "datasets": row.datasets,
    }
