"""What a person may stop an algorithm from: by which basis, whose it is, and what it is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consents.algorithms.models import Algorithm, AlgorithmVersion
from consents.enums import Ground, TextState
from consents.rules.limiting import OBJECTIONABLE
from consents.rules.programs import RUNNING, basis_to_object_by


@dataclass(frozen=True)
class Stoppable:
    """An algorithm as a person may stop it. `basis`: that by which (GDPR 6(1)), empty where there is no such right.

    `runs`: it is in use or piloted. `words`: the parts of its entry, in one language.
    """

    slug: str
    department: str
    whose: str
    basis: str
    runs: bool
    words: Mapping[str, str]

    @property
    def ground(self) -> Ground:
        """An objection is weighed; that no program be used for what was permitted is not."""
        return Ground.SITUATION if self.basis in OBJECTIONABLE else Ground.OPT_OUT


def stoppable(slug: str, language: str) -> Stoppable | None:
    """The algorithm by its published entry; None where there is none. Three statements."""
    rows = Algorithm.objects.filter(slug=slug, versions__state=TextState.PUBLISHED)
    algorithm = rows.select_related("department").prefetch_related("purposes").first()
    if algorithm is None:
        return None
    words = AlgorithmVersion.objects.get(algorithm=algorithm, state=TextState.PUBLISHED).parts[language]
    bases = [each.basis for each in algorithm.purposes.all() if each.closed_at is None]
    department, runs = algorithm.department, algorithm.state in RUNNING
    return Stoppable(slug, department.slug, department.everyday_name, basis_to_object_by(bases), runs, words)


def names_of(slugs: Iterable[str], language: str) -> dict[str, str]:
    """{slug: its name in the published entry}; one statement, or none for none."""
    wanted = {slug for slug in slugs if slug}
    if not wanted:
        return {}
    rows = AlgorithmVersion.objects.filter(algorithm__slug__in=wanted, state=TextState.PUBLISHED)
    return {row.algorithm.slug: row.parts[language]["name"] for row in rows.select_related("algorithm")}
