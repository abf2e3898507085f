"""Entries and those who write, approve and publish them."""

import copy
from typing import Any

from consents.algorithms.catalogue import read_algorithms
from consents.algorithms.models import Algorithm, AlgorithmVersion
from consents.algorithms.parts import facts_json
from consents.algorithms.publishing.drafting import approve, draft_entry, make_algorithm, publish, send_for_approval
from datasources.models import Department
from tests.consents.conftest import AT, KEEPER, OFFICER, officer, staff
from tests.residents import ALGORITHMS

Parts = dict[str, dict[str, str]]


def texts() -> Parts:
    """Texts that pass: those of the exercise groups in the city's file."""
    return copy.deepcopy(read_algorithms(ALGORITHMS)[0].parts)


def facts(**more: Any) -> dict[str, Any]:
    """Facts of the same, with some of them otherwise."""
    return {**facts_json(read_algorithms(ALGORITHMS)[0].facts), **more}


def begun(slug: str = "boat-places") -> AlgorithmVersion:
    """An algorithm of sports, with its first entry, empty."""
    with staff():
        algorithm = Algorithm(slug=slug, department=Department.objects.get(slug="sports"))
        return make_algorithm(algorithm, by=KEEPER, at=AT)


def written(version: AlgorithmVersion, parts: Parts | None = None, **more: Any) -> AlgorithmVersion:
    with staff():
        return draft_entry(
            version.pk,
            parts=parts or texts(),
            facts=facts(**more),
            datasets=["sports-courses"],
            revision=version.revision,
            by=KEEPER,
            at=AT,
        )


def sent(version: AlgorithmVersion) -> AlgorithmVersion:
    with staff():
        return send_for_approval(version.pk, revision=version.revision, by=KEEPER, at=AT)


def approved(version: AlgorithmVersion) -> AlgorithmVersion:
    with officer():
        return approve(sent(version).pk, by=OFFICER, at=AT)


def published(version: AlgorithmVersion) -> AlgorithmVersion:
    with staff():
        return publish(approved(version).pk, by=KEEPER, at=AT)
